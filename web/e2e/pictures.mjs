// The pictures of the README and the guides: a real hall, a line, seats that are being sold, and the door.
// node e2e/pictures.mjs <the jari program> <a folder for pictures>
import { join } from "node:path";
import { CONCERT_HALL, stage } from "./stage.mjs";

const [program, folder] = process.argv.slice(2);
const EVENT = "spring-gala";
const PARTIES = 60;
const PEOPLE_AHEAD = 23;

const play = await stage("buyers", program);
const t = play.words.ko;
try {
  await onSale();
  const parties = [];
  for (let n = 0; n < PARTIES; n++) parties.push(await play.buy(EVENT, 1 + (n % 4), `Kim ${n}`));
  await line();
  await seats();
  await door(parties[0]);
  await organiser();
} finally {
  await play.end();
}

function onSale() {
  return play.event(EVENT, {
    name: "봄 정기 연주회",
    venue: "자리 콘서트홀",
    hall: CONCERT_HALL,
    queue: { capacity: 500, max_admitted_per_second: 500 },
  });
}

async function line() {
  await play.admin("PATCH", `/events/${EVENT}`, { queue: { capacity: 1 } });
  for (let n = 0; n <= PEOPLE_AHEAD; n++) await play.enter(EVENT);
  const { tab, end } = await play.open("phone", "ko");
  const page = await tab(`#/events/${EVENT}/buy`);
  await page.getByText(t.position(`${PEOPLE_AHEAD + 1}`), { exact: true }).waitFor();
  await take(page, "line");
  await end();
}

async function seats() {
  await play.admin("PATCH", `/events/${EVENT}`, { queue: { capacity: 500 } });
  const { tab, end } = await play.open("desktop", "ko");
  const page = await tab(`#/events/${EVENT}/buy`);
  await page.getByRole("application").waitFor();
  await take(page, "seats");
  await end();
}

async function door({ entry_token }) {
  const { key } = await play.admin("POST", "/staff-keys", { name: "북문", event_ids: [EVENT] });
  const { tab, end } = await play.open("phone", "ko");
  const page = await tab("gate/");
  await page.getByLabel("직원 키").fill(key);
  await page.getByLabel("게이트").fill("북문");
  await page.getByRole("button", { name: "로그인" }).click();
  await page.getByRole("button", { name: "5", exact: true }).waitFor();
  await page.keyboard.type(entry_token);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "입장하세요" }).waitFor();
  await take(page, "door");
  await end();
}

async function organiser() {
  const { tab, end } = await play.open("desktop", "ko");
  const page = await tab("ops/");
  await page.getByLabel("운영 키").fill(play.operatorKey);
  await page.getByRole("button", { name: "로그인" }).click();
  await page.getByRole("link", { name: /봄 정기 연주회/ }).click();
  await page.waitForFunction(() => Number(document.querySelector("[data-points]")?.dataset.points) > 3);
  await take(page, "organiser");
  await end();
}

async function take(page, name) {
  await page.evaluate(() => document.fonts.ready.then(() => {}));
  await page.screenshot({ path: join(folder, `${name}.png`) });
}
