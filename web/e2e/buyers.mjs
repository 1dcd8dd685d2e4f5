// The buyers' pages in a real browser against the real program: from the line to the ticket, and all that comes between.
// node e2e/buyers.mjs <the jari program, or the address of a server with pages> [a folder for pictures]
// With an address, JARI_OPERATOR_KEY is the organiser's key; with a program, the pages must have been built.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { stage } from "./stage.mjs";

const [where, pictures] = process.argv.slice(2);
const play = await stage("buyers", where, process.env.JARI_OPERATOR_KEY, pictures);
const { words } = play;
const run = `e2e-${Date.now().toString(36)}`;

const STORIES = {
  "line to ticket, phone, ko": () => lineToTicket("phone", "ko"),
  "line to ticket, phone, en": () => lineToTicket("phone", "en"),
  "line to ticket, desktop, ko": () => lineToTicket("desktop", "ko"),
  "line to ticket, desktop, en": () => lineToTicket("desktop", "en"),
  "reload, lost network and a second tab in the line": keepsThePlace,
  "called when it is one's turn": called,
  "two browsers after one seat": oneSeat,
  "a hold runs out": runsOut,
  "an answer is lost while confirming": lostAnswer,
  "keyboard alone": keyboardAlone,
  "paused, sold out, closed, time over": states,
};

try {
  for (const [name, story] of Object.entries(STORIES)) {
    await story();
    console.log(`buyers: ${name}: passed`);
  }
} finally {
  await play.end();
}

async function lineToTicket(screen, language) {
  const t = words[language];
  const name = `${screen}-${language}`;
  const eventId = await play.event(`${run}-${name}`);
  const inShop = await play.enter(eventId);
  const ahead = await play.enter(eventId);
  const { tab, end } = await play.open(screen, language);
  const page = await tab();
  await page.locator(`a[href="#/events/${eventId}"]`).waitFor();
  await play.look(page, `events-${name}`);
  await page.locator(`a[href="#/events/${eventId}"]`).click();
  await page.getByRole("link", { name: t.buyTickets }).waitFor();
  await page.getByText("₩88,000").waitFor();
  await play.look(page, `event-${name}`);
  await page.getByRole("link", { name: t.buyTickets }).click();

  await page.getByText(t.position("2"), { exact: true }).waitFor();
  await onHeading(page, t.inLine);
  await page.waitForFunction((text) => document.title.startsWith(text), t.titlePosition("2", ""));
  await play.look(page, `line-${name}`);
  await play.leave(ahead);
  await page.getByText(t.nextUp).waitFor();
  assert.equal(await page.getByRole("progressbar").getAttribute("aria-valuenow"), "100");
  await play.leave(inShop);

  await page.getByRole("application").waitFor();
  await onHeading(page, t.chooseSeats);
  await play.look(page, `choose-${name}`);
  if (screen === "phone") await page.getByRole("button", { name: t.best, exact: true }).click();
  await page.getByRole("button", { name: t.onMap.findBest("2") }).click();

  await onHeading(page, t.checkout);
  await play.look(page, `checkout-${name}`);
  await page.getByRole("button", { name: t.confirm }).click();
  await page.getByText(t.needed).first().waitFor();
  await fillIn(page, t);
  await onHeading(page, t.bought);
  const [sold] = await play.sold(eventId);
  await page.locator("article").getByText(sold.code, { exact: true }).waitFor();
  await page.getByRole("img", { name: t.qrLabel }).waitFor();
  await play.look(page, `ticket-${name}`);
  await files(page, t, sold);
  await page.reload();
  await page.getByRole("img", { name: t.qrLabel }).waitFor();
  await page.getByRole("link", { name: t.myTickets }).click();
  await page.getByText(sold.code).waitFor();
  await play.look(page, `tickets-${name}`);
  assert.ok(!page.url().includes(sold.code));
  await end();
}

/** The calendar and the PDF are files with the right things in them. */
async function files(page, t, sold) {
  const download = async (name) => {
    const coming = page.waitForEvent("download");
    await page.getByRole("button", { name }).click();
    return readFileSync(await (await coming).path());
  };
  const calendar = (await download(t.calendar)).toString().replaceAll("\r\n ", "");
  assert.ok(calendar.includes("DTSTART:20310501T103000Z") && calendar.includes(sold.code), calendar);
  assert.equal((await download(t.pdf)).subarray(0, 5).toString(), "%PDF-");
}

async function keepsThePlace() {
  const t = words.en;
  const eventId = await play.event(`${run}-keep`);
  const inShop = await play.enter(eventId);
  const ahead = [await play.enter(eventId), await play.enter(eventId)];
  const { tab, end } = await play.open("phone", "en");
  const page = await tab(`#/events/${eventId}/buy`);
  const stands = (one, n) => one.getByText(t.position(n), { exact: true }).waitFor();
  await stands(page, "3");
  const behind = await play.enter(eventId);
  await page.reload();
  await stands(page, "3");
  await page.locator("dd").getByText(t.people("1")).waitFor();
  const second = await tab(`#/events/${eventId}`);
  await second.getByRole("link", { name: t.backToPlace }).click();
  await stands(second, "3");

  play.network.cut();
  await page.getByText(t.lineLost).waitFor();
  await stands(page, "3");
  await play.look(page, "line-lost");
  await play.leave(ahead[0]);
  play.network.mend();
  await stands(page, "2");
  await page.getByText(t.lineLost).waitFor({ state: "hidden" });
  await stands(second, "2");
  // One place, however many pages: nobody else came in between.
  await page.locator("dd").getByText(t.people("1")).first().waitFor();

  await play.leave(ahead[1]);
  await play.leave(inShop);
  await page.getByRole("application").waitFor();
  await second.getByRole("application").waitFor();
  assert.equal((await play.enter(eventId)).position, 2, "the one behind is next, and nobody stands between");
  assert.ok(behind.ticket);
  await end();
}

async function called() {
  const t = words.ko;
  const eventId = await play.event(`${run}-call`);
  const inShop = await play.enter(eventId);
  const { tab, end, context } = await play.open("phone", "ko");
  await context.grantPermissions(["notifications"]);
  await context.addInitScript(watchCalls);
  const page = await tab(`#/events/${eventId}/buy`);
  await page.getByRole("button", { name: t.tellMe }).click();
  await page.getByText(t.tellsYou).waitFor();
  await page.evaluate(() => globalThis.turnAway(true));
  await play.leave(inShop);
  await page.waitForFunction((text) => document.title === text, t.titleTurn(`Concert ${eventId}`));
  const { told, notes } = await page.evaluate(() => globalThis.calls);
  assert.deepEqual(told, [[t.yourTurn, t.yourTurnBody(`Concert ${eventId}`)]]);
  assert.equal(notes, 4, "two notes to try, two when it is one's turn");
  await page.evaluate(() => globalThis.turnAway(false));
  await page.waitForFunction((text) => document.title === text, t.titled(`Concert ${eventId}`));
  await end();
}

/** Runs in the page: writes down what is told and sounded, and lets the page be out of sight. */
function watchCalls() {
  globalThis.calls = { told: [], notes: 0 };
  globalThis.Notification = class {
    static permission = "granted";
    static requestPermission = async () => "granted";
    constructor(title, { body }) {
      globalThis.calls.told.push([title, body]);
    }
  };
  const start = OscillatorNode.prototype.start;
  OscillatorNode.prototype.start = function (...at) {
    globalThis.calls.notes += 1;
    start.apply(this, at);
  };
  globalThis.turnAway = (isAway) => {
    Object.defineProperty(document, "visibilityState", {
      value: isAway ? "hidden" : "visible",
      configurable: true,
    });
    document.dispatchEvent(new Event("visibilitychange"));
  };
}

async function oneSeat() {
  const t = words.en;
  const eventId = await play.event(`${run}-seat`, { queue: { capacity: 10 } });
  const other = await play.enter(eventId);
  const { tab, end } = await play.open("desktop", "en");
  const page = await tab(`#/events/${eventId}/buy`);
  await chooseInList(page, t, [5]);
  await play.hold(other, { seats: ["A-1-5"] });
  // It is seen at once, with nothing done here.
  await page.getByText(t.lost("Section A, row 1, seat 5")).waitFor();
  await play.look(page, "seat-lost");
  await page.getByRole("button", { name: t.showAsGood }).click();
  await page.getByText(t.taken("Section A, row 1, seat 5")).waitFor();
  await page.getByText(t.asGood).waitFor();
  await play.look(page, "seat-taken");
  await page.locator('[data-trouble="taken"] li button').first().click();
  await onHeading(page, t.checkout);
  assert.equal(await page.getByText("Section A, row 1, seat 5").count(), 0);
  // Whoever looks at the same seats from another page sees them held.
  await page.getByRole("button", { name: t.otherSeats }).click();
  await page.getByRole("application").waitFor();
  await end();
}

async function runsOut() {
  const t = words.ko;
  const eventId = await play.event(`${run}-out`, { hold_seconds: 3, queue: { capacity: 10 } });
  const { tab, end } = await play.open("phone", "ko");
  const page = await tab(`#/events/${eventId}/buy`);
  await chooseInList(page, t, [1, 2]);
  await page.getByRole("button", { name: t.hold }).click();
  await onHeading(page, t.checkout);
  await onHeading(page, t.over);
  await play.look(page, "hold-over");
  await page.getByRole("button", { name: t.chooseAgain }).click();
  await onHeading(page, t.chooseSeats);
  await chooseInList(page, t, [1, 2]);
  await end();
}

async function lostAnswer() {
  const t = words.en;
  const eventId = await play.event(`${run}-lost`, { queue: { capacity: 10 } });
  const { tab, end } = await play.open("phone", "en");
  const page = await tab(`#/events/${eventId}/buy`);
  await page.getByRole("button", { name: t.best, exact: true }).click();
  await page.getByRole("button", { name: t.onMap.findBest("2") }).click();
  await onHeading(page, t.checkout);
  const keys = [];
  await page.route("**/reservations", async (route) => {
    keys.push(route.request().headers()["idempotency-key"]);
    // The server does it; the answer never arrives.
    await route.fetch();
    await route.abort();
  });
  await fillIn(page, t);
  await page.getByText(t.unsure).waitFor();
  await play.look(page, "unsure");
  await page.unroute("**/reservations");
  page.on("request", (request) => {
    if (request.method() === "POST" && request.url().endsWith("/reservations"))
      keys.push(request.headers()["idempotency-key"]);
  });
  await page.reload();
  await onHeading(page, t.bought);
  assert.ok(keys.length > 1);
  assert.equal(new Set(keys).size, 1, "the same key over a reload");
  assert.equal((await play.sold(eventId)).length, 1);
  await end();
}

async function keyboardAlone() {
  const t = words.en;
  const eventId = await play.event(`${run}-keys`, { queue: { capacity: 10 } });
  const { tab, end } = await play.open("desktop", "en");
  const page = await tab();
  const press = async (role, name, key = "Enter") => {
    const target = page.getByRole(role, { name }).first();
    await target.waitFor();
    for (let times = 0; !(await target.evaluate((one) => one === document.activeElement)); times += 1) {
      assert.ok(times < 120, `Tab never came to ${role} ${name}`);
      await page.keyboard.press("Tab");
    }
    await page.keyboard.press(key);
  };
  await page.getByRole("link", { name: `Concert ${eventId}` }).waitFor();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.activeElement?.id === "content");
  await press("link", `Concert ${eventId}`);
  await onHeading(page, `Concert ${eventId}`);
  await press("link", t.buyTickets);
  await onHeading(page, t.chooseSeats);
  await press("button", t.list);
  await press("button", /Section A/);
  await press("button", /Row 1/);
  await press("button", /^Seat 3/, "Space");
  await press("button", /^Seat 4/, "Space");
  await press("button", t.hold);
  await onHeading(page, t.checkout);
  await press("textbox", t.name, "Tab");
  await page.keyboard.press("Shift+Tab");
  await page.keyboard.type("Kim Min-ji");
  await page.keyboard.press("Tab");
  await page.keyboard.type("min-ji@example.org");
  await page.keyboard.press("Enter");
  await onHeading(page, t.bought);
  const [sold] = await play.sold(eventId);
  assert.deepEqual(
    sold.seats.map(({ seat_id }) => seat_id),
    ["A-1-3", "A-1-4"],
  );
  await end();
}

async function states() {
  const t = words.ko;
  const eventId = await play.event(`${run}-states`);
  const inShop = await play.enter(eventId);
  const { tab, end } = await play.open("phone", "ko");
  const page = await tab(`#/events/${eventId}/buy`);
  await page.getByText(t.nextUp).waitFor();
  await play.admin("POST", `/events/${eventId}/pause`, { message: "잠시 쉽니다" });
  await onHeading(page, t.inLinePaused);
  await page.getByText("잠시 쉽니다", { exact: true }).waitFor();
  await play.look(page, "paused");
  await play.admin("POST", `/events/${eventId}/resume`);
  await onHeading(page, t.inLine);
  await play.leave(inShop);
  await onHeading(page, t.chooseSeats);
  await play.admin("POST", `/events/${eventId}/close`);
  await onHeading(page, t.inLineClosed);
  await play.look(page, "closed");

  const soon = new Date(Date.now() + 3_600_000).toISOString();
  const later = await play.event(`${run}-later`, { sale_opens_at: soon });
  const early = await tab(`#/events/${later}`);
  await early.getByRole("heading", { name: t.untilSale }).waitFor();
  await play.look(early, "soon");
  await early.getByRole("link", { name: t.standInLine }).click();
  await onHeading(early, t.notOpen);
  await play.look(early, "not-open");
  await early.getByRole("button", { name: t.leaveLine }).click();
  await early.getByRole("button", { name: t.leave, exact: true }).click();
  await onHeading(early, `Concert ${later}`);

  const short = await play.event(`${run}-short`, { queue: { capacity: 10, pass_seconds: 3 } });
  const late = await tab(`#/events/${short}/buy`);
  await onHeading(late, t.passOver);
  await play.look(late, "pass-over");
  await late.getByRole("button", { name: t.standAgain }).click();
  await onHeading(late, t.chooseSeats);
  await late.goto("about:blank");

  const full = await play.event(`${run}-full`, { max_seats_per_buyer: 50, queue: { capacity: 10 } });
  const seats = [1, 2].flatMap((row) => [
    ...Array.from({ length: 10 }, (_, at) => `A-${row}-${at + 1}`),
    ...Array.from({ length: 12 }, (_, at) => `B-${row}-${at + 1}`),
  ]);
  await play.admin("PUT", `/events/${full}/blocks`, { block: seats });
  const none = await tab(`#/events/${full}`);
  await none.getByRole("link", { name: t.waitForSeats }).click();
  await onHeading(none, t.inLineSoldOut);
  await play.look(none, "sold-out");
  await play.admin("PUT", `/events/${full}/blocks`, { unblock: seats });
  await onHeading(none, t.chooseSeats);

  const unknown = await tab("#/events/nothing-here");
  await onHeading(unknown, t.unknownEvent);
  await play.look(unknown, "unknown");
  await end();
}

/** The screen is there, and a screen reader is where it begins. */
async function onHeading(page, name) {
  const heading = page.getByRole("heading", { level: 1, name, exact: true });
  await heading.waitFor();
  await page.waitForFunction(
    (text) =>
      [document.body, document.querySelector("h1")].includes(document.activeElement) &&
      document.querySelector("h1")?.textContent === text,
    name,
  );
}

async function chooseInList(page, t, numbers) {
  await page.getByRole("button", { name: t.list, exact: true }).click();
  const list = page.getByRole("region", { name: t.onMap.listLabel });
  await list.getByRole("button", { name: t.onMap.sectionName("A") }).click();
  await list.getByRole("button", { name: new RegExp(`^${t.onMap.rowName("1")}`) }).click();
  for (const number of numbers)
    await list.getByRole("button", { name: new RegExp(`^${t.onMap.seatNumber(String(number))} `) }).click();
}

async function fillIn(page, t) {
  await page.getByRole("textbox", { name: t.name }).fill("Kim Min-ji");
  await page.getByRole("textbox", { name: t.contact }).fill("min-ji@example.org");
  await page.getByRole("button", { name: t.confirm }).click();
}
