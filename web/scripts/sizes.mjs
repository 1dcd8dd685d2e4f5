// The buyers' first load of JavaScript, compressed, against its limits.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const dist = new URL("../dist/", import.meta.url);
const size = (name) => gzipSync(readFileSync(new URL(name, dist)), { level: 9 }).length;
const scripts = (html) =>
  [...readFileSync(new URL(html, dist), "utf8").matchAll(/(?:src|href)="\/([^"]+\.js)"/g)].map(
    (match) => match[1],
  );
const first = scripts("index.html").reduce((sum, name) => sum + size(name), 0);
console.log(`buyers, first load: ${(first / 1000).toFixed(1)} kB of JavaScript (limit 100)`);
if (first === 0 || first > 100_000) process.exit(1);
