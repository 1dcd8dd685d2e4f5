// Writes the API's types from the committed documents; with --check only says whether they are fresh.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import openapi, { astToString } from "openapi-typescript";

const check = process.argv.includes("--check");
const folder = new URL("../src/shared/api/generated/", import.meta.url);
mkdirSync(folder, { recursive: true });
for (const service of ["ticketing-core", "queue-service", "staff-api"]) {
  const document = new URL(`../openapi/${service}.json`, import.meta.url);
  const types = `// Made by npm run types.\n${astToString(await openapi(document))}`;
  const file = new URL(`${service}.ts`, folder);
  if (!check) writeFileSync(file, types);
  else if (readFileSync(file, "utf8") !== types) {
    console.error(`${file.pathname} is stale: run npm run types in web/`);
    process.exitCode = 1;
  }
}
