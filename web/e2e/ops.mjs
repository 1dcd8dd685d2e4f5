// The organiser's pages in a real browser against the real program: from an empty draft to a sale that is closed.
// node e2e/ops.mjs <the jari program, or the address of a server with pages> [a folder for pictures, or - to look at nothing [stories]]
// With an address, JARI_OPERATOR_KEY is the organiser's key; with a program, the pages must have been built.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { perform, stage } from "./stage.mjs";

const [where, pictures, ...chosen] = process.argv.slice(2);
const play = await stage("ops", where, process.env.JARI_OPERATOR_KEY, pictures);
/** Names of its own, where the server may be one that has seen others. */
const run = /^https?:/.test(where) ? Date.now().toString(36) : "";
const CONCERTS = {
  en: { name: `Winter Concert ${run}`.trim(), id: `winter-concert-${run}`.replace(/-$/, "") },
  // A name in Hangul gives no id by itself.
  ko: { name: `겨울 음악회 ${run}`.trim(), id: `winter-evening-${run}`.replace(/-$/, "") },
};

const STORIES = {
  // First, on a server where nobody has done anything.
  "nothing there yet, and a draft that is deleted": empty,
  "from a draft to a closed sale, desktop, en": () => evening("desktop", "en"),
  "from a draft to a closed sale, phone, ko": () => evening("phone", "ko"),
};

await perform("ops", STORIES, chosen, play.end);

async function evening(screen, language) {
  const { tab, end } = await play.open(screen, language);
  const page = await tab("ops/");
  const scene = {
    page,
    t: play.words[language],
    ...CONCERTS[language],
    look: (name) => play.look(page, `ops-${name}`),
    press: (name) => page.getByRole("button", { name, exact: true }).click(),
    goTo: (name) => page.getByRole("link", { name, exact: true }).click(),
    field: (name) => page.getByLabel(name, { exact: true }),
    see: (text) => page.getByText(text).first().waitFor(),
    state: (state) => page.locator(`[data-state="${state}"]`).first().waitFor(),
  };
  await signIn(scene);
  await makeEvent(scene);
  await importMap(scene);
  await setPrices(scene);
  await open(scene);
  await sellAndWatch(scene);
  await pauseAndResume(scene);
  await loseTheNetwork(scene);
  await reservations(scene);
  await blocks(scene);
  await settings(scene);
  await staffKeys(scene);
  await page.goto(`${play.network.address}ops/#/audit`);
  await scene.see(scene.t.didCancel);
  // What was a bare id says what it names, also once that is gone.
  await scene.see(scene.t.staffKeyOf("North gate"));
  await scene.see(new RegExp(`${scene.t.reservationOf("\\d{4}")}: The buyer asked`));
  await scene.see(scene.t.blockedDone("1"));
  await scene.look("audit");
  await close(scene);
  await end();
}

async function signIn({ page, t, look, press, field, see }) {
  await field(t.operatorKey).fill("wrong");
  await press(t.signIn);
  await see(t.keyRefused);
  await look("sign-in");
  await field(t.operatorKey).fill(play.operatorKey);
  await press(t.signIn);
  await page.getByRole("heading", { name: t.events, exact: true }).waitFor();
}

async function makeEvent({ page, t, id, name, look, press, goTo, field, see }) {
  await goTo(t.newEvent);
  await press(t.create);
  await see(t.needed);
  await field(t.name).fill(name);
  await field(t.name).and(page.locator('[aria-invalid="true"]')).waitFor({ state: "detached" });
  await field(t.venue).fill("Small Hall");
  if (name.startsWith("Winter")) assert.equal(await field(t.eventId).inputValue(), id);
  else await field(t.eventId).fill(id);
  await field(t.startsAt).fill("2030-12-01T19:30");
  await field(t.passSeconds).fill("0");
  await press(t.create);
  // The server's own word about one field, at that field.
  await see(t.badRange("1", "86,400"));
  await look("new-event");
  await field(t.passSeconds).fill("600");
  await press(t.create);
  await page.getByRole("heading", { name: t.importMap }).waitFor();
  await look("no-map");
}

async function importMap({ page, t, look, press, see }) {
  const file = (name, text) => ({ name, mimeType: "text/csv", buffer: Buffer.from(text) });
  const input = page.locator('input[type="file"]');
  // With keys alone, and under the name of what it does.
  // Asked for first: the browser must have heard that the chooser is ours before the key comes.
  const asked = page.waitForEvent("filechooser");
  const labelled = page.getByLabel(t.chooseFile).or(page.getByLabel(t.dropFile));
  await labelled.focus();
  await labelled.and(page.locator(":focus")).press("Enter");
  assert.equal((await asked).isMultiple(), false);
  // No tab of the event is cut, however narrow the page.
  const tabs = page.getByRole("navigation").last();
  assert.equal(await tabs.evaluate((one) => one.scrollWidth > one.clientWidth), false);
  await input.setInputFiles(file("broken.csv", "section,row,seats,category\nA,1,1-10,VIP\nA,1,5,VIP\n"));
  await see(t.unusable);
  await page.getByRole("button", { name: t.isError }).first().click();
  await page.locator("code").getByText("A,1,").waitFor();
  await look("import-errors");
  await press(t.otherFile);
  await input.setInputFiles(file("hall.csv", "section,row,seats,category\nA,1,1-10,VIP\nA,2,1-10,Stalls\n"));
  await see(t.reportLine(20, 1));
  await page
    .getByRole("button", { name: /has no price|가격이 없습니다/ })
    .first()
    .click();
  await see(t.marked(10));
  await look("import");
  await press(t.takeMap(20));
  await see(t.mapTaken(20));
}

async function setPrices({ t, look, press, field, see }) {
  await field("VIP").fill("88,000");
  await field("Stalls").fill("1.5");
  await see(t.badPrice("KRW"));
  await field("Stalls").fill("44000");
  await press(t.savePrices);
  await see(t.saved);
  await look("prices");
}

async function open({ t, look, press, goTo, see, state }) {
  await goTo(t.tabLive);
  await see(t.readyToOpen);
  await look("ready");
  await press(t.open);
  await state("on_sale");
}

async function sellAndWatch({ page, t, id, look, press, field }) {
  const figure = (name, text) => page.locator(`[data-figure="${name}"]`).getByText(text, { exact: true });
  await figure("sold", t.ofSeats(20)).waitFor();
  await play.buy(id, 2, "Kim Min-ji");
  await play.buy(id, 2, "Lee Jun");
  await figure("sold", "4").waitFor();
  // Every chart moves: each second has its point, and what was sold is in its picture.
  const chart = (title) => page.locator("figure").filter({ has: page.getByText(title, { exact: true }) });
  await chart(t.chartSeats)
    .locator("li")
    .filter({ hasText: t.sold })
    .getByText("4", { exact: true })
    .waitFor();
  await chart(t.revenue).locator("li").filter({ hasText: t.inAll }).getByText(/[1-9]/).waitFor();
  await chart(t.chartMinutes)
    .locator("li")
    .filter({ hasText: t.bought })
    // Of this minute, which may have begun just now.
    .getByText(/^\d+$/)
    .waitFor();
  await chart(t.chartP99)
    .getByText(/\d ms$/)
    .first()
    .waitFor();
  await moves(page, chart(t.chartLine), () => play.enter(id));
  // The hall, seat by seat, as it is now.
  const hall = page.locator("section").filter({ has: page.getByRole("heading", { name: t.hallNow }) });
  await hall.locator("li").filter({ hasText: t.seatSold }).getByText("4", { exact: true }).waitFor();
  await look("live");
  await field(t.capacity).fill("7");
  await press(t.setNow);
  await figure("admitted", t.ofCapacity(7)).waitFor();
}

/** The chart gets another point, and another picture. */
async function moves(page, chart, act) {
  const figure = await chart.elementHandle();
  const before = await figure.evaluate((one) => ({
    points: Number(one.dataset.points),
    drawn: one.querySelector("canvas").toDataURL(),
  }));
  await act();
  await page.waitForFunction(
    ([one, { points, drawn }]) =>
      Number(one.dataset.points) > points && one.querySelector("canvas").toDataURL() !== drawn,
    [figure, before],
  );
}

async function pauseAndResume({ page, t, id, look, press, field, state }) {
  await press(t.pause);
  await field(t.pauseMessage).fill("Back soon");
  await look("pause");
  await press(t.pauseNow);
  await state("paused");
  await page.waitForFunction(
    async (path) => (await (await fetch(path)).json()).message === "Back soon",
    `/api/queue/board/${id}`,
  );
  await press(t.resume);
  await state("on_sale");
}

async function loseTheNetwork({ page, t, look, see }) {
  play.network.cut();
  await see(t.lost);
  await look("lost");
  play.network.mend();
  await page.getByText(t.lost).waitFor({ state: "detached" });
}

async function reservations({ page, t, look, press, goTo, field, see }) {
  await goTo(t.reservations);
  await see("Lee Jun");
  await see(t.shared.seatsOfRow(t.shared.sectionName("A"), "1", ["5", "6"]));
  await csv({ page, t, press });
  await field(t.search).fill("nobody");
  await see(t.nothingFound("nobody"));
  await look("nothing-found");
  await field(t.search).fill("min-ji");
  await page.getByRole("cell", { name: /Kim Min-ji/ }).waitFor();
  await page.getByRole("cell", { name: /Lee Jun/ }).waitFor({ state: "detached" });
  await look("reservations");
  await page
    .getByRole("row", { name: /Kim Min-ji/ })
    .getByRole("button")
    .click();
  await press(t.newReceipt);
  await see(t.receiptMade);
  await press(t.cancelReservation);
  await see(t.needed);
  await field(t.cancelReason).fill("The buyer asked");
  await page.getByText(t.needed).waitFor({ state: "detached" });
  await look("reservation");
  await press(t.cancelReservation);
  await page.locator('dialog [data-state="cancelled"]').waitFor();
  await press(t.done);
}

async function csv({ page, t, press }) {
  // Nobody is here to choose a file in the browser's own window.
  await page.evaluate(() => {
    globalThis.showSaveFilePicker = undefined;
  });
  const [file] = await Promise.all([page.waitForEvent("download"), press(t.csv)]);
  const lines = readFileSync(await file.path(), "utf8")
    .trim()
    .split("\n");
  assert.equal(lines.length, 5, "a line for each of four seats, below their names");
  assert.ok(lines.some((line) => line.includes("Kim Min-ji")));
}

async function blocks({ t, look, press, goTo, field }) {
  await goTo(t.tabBlocks);
  await field(t.row).selectOption({ label: "2" });
  await press(t.seatState("9", t.seatFree));
  await press(t.block("1"));
  await field(t.seatState("9", t.seatBlocked)).waitFor();
  await look("blocks");
}

async function settings({ t, name, look, press, goTo, field, see }) {
  await goTo(t.tabSettings);
  await field(t.saleClosesAt).fill("2030-12-01T19:00");
  await field(t.saleOpensAt).fill("2030-12-01T20:00");
  await press(t.save);
  await see(t.badOrder);
  await look("settings");
  await field(t.saleOpensAt).fill("");
  await field(t.venue).fill("Large Hall");
  await press(t.save);
  await see(t.saved);
  await see(`Large Hall`);
  await see(name);
}

async function staffKeys({ page, t, name, look, press, goTo, field, see }) {
  await goTo(t.staffKeys);
  await press(t.makeKey);
  await see(t.chooseEvent);
  await field(t.keyName).fill("North gate");
  await field(name).check();
  await look("staff-keys");
  await press(t.makeKey);
  const key = await field(t.staffKey).inputValue();
  assert.equal((await asStaff(key)).status, 200);
  await look("staff-key");
  await press(t.keyTaken);
  await press(t.withdrawKey("North gate"));
  await look("withdraw");
  await page.getByRole("dialog").getByRole("button", { name: t.withdraw, exact: true }).click();
  await page.getByRole("button", { name: t.withdrawKey("North gate") }).waitFor({ state: "detached" });
  assert.equal((await asStaff(key)).status, 403);
}

async function close({ page, t, id, look, press, field, state }) {
  await page.goto(`${play.network.address}ops/#/events/${id}/live`);
  await press(t.close);
  const button = page.getByRole("button", { name: t.closeForGood });
  assert.equal(await button.isDisabled(), true);
  await field(t.typeToConfirm(id)).fill(id);
  await look("close");
  await button.click();
  await state("closed");
  await look("closed");
}

/** An organiser's first minute: nothing there yet, a draft that is deleted again, and addresses that lead nowhere. */
async function empty() {
  const t = play.words.ko;
  const { tab, end } = await play.open("phone", "ko");
  const page = await tab("ops/");
  await page.getByLabel(t.operatorKey).fill(play.operatorKey);
  await page.getByRole("button", { name: t.signIn }).click();
  await page.getByText(t.noEvents).waitFor();
  await play.look(page, "ops-no-events");
  await page.goto(`${play.network.address}ops/#/staff-keys`);
  await page.getByText(t.noStaffKeys).waitFor();
  await play.look(page, "ops-no-keys");

  await play.admin("POST", "/events", {
    event_id: "rehearsal",
    name: "Rehearsal",
    venue: "Small Hall",
    starts_at: "2031-05-01T10:30:00Z",
    currency: "KRW",
  });
  await page.goto(`${play.network.address}ops/#/events/rehearsal/blocks`);
  await page.getByText(t.blocksLater).waitFor();
  await page.goto(`${play.network.address}ops/#/events/rehearsal/settings`);
  await page.getByRole("button", { name: t.deleteEvent }).click();
  await page.getByLabel(t.typeToConfirm("rehearsal")).fill("rehearsal");
  await play.look(page, "ops-delete");
  await page.getByRole("dialog").getByRole("button", { name: t.deleteEvent }).click();
  await page.getByText(t.noEvents).waitFor();

  await page.goto(`${play.network.address}ops/#/events/rehearsal`);
  await page.getByText(t.eventNotFound).waitFor();
  await play.look(page, "ops-no-such-event");
  await page.goto(`${play.network.address}ops/#/nowhere`);
  await page.getByText(t.unknownPage).waitFor();
  await end();
}

function asStaff(key) {
  return fetch(`${play.network.address}staff/session`, { headers: { authorization: `Bearer ${key}` } });
}
