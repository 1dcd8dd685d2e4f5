// The same walks where everything is many programs: nginx serves the pages, and there are two instances of each service,
// Redis and PostgreSQL. How the pages look has been seen before. node e2e/cluster.mjs <the local-cluster program>; the pages must have been built.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

const WALKS = {
  buyers: [
    "line to ticket, phone, ko",
    "line to ticket, desktop, en",
    "two browsers after one seat",
    "a hold runs out",
    "keyboard alone",
  ],
  line: ["reload, lost network and a second tab"],
  gate: ["phone, ko", "without a network, and somebody let in twice"],
  ops: ["from a draft to a closed sale, desktop, en"],
};

const dist = new URL("../dist", import.meta.url).pathname;
const cluster = spawn(process.argv[2], ["run", dist], { stdio: ["pipe", "pipe", "inherit"] });
const ended = new Promise((gone) => cluster.once("exit", gone));
const [told] = await Promise.race([
  new Promise((said) => createInterface(cluster.stdout).once("line", (line) => said([line]))),
  ended.then(() => []),
]);
assert.ok(told, "the cluster did not start");
const { url, operator_key } = JSON.parse(told);
try {
  for (const [who, stories] of Object.entries(WALKS)) await walk(who, stories);
} finally {
  cluster.stdin.end();
  assert.equal(await ended, 0, "the cluster did not end in order");
}

async function walk(who, stories) {
  const script = new URL(`${who}.mjs`, import.meta.url).pathname;
  const child = spawn(process.execPath, [script, url, "-", ...stories], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, JARI_OPERATOR_KEY: operator_key },
  });
  createInterface(child.stdout).on("line", (line) => console.log(`cluster: ${line}`));
  const code = await new Promise((gone) => child.once("close", gone));
  assert.equal(code, 0, `${who}: see above`);
}
