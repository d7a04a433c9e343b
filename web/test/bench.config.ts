import { defineConfig } from "vite";

export default defineConfig({ base: "./../", build: { rollupOptions: { input: "test/bench.html" } } });
