// The door's pages in a real browser against the real program: signing in, codes, scanners that type, and second tries.
// node e2e/gate.mjs <the jari program, or the address of a server with pages> [a folder for pictures, or - to look at nothing [stories]]
// With an address, JARI_OPERATOR_KEY is the organiser's key; with a program, the pages must have been built.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { perform, stage } from "./stage.mjs";

const [where, pictures, ...chosen] = process.argv.slice(2);
const scratch = mkdtempSync(join(tmpdir(), "jari-e2e-gate-"));
const camera = join(scratch, "camera.mjpeg");
const play = await stage("gate", where, process.env.JARI_OPERATOR_KEY, pictures, camera);
const run = `e2e-gate-${Date.now().toString(36)}`;

const STORIES = {
  "phone, ko": () => evening("phone", "ko"),
  "desktop, en": () => evening("desktop", "en"),
  "two events and a key that is withdrawn": twoEvents,
  "without a network, and somebody let in twice": withoutNetwork,
  "the camera": throughTheCamera,
  "a newer version": newerVersion,
};

await perform("gate", STORIES, chosen, async () => {
  await play.end();
  rmSync(scratch, { recursive: true });
});

async function evening(screen, language) {
  const t = play.words[language];
  const look = (name) => play.look(page, `gate-${name}`);
  const eventId = await play.event(`${run}-${screen}`, { queue: { capacity: 9 } });
  const [party, other] = [await play.buy(eventId, 3, "Kim Min-ji"), await play.buy(eventId, 2, "Lee Jun")];
  const { tab, end, context } = await play.open(screen, language);
  await context.addInitScript(listen);
  const page = await tab("gate/");
  await look("sign-in");
  await signIn(page, t, "wrong");
  await page.getByText(t.keyRefused).waitFor();
  await signIn(page, t, await staffKey([eventId]));
  await page.getByText(t.typeCode(4)).waitFor();
  await look("keypad");

  // By thumb, and not all of the party.
  for (const digit of party.code) await page.getByRole("button", { name: digit, exact: true }).click();
  await page.getByRole("button", { name: t.look }).click();
  await page.getByRole("checkbox").first().uncheck();
  await look("party");
  await page.getByRole("button", { name: t.letIn(2) }).click();
  await said(page, t.admitted);
  await page.getByText(t.remaining(1)).waitFor();
  await inside(page, "2 / 5");
  await page.locator("dl div", { hasText: t.atGate }).getByText("2", { exact: true }).waitFor();
  await look("admitted");

  // Undone, and let in again: nobody is counted twice.
  await page.getByRole("button", { name: t.undo }).click();
  await said(page, t.undoneWord);
  await inside(page, "0 / 5");
  await look("undone");
  await page.getByRole("button", { name: t.next }).click();
  await heard(page);

  // By a scanner that types, one after the other. Nobody has to look: each colour has its own sound.
  await scan(page, party.entry_token);
  await said(page, t.admitted);
  const sounds = [await heard(page)];
  await inside(page, "3 / 5");
  await scan(page, party.entry_token);
  await said(page, t.already);
  sounds.push(await heard(page));
  await page.getByText(t.voided).waitFor();
  await page.getByText(new RegExp(t.entry(".+", "North 2", 3))).waitFor();
  await look("already");
  await scan(page, "AQ-no-ticket-of-ours");
  await said(page, t.unknown);
  sounds.push(await heard(page));
  assert.ok(!sounds.includes(""), `one was silent: ${sounds.join(" / ")}`);
  assert.equal(new Set(sounds).size, 3, `sounds that are alike: ${sounds.join(" / ")}`);
  await look("unknown");

  // A network that is cut in the middle: the list answers, and what it did is sent when there is one again.
  await page.getByText(listOf(t)).waitFor();
  play.network.cut();
  await scan(page, other.entry_token);
  await said(page, t.admitted);
  await page.getByText(t.unsent(1)).waitFor();
  await look("offline");
  play.network.mend();
  await page.getByText(t.unsent(1)).waitFor({ state: "detached" });
  await inside(page, "5 / 5");

  const cancelled = await play.buy(eventId, 1, "Park Ha");
  await play.admin("POST", `/reservations/${cancelled.reservation_id}/cancel`, { reason: "asked" });
  await scan(page, cancelled.entry_token);
  await said(page, t.cancelled);
  await look("cancelled");

  await page.reload();
  await page.getByText(t.typeCode(4)).waitFor();
  await end();
}

async function twoEvents() {
  const t = play.words.en;
  const events = [
    await play.event(`${run}-one`, { name: "Matinee" }),
    await play.event(`${run}-two`, { name: "Evening Concert" }),
  ];
  const { tab, end } = await play.open("phone", "en");
  const page = await tab("gate/");
  await signIn(page, t, await staffKey(events));
  await page.getByRole("heading", { name: t.chooseEvent }).waitFor();
  await play.look(page, "gate-events");
  await page.getByRole("button", { name: /Evening/ }).click();
  await page.getByText(t.typeCode(4)).waitFor();
  await page.getByRole("button", { name: t.otherEvent }).click();
  await page.getByRole("button", { name: /Matinee/ }).click();
  await page.getByText(t.typeCode(4)).waitFor();
  const { items } = await play.admin("GET", "/staff-keys");
  const key = items.find(({ event_ids }) => event_ids.includes(events[1]));
  await play.admin("DELETE", `/staff-keys/${key.id}`);
  await scan(page, "AQ-any-ticket");
  await page.getByText(t.signedOut).waitFor();
  await end();
}

async function withoutNetwork() {
  const t = play.words.ko;
  const eventId = await play.event(`${run}-offline`, { queue: { capacity: 9 } });
  const [twice, once] = [await play.buy(eventId, 1, "Kim Min-ji"), await play.buy(eventId, 2, "Lee Jun")];
  const cancelled = await play.buy(eventId, 1, "Park Ha");
  const key = await staffKey([eventId]);
  const { tab, end, context } = await play.open("phone", "ko");
  const page = await tab("gate/");
  await signIn(page, t, key);
  await page.getByText(listOf(t)).waitFor();
  await page.getByText(t.offlineReady).waitFor();
  const browser = await context.newCDPSession(page);
  const { installabilityErrors: errors } = await browser.send("Page.getInstallabilityErrors");
  // All that it misses is somebody's own profile, which no test has.
  assert.deepEqual(
    errors.map(({ errorId }) => errorId),
    ["in-incognito"],
  );

  // No network at all, and the telephone was restarted: the door starts from what it has kept.
  await context.setOffline(true);
  await page.reload();
  await page.getByText(t.typeCode(4)).waitFor();
  await scan(page, twice.entry_token);
  await said(page, t.admitted);
  // The list has no more of a seat than its id: the door calls it as it does with a network.
  await page.getByText(seatOf(t, twice)).waitFor();
  await play.look(page, "gate-by-list");
  await scan(page, twice.entry_token);
  await said(page, t.already);
  await scan(page, "AQ-no-ticket-of-ours");
  await said(page, t.unknown);
  await scan(page, (await play.buy(eventId, 1, "Choi Late")).entry_token);
  await said(page, t.unlisted);
  await play.look(page, "gate-unlisted");
  for (const digit of once.code) await page.keyboard.press(digit);
  await page.keyboard.press("Enter");
  await page.getByRole("checkbox").first().uncheck();
  await page.getByRole("button", { name: t.letIn(1) }).click();
  await said(page, t.admitted);
  await page.getByRole("button", { name: t.undo }).click();
  await said(page, t.undoneWord);
  await page.getByText(t.unsent(1)).waitFor();
  await scan(page, cancelled.entry_token);
  await said(page, t.admitted);
  await page.getByText(t.unsent(2)).waitFor();
  // Entries that would be lost keep somebody signed in.
  await page.getByRole("button", { name: t.signOut, exact: true }).click();
  await page.getByText(t.notYet(2)).waitFor();
  await play.look(page, "gate-not-yet");
  const fonts = await page.evaluate(
    () => [...document.fonts].filter(({ status }) => status === "error").length,
  );
  assert.equal(fonts, 0, "a font was not kept");

  // Meanwhile, elsewhere.
  const other = { authorization: `Bearer ${key}` };
  await play.send(
    "POST",
    `/staff/events/${eventId}/check-ins`,
    { code: twice.code, gate: "South", nonce: "s" },
    other,
  );
  await play.admin("POST", `/reservations/${cancelled.reservation_id}/cancel`, { reason: "asked" });

  await context.setOffline(false);
  const shown = page.getByRole("region", { name: t.doubt });
  await shown
    .filter({ hasText: t.conflict })
    .filter({ hasText: seatOf(t, twice) })
    .waitFor();
  await shown.filter({ hasText: "South" }).waitFor();
  await shown.filter({ hasText: t.cancelledHere }).waitFor();
  await inside(page, "1 / 4");
  // How many came in where.
  await page.getByText(t.allGates).click();
  await page.locator("details li", { hasText: "South" }).getByText("1", { exact: true }).waitFor();
  await page.getByText(t.notYet(2)).waitFor({ state: "detached" });
  await page.getByRole("button", { name: t.toLookAt(2) }).click();
  await page.locator("h3:focus").waitFor();
  await play.look(page, "gate-doubts");
  await page.getByRole("button", { name: t.signOut, exact: true }).click();
  await page.getByText(t.lookFirst(2)).waitFor();
  // They stay until somebody has seen them, whatever happens to the page.
  await page.reload();
  for (const left of [1, 0]) {
    await shown.first().getByRole("button", { name: t.seen }).click();
    await shown.nth(left).waitFor({ state: "detached" });
  }
  await page.getByRole("button", { name: t.signOut, exact: true }).click();
  await page.getByLabel(t.staffKey).waitFor();
  assert.deepEqual(await page.evaluate(() => Object.keys(localStorage)), ["jari.gate"]);
  const { items } = await play.send("GET", `/staff/events/${eventId}/check-ins`, undefined, other);
  assert.deepEqual(items.map(({ gate, conflict }) => [gate, conflict]).sort(), [
    ["North 2", true],
    ["South", false],
  ]);
  await end();
}

async function throughTheCamera() {
  const t = play.words.en;
  const eventId = await play.event(`${run}-camera`);
  const bought = await play.buy(eventId, 1, "Kim Min-ji");
  const { tab, end, context } = await play.open("phone", "en");
  const page = await tab("gate/");
  await context.grantPermissions(["camera"]);
  await photograph(await context.newPage(), bought);
  await signIn(page, t, await staffKey([eventId]));
  await page.getByRole("button", { name: t.cameraOn }).click();
  await said(page, t.admitted);
  await inside(page, "1 / 1");
  await play.look(page, "gate-camera");
  // The ticket is still there, and is not scanned again.
  await page.getByRole("button", { name: t.cameraOff }).click();
  await said(page, t.admitted);

  // A browser that was told not to show anything.
  const { origin } = new URL(page.url());
  const browser = await context.newCDPSession(page);
  const { browserContextId } = (await browser.send("Target.getTargetInfo")).targetInfo;
  const refused = { permission: { name: "camera" }, setting: "denied", origin, browserContextId };
  await browser.send("Browser.setPermission", refused);
  await page.getByRole("button", { name: t.next }).click();
  await page.getByRole("button", { name: t.cameraOn }).click();
  await page.getByText(t.cameraRefused).waitFor();
  await play.look(page, "gate-camera-refused");
  await end();
}

async function newerVersion() {
  // What somebody else serves is not ours to change.
  if (!play.newerWorker) return;
  const t = play.words.en;
  const { tab, end } = await play.open("phone", "en");
  const page = await tab("gate/");
  const names = () => page.evaluate(() => caches.keys());
  await signIn(page, t, await staffKey([await play.event(`${run}-newer`)]));
  await page.getByText(t.offlineReady).waitFor();
  const [old] = await names();
  play.newerWorker((source) => source.replace(old.slice("gate-".length), "0123456789abcdef"));
  await page.evaluate(() => navigator.serviceWorker.getRegistration().then((door) => door.update()));
  await page.getByText(t.newVersion).waitFor();
  await play.look(page, "gate-newer");
  assert.equal((await names()).length, 2, "the old version is kept as long as it is in use");
  await page.getByRole("button", { name: t.startNewVersion }).click();
  await page.getByText(t.newVersion).waitFor({ state: "detached" });
  await page.getByText(t.offlineReady).waitFor();
  assert.deepEqual(await names(), ["gate-0123456789abcdef"]);
  await end();
}

/** The ticket as the server draws it, before the camera. */
async function photograph(page, { reservation_id, receipt_token }) {
  const svg = await play.send("GET", `/api/reservations/${reservation_id}/ticket.svg`, undefined, {
    authorization: `Bearer ${receipt_token}`,
  });
  await page.setViewportSize({ width: 640, height: 480 });
  // As near as somebody holds it: the code fills half of the picture.
  const near = "transform-origin: 636px 211px; transform: translate(-316px, 29px) scale(2)";
  await page.setContent(`<style>svg { ${near} }</style>${svg}`);
  writeFileSync(camera, await page.screenshot({ type: "jpeg", quality: 95 }));
  await page.close();
}

/** Runs in the page before anything else: writes down which notes are played. */
function listen() {
  globalThis.notes = [];
  const start = OscillatorNode.prototype.start;
  OscillatorNode.prototype.start = function (...at) {
    globalThis.notes.push(this.frequency.value);
    start.apply(this, at);
  };
}

/** The notes since the last time. */
function heard(page) {
  return page.evaluate(() => globalThis.notes.splice(0).join(" "));
}

/** How the one seat of a reservation is called. */
function seatOf(t, { seats: [{ section, row, number }] }) {
  return t.shared.seatsOfRow(t.shared.sectionName(section), row, [number]);
}

/** What the strip says of a list of any time. */
function listOf(t) {
  return new RegExp(t.listOf(".+"));
}

async function staffKey(events) {
  const { key } = await play.admin("POST", "/staff-keys", { name: "North", event_ids: events });
  return key;
}

async function signIn(page, t, key) {
  await page.getByLabel(t.staffKey).fill(key);
  await page.getByLabel(t.gate).fill("North 2");
  await page.getByRole("button", { name: t.signIn }).click();
}

async function scan(page, token) {
  await page.keyboard.type(token);
  await page.keyboard.press("Enter");
}

/** The one word, which is also where the focus is: it is read aloud. */
async function said(page, word) {
  await page.getByRole("heading", { name: word, exact: true }).waitFor();
  assert.equal(await page.locator("h2:focus").textContent(), word);
}

async function inside(page, figures) {
  await page.locator("dd").getByText(figures, { exact: true }).waitFor();
}
