import { defineConfig } from "vite";

// One entry, one script, one style sheet, fixed names: Python serves them, or puts them into a single file.
export default defineConfig({
  base: "./",
  build: {
    outDir: "../src/opendome/viewer/_web",
    emptyOutDir: true,
    license: { fileName: "licences.md" },
    assetsInlineLimit: 1_000_000,
    cssCodeSplit: false,
    modulePreload: false,
    rollupOptions: {
      output: { entryFileNames: "app.js", assetFileNames: "app[extname]", codeSplitting: false },
    },
  },
  server: { proxy: { "/data": "http://127.0.0.1:8321" } },
});
