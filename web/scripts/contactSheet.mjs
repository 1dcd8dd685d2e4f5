// One page with all pictures of a folder, light beside dark, to look at them together.
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const [folder] = process.argv.slice(2);
const KINDS = ["light", "dark", "320"];
const names = new Set(
  readdirSync(folder)
    .filter((file) => file.endsWith(".png"))
    .map((file) => file.replace(/-(light|dark|320)\.png$/, "")),
);
const rows = [...names].sort().map((name) => {
  const pictures = KINDS.map(
    (kind) => `<img src="${name}-${kind}.png" alt="${name}, ${kind}" loading="lazy">`,
  );
  return `<section><h2>${name}</h2>${pictures.join("")}</section>`;
});
const style = "img { height: 30rem; margin: 0.5rem; border: 1px solid #999; vertical-align: top }";
writeFileSync(
  join(folder, "index.html"),
  `<!doctype html><meta charset="utf-8"><title>Every page</title><style>${style}</style>${rows.join("\n")}\n`,
);
console.log(`${names.size} states: ${join(folder, "index.html")}`);
