// What the walks through the buyers' pages do again and again.
import assert from "node:assert/strict";

/** The screen is there, and a screen reader is where it begins. */
export async function onHeading(page, name) {
  const heading = page.getByRole("heading", { level: 1, name, exact: true });
  await heading.waitFor();
  await page.waitForFunction(
    (text) =>
      [document.body, document.querySelector("h1")].includes(document.activeElement) &&
      document.querySelector("h1")?.textContent === text,
    name,
  );
}

/** Seats of the first row of section A, one after the other. */
export async function chooseInList(page, t, numbers) {
  await page.getByRole("button", { name: t.list, exact: true }).click();
  const list = page.getByRole("region", { name: t.onMap.listLabel });
  await list.getByRole("button", { name: t.shared.sectionName("A") }).click();
  await list.getByRole("button", { name: new RegExp(`^${t.onMap.rowName("1")}`) }).click();
  for (const number of numbers)
    await list.getByRole("button", { name: new RegExp(`^${t.onMap.seatNumber(String(number))} `) }).click();
}

/** Name and contact, and the button that buys. */
export async function fillIn(page, t) {
  await page.getByRole("textbox", { name: t.name }).fill("Kim Min-ji");
  await page.getByRole("textbox", { name: t.contact }).fill("min-ji@example.org");
  await page.getByRole("button", { name: t.confirm }).click();
}

/** Whether the element has the focus now. */
const hasFocus = (target) => target.evaluate((one) => one === document.activeElement);

/** Comes to it with Tab, and presses a key there. */
export async function press(page, role, name, key = "Enter") {
  const target = page.getByRole(role, { name }).first();
  await target.waitFor();
  for (let times = 0; !(await hasFocus(target)); times += 1) {
    assert.ok(times < 120, `Tab never came to ${role} ${name}`);
    await page.keyboard.press("Tab");
  }
  await page.keyboard.press(key);
}
