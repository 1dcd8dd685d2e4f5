// The worker that keeps the door's own files, so that it starts without a network, and newer versions of them.

const WORKER = "/gate-worker.js";

class Updates {
  /** A newer version lies ready. */
  ready = $state(false);
  #waiting: ServiceWorker | null = null;

  /** Only over https, and only of a built door: `vite dev` has no worker. */
  follow(): void {
    if (!import.meta.env.PROD || !navigator.serviceWorker) return;
    // The first worker takes a page over that it did not serve: that is no new version.
    let isNew = navigator.serviceWorker.controller !== null;
    navigator.serviceWorker.addEventListener("controllerchange", () => {
      if (isNew) location.reload();
      isNew = true;
    });
    // Without it the door needs a network to start, which is no reason not to start.
    navigator.serviceWorker.register(WORKER, { scope: "/gate" }).then(
      (registration) => {
        this.#offer(registration.waiting);
        registration.addEventListener("updatefound", () => {
          const found = registration.installing;
          found?.addEventListener("statechange", () => this.#offer(registration.waiting));
        });
      },
      () => {},
    );
  }

  #offer(waiting: ServiceWorker | null) {
    if (!waiting || !navigator.serviceWorker.controller) return;
    [this.#waiting, this.ready] = [waiting, true];
  }

  /** Starts the newer version, now that nobody stands before the door. */
  start(): void {
    this.#waiting?.postMessage("start");
  }
}

export const updates = new Updates();
