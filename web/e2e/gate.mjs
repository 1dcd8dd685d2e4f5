// The door's pages in a real browser against the real program: signing in, codes, scanners that type, and second tries.
// node e2e/gate.mjs <the jari program, or the address of a server with pages> [a folder for pictures]
// With an address, JARI_OPERATOR_KEY is the organiser's key; with a program, the pages must have been built.
import assert from "node:assert/strict";
import { stage } from "./stage.mjs";

const [where, pictures] = process.argv.slice(2);
const play = await stage("gate", where, process.env.JARI_OPERATOR_KEY, pictures);
const run = `e2e-gate-${Date.now().toString(36)}`;

const STORIES = {
  "phone, ko": () => evening("phone", "ko"),
  "desktop, en": () => evening("desktop", "en"),
  "two events and a key that is withdrawn": twoEvents,
};

try {
  for (const [name, story] of Object.entries(STORIES)) {
    await story();
    console.log(`gate: ${name}: passed`);
  }
} finally {
  await play.end();
}

async function evening(screen, language) {
  const t = play.words[language];
  const look = (name) => play.look(page, `gate-${name}-${screen}-${language}`);
  const eventId = await play.event(`${run}-${screen}`, { queue: { capacity: 9 } });
  const [party, other] = [await play.buy(eventId, 3, "Kim Min-ji"), await play.buy(eventId, 2, "Lee Jun")];
  const { tab, end } = await play.open(screen, language);
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
  await look("admitted");

  // Undone, and let in again: nobody is counted twice.
  await page.getByRole("button", { name: t.undo }).click();
  await said(page, t.undoneWord);
  await inside(page, "0 / 5");
  await look("undone");
  await page.getByRole("button", { name: t.next }).click();

  // By a scanner that types, one after the other.
  await scan(page, party.entry_token);
  await said(page, t.admitted);
  await inside(page, "3 / 5");
  await scan(page, party.entry_token);
  await said(page, t.already);
  await page.getByText(t.voided).waitFor();
  await look("already");
  await scan(page, "AQ-no-ticket-of-ours");
  await said(page, t.unknown);
  await look("unknown");

  // A network that is cut tells nobody that somebody came in; trying again does, once.
  play.network.cut();
  await scan(page, other.entry_token);
  await said(page, t.offline);
  await look("offline");
  play.network.mend();
  await page.getByRole("button", { name: t.tryAgain }).click();
  await said(page, t.admitted);
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
  const events = [await play.event(`${run}-one`), await play.event(`${run}-two`)];
  const { tab, end } = await play.open("phone", "en");
  const page = await tab("gate/");
  await signIn(page, t, await staffKey(events));
  await page.getByRole("heading", { name: t.chooseEvent }).waitFor();
  await play.look(page, "gate-events");
  await page.getByRole("button", { name: /-two/ }).click();
  await page.getByText(t.typeCode(4)).waitFor();
  await page.getByRole("button", { name: t.otherEvent }).click();
  await page.getByRole("button", { name: /-one/ }).click();
  await page.getByText(t.typeCode(4)).waitFor();
  const { items } = await play.admin("GET", "/staff-keys");
  const key = items.find(({ event_ids }) => event_ids.includes(events[1]));
  await play.admin("DELETE", `/staff-keys/${key.id}`);
  await scan(page, "AQ-any-ticket");
  await page.getByText(t.signedOut).waitFor();
  await end();
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
