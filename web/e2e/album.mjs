// Pictures of what a page shows now: in both languages, on a telephone and on a desktop, light and dark, and on the smallest telephone.
import { existsSync } from "node:fs";

export const SCREENS = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 900 } };
export const SMALLEST = { width: 320, height: 640 };

/** The page is left as it was found. What has a picture already is not taken again. */
export async function takeAll(page, folder, name) {
  const path = (kind) => `${folder}/${name}-${kind}.png`;
  const take = async (kind) =>
    page.screenshot({ path: path(kind), fullPage: !(await page.evaluate(isInFront)) });
  const [size, own] = [page.viewportSize(), await page.evaluate(() => document.documentElement.lang)];
  if (existsSync(path(`phone-${own}-light`))) return;
  const wish = await page.evaluate(() => localStorage.getItem("jari.language"));
  for (const language of own === "ko" ? ["ko", "en"] : ["en", "ko"]) {
    if (language !== own) await page.evaluate(otherLanguage);
    for (const [screen, viewport] of Object.entries(SCREENS)) {
      await page.setViewportSize(viewport);
      for (const colorScheme of ["light", "dark"]) {
        await page.emulateMedia({ colorScheme });
        await page.evaluate(drawn);
        await take(`${screen}-${language}-${colorScheme}`);
      }
    }
    await page.emulateMedia({ colorScheme: "light" });
    await page.setViewportSize(SMALLEST);
    await page.evaluate(drawn);
    await take(`320-${language}`);
  }
  await page.evaluate(otherLanguage);
  if (wish === null) await page.evaluate(() => localStorage.removeItem("jari.language"));
  await page.setViewportSize(size);
}

/** Runs in the page: the button that every page has, also while a question stands in front of it. */
function otherLanguage() {
  const focused = document.activeElement;
  document.querySelector("header button[lang]").click();
  focused?.focus({ preventScroll: true });
}

/** Runs in the page: whether something stands before the page, wherever one has scrolled to. */
function isInFront() {
  const isFixed = (one) => getComputedStyle(one).position === "fixed" && one.checkVisibility();
  return [...document.querySelectorAll("dialog[open], #page *")].some(isFixed);
}

/** Runs in the page: until what is drawn by hand has followed. */
async function drawn() {
  for (let left = 3; left > 0; left -= 1) await new Promise(requestAnimationFrame);
}
