// Standing in line in a real browser against the real program: keeping one's place, being called, and what a line can say.
// node e2e/line.mjs <the jari program, or the address of a server with pages> [a folder for pictures, or - to look at nothing [stories]]
// With an address, JARI_OPERATOR_KEY is the organiser's key; with a program, the pages must have been built.
import assert from "node:assert/strict";
import { onHeading } from "./shop.mjs";
import { CONCERT, perform, stage } from "./stage.mjs";

const [where, pictures, ...chosen] = process.argv.slice(2);
const play = await stage("buyers", where, process.env.JARI_OPERATOR_KEY, pictures);
const { words } = play;
const run = `e2e-line-${Date.now().toString(36)}`;

const STORIES = {
  // First, on a server where nobody has done anything.
  "nothing on sale yet, and no server": nothingYet,
  "reload, lost network and a second tab": keepsThePlace,
  "closed, asleep, and left": away,
  "called when it is one's turn": called,
  "paused, sold out, closed, time over": states,
  "the bar moves, unless somebody wants it calm": moving,
};

await perform("line", STORIES, chosen, play.end);

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
  await page.locator("dd").getByText(t.people(1)).waitFor();
  const second = await tab(`#/events/${eventId}`);
  await second.getByRole("link", { name: t.backToPlace }).click();
  await stands(second, "3");

  play.network.cut();
  await page.getByText(t.lineLost).waitFor();
  await stands(page, "3");
  await play.look(page, "line-lost");
  await play.leave(ahead[0]);
  await play.ask(ahead[1]);
  play.network.mend();
  await stands(page, "2");
  await page.getByText(t.lineLost).waitFor({ state: "hidden" });
  await stands(second, "2");
  // One place, however many pages: nobody else came in between.
  await play.ask(behind);
  await page.locator("dd").getByText(t.people(1)).first().waitFor();

  await play.leave(ahead[1]);
  await play.leave(inShop);
  await page.getByRole("application").waitFor();
  await second.getByRole("application").waitFor();
  await play.ask(behind);
  assert.equal((await play.enter(eventId)).position, 2, "the one behind is next, and nobody stands between");
  await end();
}

/** Somebody who comes back, hours later or from sleep, stands where they stood. */
async function away() {
  const t = words.ko;
  const eventId = await play.event(`${run}-away`);
  const inShop = await play.enter(eventId);
  const ahead = await play.enter(eventId);
  const { tab, end, context } = await play.open("phone", "ko");
  const first = await tab(`#/events/${eventId}/buy`);
  await first.getByText(t.position("2"), { exact: true }).waitFor();
  await first.close();
  const page = await tab(`#/events/${eventId}`);
  await page.getByText(t.placeKept).waitFor();
  await play.look(page, "place-kept");
  await page.getByRole("link", { name: t.backToPlace }).click();
  await page.getByText(t.position("2"), { exact: true }).waitFor();

  const device = await context.newCDPSession(page);
  await device.send("Page.setWebLifecycleState", { state: "frozen" });
  await play.leave(ahead);
  await device.send("Page.setWebLifecycleState", { state: "active" });
  await page.getByText(t.nextUp).waitFor();

  await page.getByRole("button", { name: t.leaveLine }).click();
  await page.getByText(t.leaveSure).waitFor();
  await play.look(page, "leave-line");
  await page.getByRole("button", { name: t.leave, exact: true }).click();
  await onHeading(page, CONCERT);
  await play.leave(inShop);
  assert.equal((await play.enter(eventId)).position, 0, "nobody is left before them");
  await end();
}

/** A buyer's first visit, before anything is announced; and one whose server does not answer. */
async function nothingYet() {
  const t = words.en;
  const { tab, end } = await play.open("phone", "en");
  const page = await tab();
  await page.getByRole("heading", { name: t.noEvents }).waitFor();
  await play.look(page, "no-events");
  await page.goto(`${play.network.address}#/tickets`);
  await page.getByRole("heading", { name: t.noTickets }).waitFor();
  await play.look(page, "no-tickets");
  // The page says both languages, and keeps the one that was chosen.
  await page.getByRole("button", { name: /한국어/ }).click();
  await page.getByRole("heading", { name: words.ko.noTickets }).waitFor();
  await page.reload();
  await page.getByRole("heading", { name: words.ko.noTickets }).waitFor();
  assert.equal(await page.evaluate(() => document.documentElement.lang), "ko");

  await page.route("**/api/events?*", (route) => route.abort());
  await page.goto(`${play.network.address}#/`);
  await page.getByRole("heading", { name: words.ko.unreachable }).waitFor();
  await play.look(page, "unreachable");
  await page.unroute("**/api/events?*");
  // It goes on trying by itself.
  await page.getByRole("heading", { name: words.ko.noEvents }).waitFor();
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
  await page.waitForFunction((text) => document.title === text, t.titleTurn(CONCERT));
  const { told, notes } = await page.evaluate(() => globalThis.calls);
  assert.deepEqual(told, [[t.yourTurn, t.yourTurnBody(CONCERT)]]);
  assert.equal(notes, 4, "two notes to try, two when it is one's turn");
  await page.evaluate(() => globalThis.turnAway(false));
  await page.waitForFunction((text) => document.title === text, t.titled(CONCERT));
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

/** The light that runs along the bar. */
async function moving() {
  const t = words.en;
  const eventId = await play.event(`${run}-moving`);
  await play.enter(eventId);
  for (const [reducedMotion, moves] of [
    ["no-preference", true],
    ["reduce", false],
  ]) {
    const { tab, end } = await play.open("phone", "en", { reducedMotion });
    const page = await tab(`#/events/${eventId}/buy`);
    const bar = page.getByRole("progressbar");
    await bar.waitFor();
    const running = await bar.evaluate(
      (one) => one.getAnimations({ subtree: true }).filter(({ playState }) => playState === "running").length,
    );
    assert.equal(running > 0, moves, reducedMotion);
    await page.getByRole("button", { name: t.leaveLine }).click();
    await page.getByRole("button", { name: t.leave, exact: true }).click();
    await onHeading(page, CONCERT);
    await end();
  }
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
  // The hall is shown before there is anything to choose, with what costs how much.
  await early.getByRole("img", { name: new RegExp(t.onMap.mapLabel(".*", 44)) }).waitFor();
  await early.getByText("₩88,000").waitFor();
  await play.look(early, "soon");
  await early.getByRole("link", { name: t.standInLine }).click();
  await onHeading(early, t.notOpen);
  await play.look(early, "not-open");
  await early.getByRole("button", { name: t.leaveLine }).click();
  await early.getByRole("button", { name: t.leave, exact: true }).click();
  await onHeading(early, CONCERT);

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
