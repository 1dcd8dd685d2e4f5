// How smooth the seat map is: the real buyers' page before the stadium of 39,616 seats, panned at three distances and zoomed.
// Counts the pictures of each second, the page's work for each of them, and tasks over 50 ms; asserts no time.
// node e2e/frames.mjs <the jari program> <a folder for the figures>; the pages must have been built.
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { STADIUM, stage } from "./stage.mjs";

const [program, folder] = process.argv.slice(2);
/** A telephone's processor is slower than this one: `slower` is how often. */
const DEVICES = {
  phone: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 3, slower: 1 },
  "phone, 4 times slower": { viewport: { width: 390, height: 844 }, deviceScaleFactor: 3, slower: 4 },
  desktop: { viewport: { width: 1920, height: 1080 }, deviceScaleFactor: 1, slower: 1 },
};
/** How far the wheel is turned before each. */
const DISTANCES = { "panning, far": 0, "panning, between": -1000, "panning, near": -800 };
const [PANNED, ZOOMED] = [300, 200];

const play = await stage("buyers", program);
const rows = [];
try {
  await play.event("stadium", { name: "Stadium Night", hall: STADIUM, queue: { capacity: 100 } });
  for (const [device, how] of Object.entries(DEVICES)) await measure(device, how);
  report(await play.version());
} finally {
  await play.end();
}

async function measure(device, { slower, ...how }) {
  const { tab, end, context } = await play.open("desktop", "en", { ...how, reducedMotion: "no-preference" });
  await context.addInitScript(watch);
  const page = await tab("#/events/stadium/buy");
  await page.getByRole("application").waitFor();
  await page.evaluate(() => document.fonts.ready.then(() => {}));
  const { width } = how.viewport;
  const browser = await context.newCDPSession(page);
  await browser.send("Emulation.setCPUThrottlingRate", { rate: slower });
  await browser.send("Performance.enable");
  const one = async (what, act, asked) => {
    const before = await busy(browser);
    const seen = await page.evaluate(act, asked);
    rows.push(figures(device, what, { ...seen, busy: (await busy(browser)) - before }));
  };
  for (const [what, wheel] of Object.entries(DISTANCES)) {
    await page.evaluate(turnWheel, wheel);
    await one(what, pan, { steps: PANNED, reach: width / 4 });
  }
  await one("zooming", zoom, ZOOMED);
  await end();
}

/** Milliseconds that the page's thread has worked so far, with painting and all. */
async function busy(browser) {
  const { metrics } = await browser.send("Performance.getMetrics");
  return metrics.find(({ name }) => name === "TaskDuration").value * 1000;
}

/** Runs in the page before anything else: measures what the page does for each picture. */
function watch() {
  const ask = globalThis.requestAnimationFrame.bind(globalThis);
  globalThis.works = [];
  globalThis.plainFrame = ask;
  globalThis.requestAnimationFrame = (draw) =>
    ask((now) => {
      const began = performance.now();
      draw(now);
      globalThis.works.push(performance.now() - began);
    });
  /** Does something before each of so many pictures. */
  globalThis.forEachPicture = async (steps, act) => {
    const tasks = [];
    const observer = new PerformanceObserver((all) => {
      for (const { duration } of all.getEntries()) tasks.push(duration);
    });
    observer.observe({ type: "longtask" });
    await new Promise(ask);
    globalThis.works.length = 0;
    const times = [performance.now()];
    for (let at = 0; at < steps; at += 1) {
      act(at);
      times.push(await new Promise(ask));
    }
    await new Promise((soon) => setTimeout(soon));
    for (const { duration } of observer.takeRecords()) tasks.push(duration);
    observer.disconnect();
    return { works: [...globalThis.works], tasks, milliseconds: times.at(-1) - times[0] };
  };
}

/** Runs in the page. */
async function turnWheel(deltaY) {
  const canvas = document.querySelector(".map canvas");
  const { left, top, width, height } = canvas.getBoundingClientRect();
  const place = { clientX: left + width * 0.5, clientY: top + height * 0.6 };
  for (let at = 0; at < 10; at += 1)
    canvas.dispatchEvent(new WheelEvent("wheel", { ...place, deltaY: deltaY / 10, cancelable: true }));
  await new Promise(globalThis.plainFrame);
}

/** Runs in the page: a finger goes round in a figure of eight. */
async function pan({ steps, reach }) {
  const canvas = document.querySelector(".map canvas");
  const { left, top, width, height } = canvas.getBoundingClientRect();
  // No real finger has this number; that it can't be captured is no matter.
  canvas.setPointerCapture = () => {};
  const send = (type, at) =>
    canvas.dispatchEvent(
      new PointerEvent(type, {
        pointerId: 7,
        pointerType: "touch",
        bubbles: true,
        clientX: left + width / 2 + reach * Math.sin(at / 14),
        clientY: top + height / 2 + (reach / 2) * Math.sin(at / 7),
      }),
    );
  send("pointerdown", 0);
  const seen = await globalThis.forEachPicture(steps, (at) => send("pointermove", at + 1));
  send("pointerup", steps);
  return seen;
}

/** Runs in the page: from near to all of it and back. */
function zoom(steps) {
  const canvas = document.querySelector(".map canvas");
  const { left, top, width, height } = canvas.getBoundingClientRect();
  const place = { clientX: left + width / 2, clientY: top + height * 0.6, cancelable: true };
  return globalThis.forEachPicture(steps, (at) =>
    canvas.dispatchEvent(new WheelEvent("wheel", { ...place, deltaY: at < steps / 2 ? 40 : -40 })),
  );
}

function figures(device, what, { works, tasks, milliseconds, busy }) {
  assert.ok(works.length > 0, `${device}, ${what}: nothing was drawn`);
  const sorted = works.toSorted((a, b) => a - b);
  const part = (of) => round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * of))]);
  return {
    device,
    what,
    pictures: works.length,
    pictures_per_second: round((works.length / milliseconds) * 1000),
    script_ms: { p50: part(0.5), p99: part(0.99), most: part(1) },
    thread_ms: round(busy / works.length),
    tasks_over_50_ms: tasks.length,
    longest_task_ms: tasks.length > 0 ? Math.round(Math.max(...tasks)) : null,
  };
}

function round(number) {
  return Math.round(number * 10) / 10;
}

function report(browser) {
  const machine = { processor: cpus()[0].model, cores: cpus().length, browser };
  console.log(
    `${machine.cores} cores of ${machine.processor}; ${browser}, which draws without a graphics card\n`,
  );
  console.log(
    "| screen | | pictures a second | scripts for one, ms: p50 / p99 / most | thread for one, ms | tasks over 50 ms |\n|---|---|---|---|---|---|",
  );
  for (const row of rows) {
    const { p50, p99, most } = row.script_ms;
    const tasks =
      row.tasks_over_50_ms > 0 ? `${row.tasks_over_50_ms}, the longest ${row.longest_task_ms} ms` : "0";
    console.log(
      `| ${row.device} | ${row.what} | ${row.pictures_per_second} | ${p50} / ${p99} / ${most} | ${row.thread_ms} | ${tasks} |`,
    );
  }
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `pages-${Math.floor(Date.now() / 1000)}.json`);
  writeFileSync(file, `${JSON.stringify({ machine, rows }, null, 2)}\n`);
  console.log(`\n${file}`);
}
