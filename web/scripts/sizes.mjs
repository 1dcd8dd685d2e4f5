// The buyers' JavaScript, compressed, against its limits: the first load, and all of it with the seat map.
import { readdirSync, readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const assets = new URL("../dist/assets/", import.meta.url);
const source = (name) => readFileSync(new URL(name, assets), "utf8");
const page = readFileSync(new URL("../dist/index.html", import.meta.url), "utf8");

/** A script with all that it imports before it runs. */
function whole(name, known = new Set()) {
  if (known.has(name)) return known;
  known.add(name);
  for (const [, found] of source(name).matchAll(/(?:from|import)"\.\/([^"]+\.js)"/g)) whole(found, known);
  return known;
}

function check(what, names, limit) {
  const bytes = [...names].reduce((sum, name) => sum + gzipSync(source(name), { level: 9 }).length, 0);
  console.log(`buyers, ${what}: ${(bytes / 1000).toFixed(1)} kB of JavaScript (limit ${limit / 1000})`);
  if (bytes === 0 || bytes > limit) process.exitCode = 1;
}

const first = new Set();
for (const [, name] of page.matchAll(/(?:src|href)="\/assets\/([^"]+\.js)"/g)) whole(name, first);
const map = readdirSync(assets).filter((name) => /^Choose-.+\.js$/.test(name));
if (map.length !== 1) throw new Error(`one script of the seat map was expected, found ${map.length}`);
check("first load", first, 100_000);
check("with the seat map", new Set([...first, ...whole(map[0])]), 160_000);
