// The seat map in a real browser against the real program, with the stadium of 39,616 seats: how it draws while one
// pans and zooms, what the keyboard does, and what axe says.
// node e2e/map.mjs <the jari program> [a folder for screenshots]
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { chromium } from "playwright-core";
import { build, preview } from "vite";

const [program, pictures] = process.argv.slice(2);
const root = new URL("..", import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), "jari-map-"));
const [data, built] = [join(folder, "data"), join(folder, "built")];
const axe = readFileSync(new URL("../node_modules/axe-core/axe.min.js", import.meta.url), "utf8");
const port = await freePort();
const api = `http://127.0.0.1:${port}`;
const server = spawn(program, ["serve", "--demo", "--data", data, "--listen", `127.0.0.1:${port}`], {
  stdio: ["ignore", "pipe", "inherit"],
});
await new Promise((open, ended) => {
  server.stdout.on("data", (text) => String(text).includes("On sale") && open());
  server.once("exit", () => ended(new Error("the program ended")));
});
const page = join(root, "src/map/demo/index.html");
const how = {
  root,
  logLevel: "error",
  build: { outDir: built, emptyOutDir: true, rollupOptions: { input: page } },
};
await build(how);
const shown = { port: await freePort(), host: "127.0.0.1", proxy: { "/api": api } };
const pages = await preview({ ...how, preview: shown });
const url = `${pages.resolvedUrls.local[0]}src/map/demo/`;
const browser = await chromium.launch({
  executablePath: "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
});
const OURS = { locale: "en-GB", viewport: { width: 1280, height: 900 } };
try {
  await stadium();
  sizes();
  await measure();
  await keyboard();
  await list();
  await forms();
  await nightfall();
  await taken();
  if (pictures) await allPictures();
  console.log("the seat map: passed");
} finally {
  await browser.close();
  await pages.close();
  server.kill();
  await new Promise((ended) => (server.exitCode === null ? server.once("exit", ended) : ended()));
  rmSync(folder, { recursive: true, force: true });
}

/** The real stadium, on sale. */
async function stadium() {
  const key = readFileSync(join(data, "operator-key"), "utf8").trim();
  const asOperator = { authorization: `Bearer ${key}` };
  const event = {
    event_id: "stadium",
    name: "Stadium Night",
    venue: "Metalist",
    starts_at: "2030-12-01T10:00:00Z",
    currency: "KRW",
    queue: { capacity: 1000 },
  };
  await post("/api/admin/events", event, asOperator);
  const csv = readFileSync(join(root, "../venues/metalist-stadium.csv"), "utf8");
  const imported = await fetch(`${api}/api/admin/events/stadium/map`, {
    method: "PUT",
    headers: { ...asOperator, "content-type": "text/csv" },
    body: csv,
  });
  assert.equal((await imported.json()).seats_total, 39_616);
  await post("/api/admin/events/stadium/open", {}, asOperator);
}

/** What the map adds to a page, compressed; the frame of the demo and Svelte are in it, too. */
function sizes() {
  const scripts = readdirSync(join(built, "assets")).filter((name) => name.endsWith(".js"));
  const bytes = scripts.map(
    (name) => gzipSync(readFileSync(join(built, "assets", name)), { level: 9 }).length,
  );
  const all = bytes.reduce((sum, one) => sum + one, 0);
  console.log(
    `the page with map, list, Svelte and all: ${(all / 1000).toFixed(1)} kB of JavaScript (limit 60)`,
  );
  assert.ok(all > 0 && all < 60_000);
}

/** Pans and zooms for some seconds at three distances; the page's own work for a picture counts, not the machine's. */
async function measure() {
  const page = await opened("stadium");
  const wheels = { far: 0, middle: -1000, near: -800 };
  for (const [distance, wheel] of Object.entries(wheels)) {
    await page.evaluate(turnWheel, wheel);
    await frames(page, 3);
    report(`panning, ${distance}`, await page.evaluate(drag, 180));
  }
  report("zooming", await page.evaluate(zoom, 120));
  await page.close();
}

/** These run in the page, one step for each of its pictures. */
function turnWheel(deltaY) {
  const canvas = document.querySelector("canvas");
  const { left, top, width, height } = canvas.getBoundingClientRect();
  const place = { clientX: left + width * 0.5, clientY: top + height * 0.6 };
  for (let at = 0; at < 10; at += 1)
    canvas.dispatchEvent(new WheelEvent("wheel", { ...place, deltaY: deltaY / 10, cancelable: true }));
}

async function drag(steps) {
  const canvas = document.querySelector("canvas");
  const { left, top, width, height } = canvas.getBoundingClientRect();
  // No real finger has this number; that it cannot be captured is no matter.
  canvas.setPointerCapture = () => {};
  const send = (type, at) =>
    canvas.dispatchEvent(
      new PointerEvent(type, {
        pointerId: 7,
        pointerType: "touch",
        bubbles: true,
        clientX: left + width * (0.5 + 0.3 * Math.sin(at / 14)),
        clientY: top + height * (0.5 + 0.25 * Math.sin(at / 9)),
      }),
    );
  const [long, began] = [[], performance.now()];
  const watch = new PerformanceObserver((all) =>
    long.push(...all.getEntries().map(({ duration }) => duration)),
  );
  watch.observe({ type: "longtask" });
  globalThis.works.length = 0;
  send("pointerdown", 0);
  for (let at = 1; at <= steps; at += 1) {
    send("pointermove", at);
    await new Promise(requestAnimationFrame);
  }
  send("pointerup", steps);
  watch.disconnect();
  return { works: [...globalThis.works], long, wall: performance.now() - began };
}

async function zoom(steps) {
  const canvas = document.querySelector("canvas");
  const { left, top, width, height } = canvas.getBoundingClientRect();
  const [long, began] = [[], performance.now()];
  const watch = new PerformanceObserver((all) =>
    long.push(...all.getEntries().map(({ duration }) => duration)),
  );
  watch.observe({ type: "longtask" });
  globalThis.works.length = 0;
  for (let at = 0; at < steps; at += 1) {
    const turn = { clientX: left + width / 2, clientY: top + height * 0.6, cancelable: true };
    canvas.dispatchEvent(new WheelEvent("wheel", { ...turn, deltaY: at < steps / 2 ? 40 : -40 }));
    await new Promise(requestAnimationFrame);
  }
  watch.disconnect();
  return { works: [...globalThis.works], long, wall: performance.now() - began };
}

function report(what, { works, long, wall }) {
  const sorted = [...works].sort((a, b) => a - b);
  const at = (part) =>
    (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0).toFixed(1);
  const over = works.filter((work) => work > 50).length;
  const rate = (works.length / (wall / 1000)).toFixed(0);
  console.log(
    `${what}: ${works.length} pictures, ${rate} a second; work p50 ${at(0.5)} p95 ${at(0.95)} most ${at(1)} ms, ${over} over 50 ms; the browser's long tasks: ${long.length} ${long.map(Math.round)}`,
  );
  assert.ok(works.length > 100, `${what}: it did not draw`);
  assert.equal(over, 0, `${what}: work over 50 ms for a picture`);
}

/** Seats are reached, chosen and given back with keys alone, and said aloud. */
async function keyboard() {
  const page = await opened("spring-gala");
  await page.getByRole("application").focus();
  await page.keyboard.press("ArrowRight");
  const live = page.locator('[aria-live="polite"].hidden');
  await live.getByText(/row .*seat .*Free/).waitFor();
  const first = await live.textContent();
  await page.keyboard.press("ArrowRight");
  await live.filter({ hasNotText: first }).waitFor();
  await page.keyboard.press("Enter");
  await live.getByText(/chosen\. 1 seat/).waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await live.getByText(/chosen\. 2 seats/).waitFor();
  assert.equal((await page.locator("[data-chosen]").textContent()).split(" ").length, 2);
  await serious(page, "keyboard");
  await picture(page, "keyboard");
  await page.keyboard.press("Enter");
  await live.getByText(/not chosen any more/).waitFor();
  for (const key of ["+", "-", "0", "Home", "End"]) await page.keyboard.press(key);
  await page.close();
}

/** The list does the same, and finds accessible seats. */
async function list() {
  const page = await opened("spring-gala");
  await page.getByLabel("Wheelchair spaces only").check();
  const seats = page.getByRole("region", { name: "Seats as a list" });
  await seats.getByRole("button", { expanded: false }).first().press("Enter");
  await seats.getByRole("button", { name: /^Row/ }).first().press("Enter");
  await seats
    .getByRole("button", { name: /Wheelchair space, Free/ })
    .first()
    .press("Enter");
  await seats.getByRole("button", { pressed: true }).waitFor();
  await seats.getByText(/chosen\. 1 seat/).waitFor();
  await serious(page, "list");
  await picture(page, "list");
  await page.getByRole("button", { name: "One more" }).click();
  await page.getByRole("button", { name: "Find 3 seats together" }).click();
  assert.equal(await page.locator("[data-wish]").textContent(), '{"quantity":3}');
  await page.close();
}

/** Whoever tells no colours apart tells the signs apart by their form: in black and white no two are alike. */
async function forms() {
  const page = await opened("spring-gala");
  const signs = await page.evaluate(blackAndWhite);
  assert.equal(signs.length, 6);
  for (const [at, one] of signs.entries())
    for (const [other, pixels] of signs.entries()) {
      if (other <= at) continue;
      const differ = one.filter((ink, pixel) => ink !== pixels[pixel]).length / one.length;
      assert.ok(differ > 0.05, `signs ${at} and ${other} are alike: ${differ}`);
    }
  await page.close();
}

/** A free seat and all signs; what has the lightness of most of a sign is its form. Runs in the page. */
function blackAndWhite() {
  const canvases = [document.querySelector(".prices canvas"), ...document.querySelectorAll(".signs canvas")];
  return canvases.map((canvas) => {
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    const pixels = Array.from({ length: data.length / 4 }, (_, at) => data.slice(4 * at, 4 * at + 4));
    const lightness = ([red, green, blue]) => 0.3 * red + 0.59 * green + 0.11 * blue;
    const full = pixels.filter(([, , , alpha]) => alpha > 200).map(lightness);
    const most = full.sort((a, b) => a - b)[full.length >> 1];
    return pixels.map((pixel) => pixel[3] > 96 && Math.abs(lightness(pixel) - most) < 60);
  });
}

/** A page that turns dark while it is looked at, and where nothing moves, is drawn as any other dark one. */
async function nightfall() {
  const drawn = async (page) => {
    await frames(page, 3);
    return page
      .locator("canvas")
      .first()
      .evaluate((canvas) => canvas.toDataURL());
  };
  const dark = await opened("spring-gala", { ...OURS, colorScheme: "dark" });
  const turned = await opened("spring-gala", { ...OURS, colorScheme: "light", reducedMotion: "reduce" });
  const [wanted, before] = [await drawn(dark), await drawn(turned)];
  await turned.emulateMedia({ colorScheme: "dark", reducedMotion: "reduce" });
  const after = await drawn(turned);
  assert.ok(before !== wanted, "light and dark are alike");
  assert.ok(after === wanted, "the map does not follow the scheme");
  await dark.close();
  await turned.close();
}

/** A seat that somebody else takes meanwhile is lost at once, and that is said. */
async function taken() {
  const page = await opened("spring-gala");
  await page.getByRole("application").focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  const chosen = page.locator("[data-chosen]");
  await chosen.filter({ hasText: /\w/ }).waitFor();
  const seat = (await chosen.textContent()).trim();
  const { pass } = await post("/api/queue/enter", { event_id: "spring-gala" });
  await post("/api/events/spring-gala/holds", { seats: [seat] }, { authorization: `Bearer ${pass}` });
  await page.getByText(/Someone else was faster/).waitFor();
  await chosen.filter({ hasNotText: /\w/ }).waitFor({ state: "attached" });
  await picture(page, "taken");
  await page.keyboard.press("Enter");
  await page.getByText(/Held by someone\. Choose another one/).waitFor();
  await page.close();
}

async function allPictures() {
  for (const [event, nearness] of [
    ["stadium", { far: 0, middle: -700, near: -2600 }],
    ["spring-gala", { far: 0, middle: -300, near: -1300 }],
  ])
    for (const [name, width, height, locale] of [
      ["desktop", 1280, 900, "en-GB"],
      ["phone", 320, 640, "ko-KR"],
    ])
      for (const colorScheme of ["light", "dark"]) {
        const page = await opened(event, {
          locale,
          colorScheme,
          viewport: { width, height },
          deviceScaleFactor: 2,
        });
        const box = await page.locator("canvas").first().boundingBox();
        for (const [distance, wheel] of Object.entries(nearness)) {
          await page.mouse.move(box.x + box.width * 0.5, box.y + box.height * 0.62);
          for (let at = 0; at > wheel; at -= 100) await page.mouse.wheel(0, -100);
          await frames(page, 3);
          await picture(page, `${event}-${name}-${colorScheme}-${distance}`);
          await page.getByRole("button", { name: /Whole hall|전체 보기/ }).click({ force: true });
          await frames(page, 40);
        }
        assert.ok(
          (await page.evaluate(() => document.documentElement.scrollWidth)) <= width,
          `${event} ${name}: wider than the page`,
        );
        await serious(page, `${event}-${name}-${colorScheme}`);
        await page.close();
      }
}

async function opened(event, how = OURS) {
  const page = await browser.newPage(how);
  page.on("pageerror", (error) => assert.fail(String(error)));
  await page.goto(`${url}?event=${event}`);
  await page.getByRole("application").waitFor();
  await page.evaluate(() => document.fonts.ready);
  await frames(page, 3);
  return page;
}

/** So many pictures of the browser. */
function frames(page, many) {
  return page.evaluate(
    (left) =>
      new Promise((done) => {
        const next = () => {
          left -= 1;
          if (left < 0) done();
          else requestAnimationFrame(next);
        };
        next();
      }),
    many,
  );
}

async function picture(page, name) {
  if (pictures) await page.screenshot({ path: `${pictures}/map-${name}.png` });
}

async function serious(page, name) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => globalThis.axe.run());
  const bad = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  assert.deepEqual(
    bad.map(({ id, nodes }) => [name, id, nodes.map(({ html, any }) => [html, any[0]?.message])]),
    [],
  );
}

async function post(path, body, headers = {}) {
  const answer = await fetch(api + path, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
  assert.ok(answer.ok, `${path}: ${answer.status}`);
  return answer.json();
}

function freePort() {
  return new Promise((found) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => found(port));
    });
  });
}
