// The seat map in a real browser against the real program, in a real hall: keys, fingers, the list, signs and colours.
// node e2e/map.mjs <the jari program, or the address of a server with pages> [a folder for pictures, or - to look at nothing [stories]]
// With an address, JARI_OPERATOR_KEY is the organiser's key; with a program, the pages must have been built.
import assert from "node:assert/strict";
import { fillIn, onHeading, press } from "./shop.mjs";
import { CONCERT_HALL, perform, STADIUM, stage } from "./stage.mjs";

const [where, pictures, ...chosen] = process.argv.slice(2);
const play = await stage("buyers", where, process.env.JARI_OPERATOR_KEY, pictures);
const { words } = play;
const run = `e2e-map-${Date.now().toString(36)}`;

/** A twelfth of the stadium's seats; most pictures need a few hundred. */
const MOST_CALLS = 3_300;

const STORIES = {
  "keys on the plan": keys,
  "fingers on the plan": fingers,
  "a wheelchair space from the list": wheelchair,
  "signs, and nightfall": signs,
  "39,616 seats": stadium,
};

await perform("map", STORIES, chosen, play.end);

/** In the shop, before the hall. */
async function inShop(name, screen, language, hall = CONCERT_HALL) {
  const eventId = await play.event(`${run}-${name}`, { hall, queue: { capacity: 10 } });
  const { tab, end } = await play.open(screen, language);
  const page = await tab(`#/events/${eventId}/buy`);
  await page.getByRole("application").waitFor();
  await page.evaluate(() => document.fonts.ready.then(() => {}));
  return { page, end, eventId, t: words[language] };
}

/** Seats are reached and chosen with keys alone, are said aloud, and are not to be had once somebody else has them. */
async function keys() {
  const { page, end, eventId, t } = await inShop("keys", "desktop", "en");
  const seatIds = await namesOf(eventId, t);
  const heard = page.locator('.map [aria-live="polite"]');
  const legend = page.getByRole("region", { name: t.onMap.legend });
  await page.getByRole("application").focus();
  await page.keyboard.press("ArrowRight");
  await heard.filter({ hasText: t.onMap.free }).waitFor();
  const first = nameIn(await heard.textContent());
  await page.keyboard.press("Enter");
  await heard.filter({ hasText: t.onMap.nowChosen(first, 1) }).waitFor();
  await page.keyboard.press("ArrowRight");
  await heard.filter({ hasNotText: first }).waitFor();
  const second = nameIn(await heard.textContent());
  const before = await legend.textContent();
  await play.hold(await play.enter(eventId), { seats: [seatIds.get(second)] });
  await legend.filter({ hasNotText: before }).waitFor();
  await page.keyboard.press("Enter");
  await page.getByText(t.onMap.isTaken(second, t.onMap.held)).waitFor();
  // What was said is said in the language that is switched to.
  await page.getByRole("button", { name: /한국어/ }).click();
  await page.locator(".map .said").getByText(words.ko.onMap.held).waitFor();
  await page.getByRole("button", { name: /^English/ }).click();
  await page.getByRole("application").focus();
  await play.look(page, "map-keys");
  await page.keyboard.press("ArrowRight");
  await heard.filter({ hasNotText: second }).waitFor();
  const third = nameIn(await heard.textContent());
  await page.keyboard.press("Space");
  await heard.filter({ hasText: t.onMap.nowChosen(third, 2) }).waitFor();

  await page.keyboard.press("0");
  await seesWhole(page, t, true);
  await page.keyboard.press("+");
  await seesWhole(page, t, false);
  await press(page, "button", t.hold);
  await onHeading(page, t.checkout);
  for (const name of [first, third]) await page.getByText(name).waitFor();
  await end();
}

/** All of the hall is seen, or not any more. */
function seesWhole(page, t, isWhole) {
  const button = page.getByRole("button", { name: t.onMap.whole, disabled: isWhole });
  return button.waitFor();
}

/** How seats are called in this language. */
async function namesOf(eventId, t) {
  const { sections } = await play.send("GET", `/api/events/${eventId}/map`);
  return new Map(
    sections.flatMap(({ name: section, rows }) =>
      rows.flatMap(({ name: row, seats }) =>
        seats.map(({ number, seat_id }) => [t.shared.seatsOfRow(section, row, [number]), seat_id]),
      ),
    ),
  );
}

/** "Front Stalls, Row A, seat 12" of all that is said of a seat. */
function nameIn(said) {
  return said.split(", ").slice(0, 3).join(", ");
}

/** Two fingers go nearer, one moves the hall, a touch chooses. */
async function fingers() {
  const { page, end, t } = await inShop("fingers", "phone", "ko");
  const box = await page.locator("canvas").first().boundingBox();
  const whole = await page.getByRole("button", { name: t.onMap.whole }).boundingBox();
  assert.ok(whole.y >= box.y + box.height, "the buttons lie on no seat");
  const middle = { x: box.x + box.width / 2, y: box.y + box.height * 0.4 };
  const device = await page.context().newCDPSession(page);
  const touch = (type, ...points) => device.send("Input.dispatchTouchEvent", { type, touchPoints: points });
  await seesWhole(page, t, true);
  const apart = (by) => [
    { x: middle.x - by, y: middle.y, id: 1 },
    { x: middle.x + by, y: middle.y, id: 2 },
  ];
  await touch("touchStart", ...apart(20));
  for (let by = 30; by <= 120; by += 10) await touch("touchMove", ...apart(by));
  await touch("touchEnd");
  await seesWhole(page, t, false);
  const seen = await drawn(page);
  await touch("touchStart", middle);
  for (let by = 10; by <= 60; by += 10) await touch("touchMove", { x: middle.x, y: middle.y + by });
  await touch("touchEnd");
  assert.notEqual(await drawn(page), seen, "the hall has moved");
  const basket = page.getByRole("region", { name: t.yourSeats }).getByRole("listitem");
  for (let times = 0; (await basket.count()) === 0; times += 1) {
    assert.ok(times < 5, "no seat was chosen");
    await page.touchscreen.tap(middle.x, middle.y);
  }
  await play.look(page, "map-fingers");
  // The basket lies below the plan and its buttons.
  const held = await page.getByRole("region", { name: t.yourSeats }).boundingBox();
  assert.ok(
    held.y >= whole.y + whole.height,
    `the basket begins at ${held.y}, the buttons end at ${whole.y + whole.height}`,
  );
  await page.getByRole("button", { name: t.hold }).click();
  await onHeading(page, t.checkout);
  await end();
}

async function wheelchair() {
  const { page, end, eventId, t } = await inShop("wheelchair", "phone", "ko");
  await page.getByRole("button", { name: t.list, exact: true }).click();
  await page.getByLabel(t.onMap.filterAccessible).check();
  const list = page.getByRole("region", { name: t.onMap.listLabel });
  await list.getByRole("button", { expanded: false }).first().click();
  await list.getByRole("button", { expanded: false }).first().click();
  await list.getByRole("button", { name: t.onMap.accessible }).first().click();
  await play.look(page, "list-wheelchair");
  await page.getByRole("button", { name: t.hold }).click();
  await onHeading(page, t.checkout);
  await fillIn(page, t);
  await onHeading(page, t.bought);
  const [sold] = await play.sold(eventId);
  assert.deepEqual(
    sold.seats.map(({ category }) => category),
    ["Wheelchair"],
  );
  await end();
}

/** Whoever tells no colours apart tells signs apart by their form; and the map follows the scheme at once. */
async function signs() {
  const { page, end } = await inShop("signs", "desktop", "en");
  const forms = await page.evaluate(blackAndWhite);
  assert.equal(forms.length, 6);
  for (const [at, one] of forms.entries())
    for (const [other, pixels] of forms.entries()) {
      if (other <= at) continue;
      const differ = one.filter((ink, pixel) => ink !== pixels[pixel]).length / one.length;
      assert.ok(differ > 0.05, `signs ${at} and ${other} are alike: ${differ}`);
    }
  const light = await drawn(page);
  await page.emulateMedia({ colorScheme: "dark" });
  const turned = await drawn(page);
  assert.ok(turned !== light, "light and dark are alike");
  await page.reload();
  await page.getByRole("application").waitFor();
  await page.evaluate(() => document.fonts.ready.then(() => {}));
  assert.ok((await drawn(page)) === turned, "a page that was dark from the first looks otherwise");
  await end();
}

/** However many seats there are, what is asked of the canvas for one picture stays little. */
async function stadium() {
  const { page, end } = await inShop("stadium", "desktop", "en", STADIUM);
  await page.evaluate(countCalls);
  const box = await page.locator(".map canvas").first().boundingBox();
  for (const distance of ["far", "between", "near"]) {
    await page.mouse.move(box.x + box.width / 2, box.y + box.height * 0.6);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.4, box.y + box.height * 0.5, { steps: 4 });
    await page.mouse.up();
    await drawn(page);
    const calls = await page.evaluate(() => globalThis.calls.splice(0).filter((count) => count > 0));
    assert.ok(calls.length > 0, `${distance}: it was not drawn`);
    assert.ok(Math.max(...calls) < MOST_CALLS, `${distance}: ${Math.max(...calls)} calls for one picture`);
    await play.look(page, `stadium-${distance}`);
    for (let at = 0; at < 5; at += 1) await page.mouse.wheel(0, -200);
  }
  await end();
}

/** Runs in the page: how often something was drawn, for each picture. */
function countCalls() {
  globalThis.calls = [];
  let now = 0;
  const tools = CanvasRenderingContext2D.prototype;
  for (const name of [
    "fill",
    "stroke",
    "fillRect",
    "strokeRect",
    "fillText",
    "strokeText",
    "drawImage",
    "putImageData",
  ]) {
    const draw = tools[name];
    tools[name] = function (...how) {
      now += 1;
      return draw.apply(this, how);
    };
  }
  const ask = globalThis.requestAnimationFrame;
  globalThis.requestAnimationFrame = (act) =>
    ask((time) => {
      now = 0;
      act(time);
      globalThis.calls.push(now);
    });
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

/** The plan as a picture, once the browser has drawn what was asked of it. */
function drawn(page) {
  return page.evaluate(async () => {
    for (let left = 3; left > 0; left -= 1) await new Promise(requestAnimationFrame);
    return document.querySelector(".map canvas").toDataURL();
  });
}
