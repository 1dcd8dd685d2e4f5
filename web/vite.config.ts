import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";

const page = (path: string) => new URL(path, import.meta.url).pathname;

export default defineConfig({
  plugins: [svelte()],
  build: {
    target: "es2022",
    // Inline data would need looser rules for what a page may load.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: {
      input: { buyers: page("index.html"), gate: page("gate/index.html"), ops: page("ops/index.html") },
    },
  },
  server: {
    proxy: { "/api": "http://localhost:8080", "/staff": "http://localhost:8080" },
  },
  test: { include: ["src/**/*.test.ts"] },
});
