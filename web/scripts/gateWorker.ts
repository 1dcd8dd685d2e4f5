// Writes into the door's worker which files the door consists of, when it is built.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Plugin } from "vite";

const ENTRY = /gate\/index\.html$/;
const WORKER = "gate-worker.js";
const PUBLIC = ["icon.svg", "gate-app.json", "gate-192.png", "gate-512.png"];

type Chunk = {
  type: "chunk";
  code: string;
  facadeModuleId: string | null;
  imports: string[];
  dynamicImports: string[];
  viteMetadata?: { importedCss: Set<string>; importedAssets: Set<string> };
};

export function gateWorker(): Plugin {
  return {
    name: "gate-worker",
    enforce: "post",
    generateBundle(_, bundle) {
      const chunks = bundle as unknown as Record<
        string,
        Chunk | { type: "asset"; source: string | Uint8Array }
      >;
      const files = new Set<string>();
      const follow = (name: string) => {
        const chunk = chunks[name];
        if (files.has(name) || chunk?.type !== "chunk") return;
        files.add(name);
        for (const other of [...chunk.imports, ...chunk.dynamicImports]) follow(other);
        const { importedCss = [], importedAssets = [] } = chunk.viteMetadata ?? {};
        for (const file of [...importedCss, ...importedAssets]) if (!file.endsWith(".woff2")) files.add(file);
      };
      for (const [name, chunk] of Object.entries(chunks))
        if (chunk.type === "chunk" && ENTRY.test(chunk.facadeModuleId ?? "")) follow(name);
      const worker = chunks[WORKER];
      if (files.size === 0 || worker?.type !== "chunk")
        throw new Error("the door or its worker was not built");
      const paths = ["gate/", ...files, ...PUBLIC].map((file) => `/${file}`).sort();
      // Names of built files tell their content; the others are asked for theirs.
      const page = chunks["gate/index.html"];
      const hash = createHash("sha256").update(JSON.stringify(paths));
      if (page?.type === "asset") hash.update(page.source);
      for (const file of PUBLIC) hash.update(readFileSync(new URL(`../public/${file}`, import.meta.url)));
      worker.code = worker.code
        .replaceAll("GATE_FILES", JSON.stringify(paths))
        .replaceAll("GATE_VERSION", JSON.stringify(hash.digest("hex").slice(0, 16)));
    },
  };
}
