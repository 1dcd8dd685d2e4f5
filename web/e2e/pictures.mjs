// The pictures of the READMEs and the guides: a real hall, a line, seats that are being sold, and the door. The Korean ones are
// called NAME.png, the English ones NAME.en.png.
// node e2e/pictures.mjs <the jari program> <a folder for pictures>
import { join } from "node:path";
import { CONCERT_HALL, messages, stage } from "./stage.mjs";

const [program, folder] = process.argv.slice(2);
const EVENTS = {
  ko: { name: "봄 정기 연주회", venue: "자리 콘서트홀", gate: "북문" },
  en: { name: "Spring Gala", venue: "Jari Concert Hall", gate: "North gate" },
};
const PARTIES = 60;
const PEOPLE_AHEAD = 23;

const play = await stage("buyers", program);
try {
  for (const language of ["ko", "en"]) {
    const words = {};
    for (const area of ["buyers", "gate", "ops"]) words[area] = await messages(area, language);
    await all({ language, words, eventId: `spring-gala-${language}`, ...EVENTS[language] });
  }
} finally {
  await play.end();
}

async function all(scene) {
  const { eventId, name, venue } = scene;
  await play.event(eventId, {
    name,
    venue,
    hall: CONCERT_HALL,
    queue: { capacity: 500, max_admitted_per_second: 500 },
  });
  const parties = [];
  for (let n = 0; n < PARTIES; n++) parties.push(await play.buy(eventId, 1 + (n % 4), `Kim ${n}`));
  await line(scene);
  await seats(scene);
  await door(scene, parties[0]);
  await organiser(scene);
}

async function line({ language, words, eventId }) {
  await play.admin("PATCH", `/events/${eventId}`, { queue: { capacity: 1 } });
  for (let n = 0; n <= PEOPLE_AHEAD; n++) await play.enter(eventId);
  const { tab, end } = await play.open("phone", language);
  const page = await tab(`#/events/${eventId}/buy`);
  await page.getByText(words.buyers.position(`${PEOPLE_AHEAD + 1}`), { exact: true }).waitFor();
  await take(page, "line", language);
  await end();
}

async function seats({ language, eventId }) {
  await play.admin("PATCH", `/events/${eventId}`, { queue: { capacity: 500 } });
  const { tab, end } = await play.open("desktop", language);
  const page = await tab(`#/events/${eventId}/buy`);
  await page.getByRole("application").waitFor();
  await take(page, "seats", language);
  await end();
}

async function door({ language, words, eventId, gate }, { entry_token }) {
  const t = words.gate;
  const { key } = await play.admin("POST", "/staff-keys", { name: gate, event_ids: [eventId] });
  const { tab, end } = await play.open("phone", language);
  const page = await tab("gate/");
  await page.getByLabel(t.staffKey).fill(key);
  await page.getByLabel(t.gate).fill(gate);
  await page.getByRole("button", { name: t.signIn }).click();
  await page.getByRole("button", { name: "5", exact: true }).waitFor();
  await page.keyboard.type(entry_token);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: t.admitted }).waitFor();
  await take(page, "door", language);
  await end();
}

async function organiser({ language, words, eventId, venue }) {
  const t = words.ops;
  const { tab, end } = await play.open("desktop", language);
  const page = await tab("ops/");
  await page.getByLabel(t.operatorKey).fill(play.operatorKey);
  await page.getByRole("button", { name: t.signIn }).click();
  await page.locator(`a[href="#/events/${eventId}/live"]`).click();
  await page.waitForFunction(() => Number(document.querySelector("[data-points]")?.dataset.points) > 3);
  await take(page, "organiser", language);

  const draft = `${eventId}-rehearsal`;
  await play.admin("POST", "/events", {
    event_id: draft,
    name: EVENTS[language].name,
    venue,
    starts_at: "2031-04-30T10:30:00Z",
    currency: "KRW",
  });
  await page.goto(`${play.network.address}ops/#/events/${draft}/map`);
  const file = { name: "hall.json", mimeType: "application/json", buffer: Buffer.from(CONCERT_HALL.plan) };
  await page.locator('input[type="file"]').setInputFiles(file);
  await page.getByRole("button", { name: t.otherFile }).waitFor();
  await page.getByRole("application").waitFor();
  await take(page, "import", language);
  await end();
}

async function take(page, name, language) {
  await page.evaluate(() => document.fonts.ready.then(() => {}));
  await page.screenshot({ path: join(folder, `${name}${language === "ko" ? "" : `.${language}`}.png`) });
}
