// The worker that keeps the door's own files, so that it starts without a network, and newer versions of them.

import sharedEn from "../shared/messages/en";
import sharedKo from "../shared/messages/ko";
import en from "./messages/en";
import ko from "./messages/ko";

const WORKER = "/gate-worker.js";
const FONT = '1rem "Pretendard Variable"';

class Updates {
  /** A newer version lies ready. */
  ready = $state(false);
  /** All of the door is on this device: it starts without a network. */
  kept = $state(false);
  #waiting: ServiceWorker | null = null;

  /** Only over https, and only of a built door: `vite dev` has no worker. */
  follow(): void {
    if (!import.meta.env.PROD || !navigator.serviceWorker) return;
    // The first worker takes a page over that it did not serve: that is no new version.
    let isNew = navigator.serviceWorker.controller !== null;
    if (isNew) void this.#keep();
    navigator.serviceWorker.addEventListener("controllerchange", () => {
      if (isNew) location.reload();
      else void this.#keep();
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

  async #keep() {
    this.kept = await keepFonts();
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

/** The worker keeps fonts that pass it: those of every text here, also of what was never shown. */
async function keepFonts(): Promise<boolean> {
  // A text that is a function stands in its own source.
  const texts = [ko, en, sharedKo, sharedEn].flatMap((all) => Object.values(all).map(String));
  // A font that does not come is one that the system has to draw.
  await document.fonts.load(FONT, texts.join("")).catch(() => {});
  const loaded = performance.getEntriesByType("resource").map(({ name }) => name);
  // What came before the worker was there.
  const fonts = loaded.filter((name) => name.endsWith(".woff2")).map((name) => fetch(name));
  return (await Promise.allSettled(fonts)).every(({ status }) => status === "fulfilled");
}

export const updates = new Updates();
