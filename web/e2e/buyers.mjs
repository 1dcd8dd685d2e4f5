// The buyers' pages in a real browser against the real program: from the line to the ticket, and all that comes between.
// node e2e/buyers.mjs <the jari program, or the address of a server with pages> [a folder for pictures, or - to look at nothing [stories]]
// With an address, JARI_OPERATOR_KEY is the organiser's key; with a program, the pages must have been built.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { chooseInList, fillIn, onHeading, press } from "./shop.mjs";
import { perform, stage } from "./stage.mjs";

const [where, pictures, ...chosen] = process.argv.slice(2);
const play = await stage("buyers", where, process.env.JARI_OPERATOR_KEY, pictures);
const { words } = play;
const run = `e2e-${Date.now().toString(36)}`;

const STORIES = {
  "line to ticket, phone, ko": () => lineToTicket("phone", "ko"),
  "line to ticket, phone, en": () => lineToTicket("phone", "en"),
  "line to ticket, desktop, ko": () => lineToTicket("desktop", "ko"),
  "line to ticket, desktop, en": () => lineToTicket("desktop", "en"),
  "a seat is taken while one looks": oneSeat,
  "two browsers after one seat": twoBrowsers,
  "a hold runs out": runsOut,
  "an answer is lost while confirming": lostAnswer,
  "keyboard alone": keyboardAlone,
  "back to the seats, printed, and cancelled": cancelled,
};

await perform("buyers", STORIES, chosen, play.end);

async function lineToTicket(screen, language) {
  const t = words[language];
  const name = `${screen}-${language}`;
  const eventId = await play.event(`${run}-${name}`);
  const inShop = await play.enter(eventId);
  const ahead = await play.enter(eventId);
  const { tab, end } = await play.open(screen, language);
  const page = await tab();
  await page.locator(`a[href="#/events/${eventId}"]`).waitFor();
  await play.look(page, "events");
  await page.locator(`a[href="#/events/${eventId}"]`).click();
  await page.getByRole("link", { name: t.buyTickets }).waitFor();
  await page.getByText("₩88,000").waitFor();
  await play.look(page, "event");
  await play.ask(ahead);
  await page.getByRole("link", { name: t.buyTickets }).click();

  await page.getByText(t.position("2"), { exact: true }).waitFor();
  await onHeading(page, t.inLine);
  await page.waitForFunction((text) => document.title.startsWith(text), t.titlePosition("2", ""));
  await play.look(page, "line");
  await play.leave(ahead);
  await page.getByText(t.nextUp).waitFor();
  assert.equal(await page.getByRole("progressbar").getAttribute("aria-valuenow"), "100");
  await play.leave(inShop);

  await page.getByRole("application").waitFor();
  await onHeading(page, t.chooseSeats);
  await play.look(page, "choose");
  if (screen === "phone") await page.getByRole("button", { name: t.best, exact: true }).click();
  await page.getByRole("button", { name: t.onMap.findBest(2) }).click();

  await onHeading(page, t.checkout);
  await play.look(page, "checkout");
  await page.getByRole("button", { name: t.confirm }).click();
  await page.getByText(t.needed).first().waitFor();
  // Told in both languages, and no longer than until it is mended.
  await page.locator("header button[lang]").click();
  await page
    .getByText(words[language === "ko" ? "en" : "ko"].needed)
    .first()
    .waitFor();
  await page.locator("header button[lang]").click();
  await page.getByRole("textbox", { name: t.name }).fill("Kim Min-ji");
  await page.getByText(t.needed).nth(1).waitFor({ state: "detached" });
  assert.equal(await page.getByText(t.needed).count(), 1);
  await fillIn(page, t);
  await onHeading(page, t.bought);
  const [sold] = await play.sold(eventId);
  await page.locator("article").getByText(sold.code, { exact: true }).waitFor();
  await page.getByRole("img", { name: t.qrLabel }).waitFor();
  await play.look(page, "ticket");
  await files(page, t, sold);
  await page.reload();
  await page.getByRole("img", { name: t.qrLabel }).waitFor();
  await page.getByRole("link", { name: t.myTickets }).click();
  await onHeading(page, t.myTickets);
  await page.getByText(sold.code, { exact: true }).waitFor();
  await play.look(page, "tickets");
  // As a word of its own: the same digits may be a part of the port.
  assert.ok(!page.url().split(/\W+/).includes(sold.code), page.url());
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

/** Both press at once: one has it, and whoever has not is shown seats as good, takes them and buys. */
async function twoBrowsers() {
  const eventId = await play.event(`${run}-both`, { queue: { capacity: 10 } });
  const browsers = await Promise.all(
    [
      ["desktop", "en"],
      ["phone", "ko"],
    ].map(async ([screen, language]) => {
      const { tab, end } = await play.open(screen, language);
      const t = words[language];
      const page = await tab(`#/events/${eventId}/buy`);
      await chooseInList(page, t, [5]);
      const button = await page.getByRole("button", { name: t.hold }).elementHandle();
      return { page, t, end, button };
    }),
  );
  await Promise.all(browsers.map(({ button }) => button.evaluate((one) => one.click())));
  const hasIt = ({ page, t }) =>
    Promise.race([
      onHeading(page, t.checkout).then(() => true),
      page
        .locator("[data-trouble]")
        .waitFor()
        .then(() => false),
    ]);
  const had = await Promise.all(browsers.map(hasIt));
  assert.deepEqual(had.toSorted(), [false, true], "one of them has the seat");
  const slower = browsers[had.indexOf(false)];
  // Where the news came before the press, others are shown when they are asked for.
  const ask = slower.page.locator('[data-trouble="lost"] button');
  if ((await ask.count()) > 0) await ask.click();
  await slower.page.locator('[data-trouble="taken"] li button').first().click();
  for (const { page, t, end } of browsers) {
    await onHeading(page, t.checkout);
    await fillIn(page, t);
    await onHeading(page, t.bought);
    await end();
  }
  const seats = (await play.sold(eventId)).flatMap((sold) => sold.seats.map(({ seat_id }) => seat_id));
  assert.equal(seats.length, 2);
  assert.equal(new Set(seats).size, 2, `sold twice: ${seats}`);
  assert.ok(seats.includes("A-1-5"));
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
  await page.getByRole("button", { name: t.onMap.findBest(2) }).click();
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
  const name = `Concert ${run}`;
  const eventId = await play.event(`${run}-keys`, { name, queue: { capacity: 10 } });
  const { tab, end } = await play.open("desktop", "en");
  const page = await tab();
  await page.getByRole("link", { name }).waitFor();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.activeElement?.id === "content");
  await press(page, "link", name);
  await onHeading(page, name);
  await press(page, "link", t.buyTickets);
  await onHeading(page, t.chooseSeats);
  await press(page, "button", t.list);
  await press(page, "button", /Section A/);
  await press(page, "button", /Row 1/);
  await press(page, "button", /^Seat 3/, "Space");
  await press(page, "button", /^Seat 4/, "Space");
  await press(page, "button", t.hold);
  await onHeading(page, t.checkout);
  await press(page, "textbox", t.name, "Tab");
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

/** A hold is come back to; the ticket is one printed page, and ends when its buyer says so. */
async function cancelled() {
  const t = words.ko;
  const eventId = await play.event(`${run}-cancel`, { queue: { capacity: 10 } });
  const { tab, end } = await play.open("desktop", "ko");
  const page = await tab(`#/events/${eventId}/buy`);
  await page.getByRole("button", { name: t.onMap.findBest(2) }).click();
  await onHeading(page, t.checkout);
  await page.close();
  const again = await tab(`#/events/${eventId}`);
  await again.getByText(t.holdKept).waitFor();
  await again.getByRole("link", { name: t.backToHold }).click();
  await onHeading(again, t.checkout);
  await fillIn(again, t);
  await onHeading(again, t.bought);
  await again.evaluate(() => {
    globalThis.print = () => document.body.setAttribute("data-printed", "");
  });
  await again.getByRole("button", { name: t.print }).click();
  await again.locator("body[data-printed]").waitFor();
  const paper = (await again.pdf({ format: "A4" })).toString("latin1");
  assert.equal(paper.match(/\/Type ?\/Page\b/g).length, 1, "one page");

  await again.getByRole("button", { name: t.cancelBooking }).click();
  await again.getByText(t.cancelSure).waitFor();
  await play.look(again, "cancel-sure");
  await again.getByRole("button", { name: t.cancelNow }).click();
  await onHeading(again, t.cancelled);
  await again.getByRole("img", { name: t.qrLabel }).waitFor({ state: "detached" });
  await play.look(again, "ticket-cancelled");
  assert.equal((await play.send("GET", `/api/events/${eventId}`)).seats_left, 44);
  await end();
}
