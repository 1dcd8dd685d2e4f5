import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";
import { gateWorker } from "./scripts/gateWorker.ts";

const page = (path: string) => new URL(path, import.meta.url).pathname;

export default defineConfig({
  plugins: [svelte(), gateWorker()],
  build: {
    target: "es2022",
    // Inline data would need looser rules for what a page may load.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: {
      input: {
        buyers: page("index.html"),
        gate: page("gate/index.html"),
        ops: page("ops/index.html"),
        "gate-worker": page("src/gate/worker.ts"),
      },
      // A worker is looked for at one address, whatever its version; and above /gate, which it serves.
      output: {
        entryFileNames: ({ name }) => (name === "gate-worker" ? "gate-worker.js" : "assets/[name]-[hash].js"),
      },
    },
  },
  server: {
    proxy: { "/api": "http://localhost:8080", "/staff": "http://localhost:8080" },
  },
  test: { include: ["src/**/*.test.ts"] },
});
