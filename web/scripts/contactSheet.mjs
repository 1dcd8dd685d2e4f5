// One page with all pictures of a folder, to look at them together: a row for what is shown, a column for how.
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const [folder] = process.argv.slice(2);
const KINDS = ["phone", "desktop"].flatMap((screen) =>
  ["ko", "en"].flatMap((language) => ["light", "dark"].map((scheme) => `${screen}-${language}-${scheme}`)),
);
KINDS.push("320-ko", "320-en");
const END = new RegExp(`-(${KINDS.join("|")})\\.png$`);
const names = new Set(
  readdirSync(folder)
    .filter((file) => END.test(file))
    .map((file) => file.replace(END, "")),
);
const rows = [...names].sort().map((name) => {
  const pictures = KINDS.map((kind) => {
    const file = `${name}-${kind}.png`;
    return `<a href="${file}"><img src="${file}" alt="${name}, ${kind}" title="${kind}" loading="lazy"></a>`;
  });
  return `<section><h2>${name}</h2><div>${pictures.join("")}</div></section>`;
});
const style = `body { font: 1rem sans-serif } div { display: flex; gap: 1rem; overflow-x: auto }
img { height: 30rem; border: 1px solid #999; vertical-align: top }`;
writeFileSync(
  join(folder, "index.html"),
  `<!doctype html><meta charset="utf-8"><title>Every page</title><style>${style}</style>${rows.join("\n")}\n`,
);
console.log(`${names.size} states, ${KINDS.length} pictures each: ${join(folder, "index.html")}`);
