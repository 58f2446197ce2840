// The agents' console: ES modules with hashed names and a manifest.json the server reads.
import { defineConfig } from "vitest/config";

export default defineConfig({
  base: "./", // relative, so that a service behind a path prefix needs no build of its own
  publicDir: false,
  build: {
    outDir: "../chatserver/static/build/agent",
    emptyOutDir: true,
    assetsDir: "",
    target: "es2022",
    manifest: "manifest.json",
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: "src/main.tsx",
      // Mantine marks its modules for server components, which this application has none of.
      onLog: (level, log, report) => log.code !== "MODULE_LEVEL_DIRECTIVE" && report(level, log),
    },
  },
  oxc: { jsx: { runtime: "automatic", importSource: "react" } },
  resolve: { dedupe: ["react", "react-dom"] },
  test: { environment: "happy-dom" },
});
