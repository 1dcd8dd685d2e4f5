// The organiser's pages in a real browser against the real program: from an empty draft to a cancelled reservation.
// node e2e/ops.mjs <the jari program, or the address of a server with pages> [a folder for pictures]
// With an address, JARI_OPERATOR_KEY is the organiser's key; with a program, the pages must have been built.
import assert from "node:assert/strict";
import { stage } from "./stage.mjs";

const [where, pictures] = process.argv.slice(2);
const play = await stage("ops", where, process.env.JARI_OPERATOR_KEY, pictures);
const look = play.look;
const run = Date.now().toString(36);
// Names of its own in every run: the server may be one that has seen others.
const CONCERT = { name: `Winter Concert ${run}`, id: `winter-concert-${run}` };
try {
  await journey();
  console.log("ops: from a draft to a cancelled reservation: passed");
} finally {
  await play.end();
}

async function journey() {
  await play.event(`e2e-${run}`);
  const { tab, end } = await play.open("desktop", "en");
  const page = await tab("ops/");
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
  await page.goto(`${play.network.address}ops/#/audit`);
  await page.getByText("Cancelled a reservation").first().waitFor();
  await look(page, "audit");
  await close(page);
  await end();
}

async function signIn(page) {
  await page.getByLabel("Operator key").fill("wrong");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByText("This is not the operator key.").waitFor();
  await look(page, "sign-in");
  await page.getByLabel("Operator key").fill(play.operatorKey);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("link", { name: /On sale/ }).waitFor();
  await look(page, "events");
}

async function makeEvent(page) {
  await page.getByRole("link", { name: "New event" }).click();
  await page.getByRole("button", { name: "Make the draft" }).click();
  await page.getByText("This is needed.").first().waitFor();
  await page.getByLabel("Name", { exact: true }).fill(CONCERT.name);
  await page.getByLabel("Venue").fill("Small Hall");
  assert.equal(await page.getByLabel("Id in addresses").inputValue(), CONCERT.id);
  await page.getByLabel("Begins").fill("2030-12-01T19:30");
  await page.getByLabel("Time in the shop, in seconds").fill("0");
  await page.getByRole("button", { name: "Make the draft" }).click();
  // The server's own word about one field, at that field.
  await page.getByText("A number from 1 to 86,400 is needed.").waitFor();
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
  await play.buy(CONCERT.id, 2, "Kim Min-ji");
  await play.buy(CONCERT.id, 2, "Lee Jun");
  await page.locator('[data-figure="sold"] .number').getByText("4", { exact: true }).waitFor();
  const points = page.locator("[data-points]").first();
  const before = Number(await points.getAttribute("data-points"));
  await page.waitForFunction(
    (before) => Number(document.querySelector("[data-points]").dataset.points) > before,
    before,
  );
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
  await page.waitForFunction(
    async (path) => (await (await fetch(path)).json()).message === "Back soon",
    `/api/queue/board/${CONCERT.id}`,
  );
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
  await page.getByLabel(CONCERT.name).check();
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
  await page.goto(`${play.network.address}ops/#/events/${CONCERT.id}/live`);
  await page.getByRole("button", { name: "Close the sale" }).click();
  const button = page.getByRole("button", { name: "Close for good" });
  assert.equal(await button.isDisabled(), true);
  await page.getByLabel(/to confirm/).fill(CONCERT.id);
  await button.click();
  await page.locator('[data-state="closed"]').waitFor();
}

function asStaff(key) {
  return fetch(`${play.network.address}staff/session`, { headers: { authorization: `Bearer ${key}` } });
}
