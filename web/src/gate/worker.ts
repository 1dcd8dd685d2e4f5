// Keeps the door's own files, all of one version, so that it starts without a network. Never an answer of the server.

/** What the build writes here: every file of the door, and a name for just these. */
declare const GATE_FILES: string[];
declare const GATE_VERSION: string;

type Waits = Event & { waitUntil(done: Promise<unknown>): void };
type Fetch = Waits & { request: Request; respondWith(answer: Promise<Response>): void };
type Worker = {
  skipWaiting(): Promise<void>;
  clients: { claim(): Promise<void> };
  addEventListener(name: "install" | "activate", heard: (event: Waits) => void): void;
  addEventListener(name: "fetch", heard: (event: Fetch) => void): void;
  addEventListener(name: "message", heard: (event: MessageEvent) => void): void;
};
// TypeScript knows pages and workers, but not both at once.
const worker = self as unknown as Worker;
const PAGE = "/gate/";
const NAME = `gate-${GATE_VERSION}`;

worker.addEventListener("install", (event) => {
  const kept = caches.open(NAME).then((cache) => cache.addAll(GATE_FILES));
  event.waitUntil(kept);
});

worker.addEventListener("activate", (event) => {
  const others = caches
    .keys()
    .then((names) => names.filter((name) => name.startsWith("gate-") && name !== NAME));
  const gone = others.then((names) => Promise.all(names.map((name) => caches.delete(name))));
  event.waitUntil(gone.then(() => worker.clients.claim()));
});

worker.addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request;
  const { origin, pathname } = new URL(url);
  if (method !== "GET" || origin !== location.origin) return;
  if (mode === "navigate") event.respondWith(kept(PAGE, event.request));
  else if (GATE_FILES.includes(pathname)) event.respondWith(kept(pathname, event.request));
  // Fonts come in a hundred pieces: those that were needed once are kept.
  else if (/^\/assets\/.+\.woff2$/.test(pathname)) event.respondWith(keptOnceSeen(event.request));
});

worker.addEventListener("message", (event) => {
  if (event.data === "start") void worker.skipWaiting();
});

async function kept(path: string, request: Request): Promise<Response> {
  return (await caches.match(path, { cacheName: NAME })) ?? fetch(request);
}

async function keptOnceSeen(request: Request): Promise<Response> {
  // A page asks for it in more than one way, and gets the same.
  const known = await caches.match(request, { ignoreVary: true });
  if (known) return known;
  const answer = await fetch(request);
  if (answer.ok) await (await caches.open(NAME)).put(request, answer.clone());
  return answer;
}

export {};
