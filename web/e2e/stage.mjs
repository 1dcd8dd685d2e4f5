// What the end-to-end tests play on: a server, a network that can be cut, a browser, and an organiser.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";
import { preview, runnerImport } from "vite";
import { SCREENS, SMALLEST, takeAll } from "./album.mjs";

export const LOCALES = { ko: "ko-KR", en: "en-GB" };
const axe = readFileSync(new URL("../node_modules/axe-core/axe.min.js", import.meta.url), "utf8");
/** How tickets, passes, hold tokens and receipts begin. */
const TOKEN = /AQ[E-T][\w-]{30}/;
const ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"];
const HEADERS = new URL("../../deploy/nginx/page-headers.conf", import.meta.url);
/** How every event is called that is not called otherwise. */
export const CONCERT = "Spring Concert";
/** 44 seats. */
const SMALL_HALL = {
  type: "text/csv",
  plan: [
    "section,row,seats,category,price",
    "A,1,1-10,VIP,88000",
    "A,2,1-10,VIP,88000",
    "B,1,1-12,Stalls,44000",
    "B,2,1-12,Stalls,44000",
  ].join("\n"),
};
/** 39,616 seats. */
export const STADIUM = {
  type: "text/csv",
  plan: readFileSync(new URL("../../venues/metalist-stadium.csv", import.meta.url), "utf8"),
};
/** 1,206 seats of a real hall, some of them for wheelchairs. */
export const CONCERT_HALL = {
  type: "application/vnd.pretix.seating-plan+json",
  plan: readFileSync(new URL("../../venues/ekcc-hall.pretix.json", import.meta.url), "utf8"),
  asked: "?accessible_category=Wheelchair",
  prices: {
    "Front Stalls": 132_000,
    "Rear Stalls": 99_000,
    Balcony: 77_000,
    "Restricted view": 44_000,
    House: 99_000,
    Wheelchair: 66_000,
  },
};

/**
 * `where` is a program to start (its pages must have been built), or the address of a server that serves both; `area` is
 * whose words are looked for. `camera` is a file of JPEG pictures that the browser's camera sees, from when it is opened.
 */
export async function stage(area, where, operatorKey, pictures, camera) {
  const server = /^https?:/.test(where) ? running(where, operatorKey) : await started(where);
  const network = await cuttable(server.address);
  const browser = await chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: [
      ...ARGUMENTS,
      ...(camera
        ? ["--use-fake-device-for-media-stream", `--use-file-for-fake-video-capture=${camera}`]
        : []),
    ],
  });
  return {
    ...organiser(server.api, server.operatorKey),
    network,
    operatorKey: server.operatorKey,
    newerWorker: server.newerWorker,
    look: (page, name) => look(page, name, pictures),
    open: (screen, language, more) => open(browser, network.address, screen, language, more),
    version: () => `Chromium ${browser.version()}`,
    words: { ko: await messages(area, "ko"), en: await messages(area, "en") },
    async end() {
      await browser.close();
      network.end();
      await server.end();
    },
  };
}

/** Plays all of the stories, or those that are named, one after the other. */
export async function perform(who, stories, chosen, end) {
  const unknown = chosen.filter((name) => !Object.hasOwn(stories, name));
  try {
    assert.deepEqual(unknown, [], `${who} knows these stories: ${Object.keys(stories).join("; ")}`);
    for (const name of chosen.length > 0 ? chosen : Object.keys(stories)) {
      await stories[name]();
      console.log(`${who}: ${name}: passed`);
    }
  } finally {
    await end();
  }
}

function running(address, operatorKey) {
  return { address, api: address, operatorKey, end: async () => {} };
}

async function started(program) {
  const data = mkdtempSync(join(tmpdir(), "jari-e2e-"));
  const api = `http://127.0.0.1:${await freePort()}`;
  const child = spawn(program, ["serve", "--data", data, "--listen", new URL(api).host], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  await new Promise((ready, failed) => {
    child.once("exit", () => failed(new Error("the program ended")));
    createInterface(child.stdout).on("line", (line) => line.startsWith("Jari is open") && ready());
  });
  const proxy = { "/api": api, "/staff": api };
  // Under the rules that the gateway serves the pages with.
  const [, rules] = /Content-Security-Policy "([^"]+)"/.exec(readFileSync(HEADERS, "utf8"));
  const headers = { "content-security-policy": rules };
  const next = newerWorker();
  const pages = await preview({
    preview: { port: await freePort(), host: "127.0.0.1", proxy, headers },
    plugins: [next.plugin],
    logLevel: "silent",
  });
  return {
    address: pages.resolvedUrls.local[0],
    api,
    newerWorker: next.begin,
    operatorKey: readFileSync(join(data, "operator-key"), "utf8").trim(),
    async end() {
      await pages.close();
      child.kill();
      await new Promise((ended) => (child.exitCode === null ? child.once("exit", ended) : ended()));
      rmSync(data, { recursive: true, force: true });
    },
  };
}

/** From `begin` on the door's worker is another one, as if newer pages had been put on the server. */
function newerWorker() {
  let change = null;
  const answer = (_, response, pass) => {
    if (!change) return pass();
    response.setHeader("content-type", "text/javascript");
    response.end(change(readFileSync(new URL("../dist/gate-worker.js", import.meta.url), "utf8")));
  };
  const configurePreviewServer = ({ middlewares }) => void middlewares.use("/gate-worker.js", answer);
  const begin = (how) => {
    change = how;
  };
  return { plugin: { name: "newer-worker", configurePreviewServer }, begin };
}

/** A way to the server that can be cut in the middle of everything. */
async function cuttable(address) {
  const { protocol, hostname, port } = new URL(address);
  const all = new Set();
  let isCut = false;
  const proxy = createServer((near) => {
    if (isCut) return near.destroy();
    const far = connect(Number(port || (protocol === "https:" ? 443 : 80)), hostname);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ]) {
      all.add(one);
      one.pipe(other);
      one.on("error", () => other.destroy());
      one.on("close", () => {
        all.delete(one);
        other.destroy();
      });
    }
  });
  await new Promise((ready) => proxy.listen(0, "127.0.0.1", ready));
  return {
    address: `${protocol}//127.0.0.1:${proxy.address().port}/`,
    cut() {
      isCut = true;
      for (const socket of all) socket.destroy();
    },
    mend() {
      isCut = false;
    },
    end() {
      this.cut();
      proxy.close();
    },
  };
}

async function open(browser, address, screen, language, more) {
  const context = await browser.newContext({
    viewport: SCREENS[screen],
    hasTouch: screen === "phone",
    locale: LOCALES[language],
    timezoneId: "Asia/Seoul",
    reducedMotion: "reduce",
    ignoreHTTPSErrors: true,
    acceptDownloads: true,
    ...more,
  });
  const broken = [];
  const strangers = [];
  context.on("weberror", (error) => broken.push(String(error.error())));
  context.on("console", (message) => {
    if (/Content Security Policy/i.test(message.text())) broken.push(message.text());
  });
  context.on("request", (request) => {
    const { protocol, origin } = new URL(request.url());
    const isElsewhere = protocol.startsWith("http") && origin !== new URL(address).origin;
    if (isElsewhere || TOKEN.test(request.url())) strangers.push(request.url());
  });
  const tab = async (path = "") => {
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    await page.goto(address + path);
    return page;
  };
  const end = async () => {
    await context.close();
    assert.deepEqual(broken, [], "a page was broken");
    assert.deepEqual(strangers, [], "another host was asked, or a token was part of an address");
  };
  return { tab, end, context };
}

/** The words of a part of the pages, the map's, and those of all. */
export async function messages(area, language) {
  const read = async (from) => {
    const path = new URL(`../src/${from}/messages/${language}.ts`, import.meta.url).pathname;
    return (await runnerImport(path, { configFile: false, logLevel: "error" })).module.default;
  };
  return { ...(await read(area)), onMap: await read("map"), shared: await read("shared") };
}

/** Makes events, stands in line and buys, all without a browser. */
function organiser(api, operatorKey) {
  const send = async (method, path, body, headers = {}) => {
    const type = typeof body === "string" ? "text/csv" : "application/json";
    const answer = await fetch(new URL(path, api), {
      method,
      headers: { "content-type": type, ...headers },
      body: body === undefined ? undefined : typeof body === "string" ? body : JSON.stringify(body),
    });
    const text = await answer.text();
    assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${text}`);
    if (text === "") return null;
    return answer.headers.get("content-type").includes("json") ? JSON.parse(text) : text;
  };
  const bearer = (token) => ({ authorization: `Bearer ${token}` });
  const hold = ({ event_id, pass }, wish) =>
    send("POST", `/api/events/${event_id}/holds`, wish, bearer(pass));
  const enter = async (eventId) => {
    const place = await send("POST", "/api/queue/enter", { event_id: eventId });
    assert.match(place.ticket, TOKEN, "tokens are recognised, so that none passes unseen in an address");
    return place;
  };
  const admin = (method, path, body) => send(method, `/api/admin${path}`, body, bearer(operatorKey));
  return {
    send,
    admin,
    /** An event on sale in the small hall, and room for one in the shop unless more is said. */
    async event(eventId, { queue, hall = SMALL_HALL, ...more } = {}) {
      await admin("POST", "/events", {
        event_id: eventId,
        name: CONCERT,
        venue: "Small Hall",
        starts_at: "2031-05-01T10:30:00Z",
        currency: "KRW",
        prices: hall.prices,
        queue: { capacity: 1, pass_seconds: 600, max_admitted_per_second: 50, ...queue },
        ...more,
      });
      const path = `/api/admin/events/${eventId}/map${hall.asked ?? ""}`;
      await send("PUT", path, hall.plan, { ...bearer(operatorKey), "content-type": hall.type });
      await admin("POST", `/events/${eventId}/open`);
      return eventId;
    },
    enter,
    /** Somebody who does not ask for a while is passed over until they do. */
    ask: ({ event_id, ticket }) =>
      send("GET", `/api/queue/status?event_id=${event_id}`, undefined, bearer(ticket)),
    leave: ({ event_id, ticket }) => send("POST", "/api/queue/leave", { event_id }, bearer(ticket)),
    hold,
    /** A reservation of so many seats, for somebody who is let in at once. */
    async buy(eventId, quantity, name) {
      const { hold_token } = await hold(await enter(eventId), { best_available: { quantity } });
      const body = { hold_token, buyer: { name, contact: "somebody@example.org" } };
      return send("POST", `/api/events/${eventId}/reservations`, body, { "idempotency-key": name });
    },
    sold: async (eventId) => (await admin("GET", `/events/${eventId}/reservations`)).items,
  };
}

/** Nothing serious for axe in light and dark; nothing wider than a small telephone; pictures where they are wanted. */
async function look(page, name, pictures) {
  if (pictures === "-") return;
  const size = page.viewportSize();
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(axe);
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme });
    const { violations } = await page.evaluate(runAxe, colorScheme);
    const isSerious = ({ impact }) => ["serious", "critical"].includes(impact);
    assert.deepEqual(
      violations
        .filter(isSerious)
        .map(({ id, nodes }) => [
          `${name}, ${size.width} pixels wide, ${colorScheme}`,
          id,
          nodes.map(({ html, any }) => [html, any[0]?.message]),
        ]),
      [],
    );
  }
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize(SMALLEST);
  assert.deepEqual(await page.evaluate(tooWide), [], `${name}: wider than ${SMALLEST.width} pixels`);
  await page.setViewportSize(size);
  if (pictures) await takeAll(page, pictures, name);
}

/**
 * All rules, and in the dark those of colours again. One can't be asked in Korean: it looks for what is written on a button
 * among the words of its name, and "1" is no word of "1번". Runs in the page.
 */
function runAxe(colorScheme) {
  if (colorScheme === "dark")
    return globalThis.axe.run({ runOnly: ["color-contrast", "link-in-text-block"] });
  const isKorean = document.documentElement.lang === "ko";
  return globalThis.axe.run({ rules: { "label-content-name-mismatch": { enabled: !isKorean } } });
}

/** What reaches beyond the page. Runs in the page. */
function tooWide() {
  if (document.documentElement.scrollWidth <= innerWidth) return [];
  const wide = [...document.querySelectorAll("#page *")].filter(
    (one) => one.getBoundingClientRect().right > innerWidth,
  );
  return [document.documentElement.scrollWidth, ...wide.map((one) => one.outerHTML.slice(0, 120))];
}

function freePort() {
  return new Promise((found) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => found(port));
    });
  });
}
