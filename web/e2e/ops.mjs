// The organiser's pages in a real browser against the real program: from an empty draft to a cancelled reservation.
// node e2e/ops.mjs <the jari program> [a folder for screenshots]; the pages must have been built.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { preview } from "vite";

const [program, pictures] = process.argv.slice(2);
const data = mkdtempSync(join(tmpdir(), "jari-ops-"));
const axe = readFileSync(new URL("../node_modules/axe-core/axe.min.js", import.meta.url), "utf8");
const port = await freePort();
const api = `http://127.0.0.1:${port}`;
const server = spawn(program, ["serve", "--demo", "--data", data, "--listen", `127.0.0.1:${port}`], {
  stdio: "ignore",
});
const proxy = { "/api": api, "/staff": api };
const pages = await preview({
  preview: { port: await freePort(), host: "127.0.0.1", proxy },
  logLevel: "error",
});
const browser = await chromium.launch({
  executablePath: "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
});
try {
  await until(() =>
    fetch(`${api}/api/events`).then(
      (answer) => answer.ok,
      () => false,
    ),
  );
  await journey(await browser.newPage({ locale: "en-GB", viewport: { width: 1280, height: 900 } }));
  console.log("the organiser's journey: passed");
} finally {
  await browser.close();
  await pages.close();
  server.kill();
  await new Promise((ended) => (server.exitCode === null ? server.once("exit", ended) : ended()));
  rmSync(data, { recursive: true, force: true });
}

async function journey(page) {
  const broken = [];
  page.setDefaultTimeout(12_000);
  page.on("pageerror", (error) => broken.push(String(error)));
  await page.goto(`${pages.resolvedUrls.local[0]}ops/`);
  await signIn(page);
  await makeEvent(page);
  await importMap(page);
  await setPrices(page);
  await open(page);
  await sellAndWatch(page);
  await pauseAndResume(page);
  await reservations(page);
  await blocks(page);
  await staffKeys(page);
  await page.goto("#/audit".replace("#", `${pages.resolvedUrls.local[0]}ops/#`));
  await page.getByText("Cancelled a reservation").first().waitFor();
  await look(page, "audit");
  await close(page);
  assert.deepEqual(broken, []);
}

async function signIn(page) {
  await page.getByLabel("Operator key").fill("wrong");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByText("This is not the operator key.").waitFor();
  await look(page, "sign-in");
  await page.getByLabel("Operator key").fill(readFileSync(join(data, "operator-key"), "utf8").trim());
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("link", { name: /On sale/ }).waitFor();
  await look(page, "events");
}

async function makeEvent(page) {
  await page.getByRole("link", { name: "New event" }).click();
  await page.getByRole("button", { name: "Make the draft" }).click();
  await page.getByText("This is needed.").first().waitFor();
  await page.getByLabel("Name", { exact: true }).fill("Winter Concert");
  await page.getByLabel("Venue").fill("Small Hall");
  assert.equal(await page.getByLabel("Id in addresses").inputValue(), "winter-concert");
  await page.getByLabel("Begins").fill("2030-12-01T19:30");
  await page.getByLabel("Time in the shop, in seconds").fill("0");
  await page.getByRole("button", { name: "Make the draft" }).click();
  // The server's own word about one field, at that field.
  await page.getByText("a number from 1 to 86400 is needed").waitFor();
  await look(page, "new-event");
  await page.getByLabel("Time in the shop, in seconds").fill("600");
  await page.getByRole("button", { name: "Make the draft" }).click();
  await page.getByRole("heading", { name: "Import a seat map" }).waitFor();
}

async function importMap(page) {
  const file = (name, text) => ({ name, mimeType: "text/csv", buffer: Buffer.from(text) });
  const input = page.locator('input[type="file"]');
  await input.setInputFiles(file("broken.csv", "section,row,seats,category\nA,1,1-10,VIP\nA,1,5,VIP\n"));
  await page.getByText("The file has errors").waitFor();
  await page.getByRole("button", { name: /Error/ }).first().click();
  await page.locator("code").getByText("A,1,").waitFor();
  await look(page, "import-errors");
  await page.getByRole("button", { name: "Another file" }).click();
  await input.setInputFiles(file("hall.csv", "section,row,seats,category\nA,1,1-10,VIP\nA,2,1-10,Stalls\n"));
  await page.getByText("20 seats, 1 sections").waitFor();
  await page
    .getByRole("button", { name: /has no price/ })
    .first()
    .click();
  await page.getByText(/seats marked on the map/).waitFor();
  await look(page, "import");
  await page.getByRole("button", { name: "Use this map (20 seats)" }).click();
  await page.getByText("The map with 20 seats is in use").waitFor();
}

async function setPrices(page) {
  await page.getByLabel("VIP").fill("88,000");
  await page.getByLabel("Stalls").fill("1.5");
  await page.getByText("No price in KRW.").waitFor();
  await page.getByLabel("Stalls").fill("44000");
  await page.getByRole("button", { name: "Save the prices" }).click();
  await page.getByText("Saved.").waitFor();
  await look(page, "prices");
}

async function open(page) {
  await page.getByRole("link", { name: "Live" }).click();
  await page.getByText("Ready to open").waitFor();
  await look(page, "ready");
  await page.getByRole("button", { name: "Open the event" }).click();
  await page.locator('[data-state="on_sale"]').waitFor();
}

async function sellAndWatch(page) {
  await page.locator('[data-figure="sold"]').getByText("of 20 seats").waitFor();
  await buy("Kim Min-ji");
  await buy("Lee Jun");
  await page.locator('[data-figure="sold"] .number').getByText("4", { exact: true }).waitFor();
  const points = () => page.locator("[data-points]").first().getAttribute("data-points").then(Number);
  const before = await points();
  await until(async () => (await points()) > before);
  await look(page, "live");
  await page.getByLabel("Buyers in the shop", { exact: true }).fill("7");
  await page.getByRole("button", { name: "Set now" }).click();
  await page.locator('[data-figure="admitted"]').getByText("of 7 places").waitFor();
}

async function pauseAndResume(page) {
  await page.getByRole("button", { name: "Pause the sale" }).click();
  await page.getByLabel("Message for those who wait").fill("Back soon");
  await page.getByRole("button", { name: "Pause now" }).click();
  await page.locator('[data-state="paused"]').waitFor();
  await until(async () => (await get("/api/queue/board/winter-concert")).message === "Back soon");
  await page.getByRole("button", { name: "Go on selling" }).click();
  await page.locator('[data-state="on_sale"]').waitFor();
}

async function reservations(page) {
  await page.getByRole("link", { name: "Reservations" }).click();
  await page.getByLabel("Find reservations").fill("min-ji");
  await page.getByRole("cell", { name: /Lee Jun/ }).waitFor({ state: "detached" });
  await look(page, "reservations");
  await page.getByRole("button", { name: "Details of reservation" }).click();
  await page.getByRole("button", { name: "Cancel the reservation" }).click();
  await page.getByText("This is needed.").waitFor();
  await page.getByLabel("Reason for cancelling").fill("The buyer asked");
  await look(page, "reservation");
  await page.getByRole("button", { name: "Cancel the reservation" }).click();
  await page.locator('dialog [data-state="cancelled"]').waitFor();
  await page.getByRole("button", { name: "Done" }).click();
}

async function blocks(page) {
  await page.getByRole("link", { name: "Blocked seats" }).click();
  await page.getByLabel("Row", { exact: true }).selectOption({ label: "2" });
  await page.getByRole("button", { name: "Seat 9, Free" }).click();
  await page.getByRole("button", { name: "Block 1" }).click();
  await page.getByRole("button", { name: "Seat 9, Blocked" }).waitFor();
  await look(page, "blocks");
}

async function staffKeys(page) {
  await page.getByRole("link", { name: "Staff keys" }).click();
  await page.getByLabel("Name", { exact: true }).fill("North gate");
  await page.getByLabel("Winter Concert").check();
  await page.getByRole("button", { name: "Make a key" }).click();
  const key = await page.getByLabel("Staff key", { exact: true }).inputValue();
  assert.equal((await asStaff(key)).status, 200);
  await look(page, "staff-key");
  await page.getByRole("button", { name: "I have taken it" }).click();
  await page.getByRole("button", { name: "Withdraw the key of North gate" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Withdraw" }).click();
  await page.getByText("No keys yet.").waitFor();
  assert.equal((await asStaff(key)).status, 403);
}

async function close(page) {
  await page.goto(`${pages.resolvedUrls.local[0]}ops/#/events/winter-concert/live`);
  await page.getByRole("button", { name: "Close the sale" }).click();
  const button = page.getByRole("button", { name: "Close for good" });
  assert.equal(await button.isDisabled(), true);
  await page.getByLabel(/to confirm/).fill("winter-concert");
  await button.click();
  await page.locator('[data-state="closed"]').waitFor();
}

/** Nothing serious for axe, nothing wider than the page; a picture where they are wanted. */
async function look(page, name) {
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => globalThis.axe.run());
    const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
    assert.deepEqual(
      serious.map(({ id, nodes }) => [
        name,
        colorScheme,
        id,
        nodes.map(({ html, any }) => [html, any[0]?.message]),
      ]),
      [],
    );
    if (pictures) await page.screenshot({ path: `${pictures}/${name}-${colorScheme}.png`, fullPage: true });
  }
  await page.setViewportSize({ width: 320, height: 700 });
  if (pictures) await page.screenshot({ path: `${pictures}/${name}-phone.png`, fullPage: true });
  assert.deepEqual(await page.evaluate(tooWide), [], `${name}: wider than a telephone of 320 pixels`);
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.emulateMedia({ colorScheme: "light" });
}

/** What reaches beyond the page; what scrolls by itself may. Runs in the page. */
function tooWide() {
  if (document.documentElement.scrollWidth <= innerWidth) return [];
  const wide = [...document.querySelectorAll("main *")].filter(
    (one) => one.getBoundingClientRect().right > innerWidth && !one.closest("nav"),
  );
  return wide.map((one) => one.outerHTML.slice(0, 120));
}

async function buy(name) {
  const { pass } = await post("/api/queue/enter", { event_id: "winter-concert" });
  const wish = { best_available: { quantity: 2 } };
  const hold = await post("/api/events/winter-concert/holds", wish, { authorization: `Bearer ${pass}` });
  const body = {
    hold_token: hold.hold_token,
    buyer: { name, contact: `${name.toLowerCase().replaceAll(" ", "-")}@example.org` },
  };
  const bought = await post("/api/events/winter-concert/reservations", body, { "idempotency-key": name });
  assert.equal(bought.state, "confirmed");
}

async function post(path, body, headers = {}) {
  const answer = await fetch(api + path, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
  return answer.json();
}

function get(path) {
  return fetch(api + path).then((answer) => answer.json());
}

function asStaff(key) {
  return fetch(`${api}/staff/session`, { headers: { authorization: `Bearer ${key}` } });
}

async function until(isSo) {
  const end = Date.now() + 20_000;
  while (!(await isSo())) {
    assert.ok(Date.now() < end, `never so: ${isSo}`);
    await new Promise((go) => setTimeout(go, 100));
  }
}

function freePort() {
  return new Promise((found) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => found(port));
    });
  });
}
