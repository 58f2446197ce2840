// Three builds into one folder: the panel (ES modules, hashed names, manifest.json) and, with `--mode loader`
// and `--mode greetings`, the scripts of a host page. The panel's build empties the folder, so it runs first.
import { defineConfig } from "vitest/config";

// Browsers with logical properties: writing each of them out for older ones doubles the stylesheets.
const cssTarget = ["chrome111", "firefox114", "safari16.4"];
const outDir = "../chatserver/static/build/widget";

interface Modules {
  getModuleInfo(id: string): { importers: readonly string[] } | null;
}

/** Whether importing `entry` brings this module at once, by any way. */
function comesWith(entry: string, id: string, modules: Modules, seen = new Set<string>()): boolean {
  const module = modules.getModuleInfo(id);
  if (!module || seen.has(id)) return false;
  seen.add(id);
  if (id.endsWith(entry)) return true;
  return module.importers.some((from) => comesWith(entry, from, modules, seen));
}

/** What later parts borrow stays with whom it came first. */
function fileOf(id: string, modules: Modules): string | null {
  if (comesWith("src/main.tsx", id, modules)) return "panel";
  return comesWith("src/view/talk/kit.tsx", id, modules) ? "talk" : null;
}

const panel = {
  outDir,
  emptyOutDir: true,
  assetsDir: "",
  target: "es2022",
  cssTarget,
  manifest: "manifest.json",
  // Each late part needs only what is there already, so there is nothing to load ahead of it.
  modulePreload: false as const,
  rolldownOptions: {
    input: "src/main.tsx",
    // Left alone, what late parts borrow becomes a file of its own for each set of borrowers: more
    // requests before the first word, and each file compressed without the others.
    output: {
      codeSplitting: { groups: [{ name: fileOf }] },
    },
  },
};

// All of it runs at once, so Chromium may compile it all while it arrives, beside the page's own work.
const EAGER = "//# allFunctionsCalledOnLoad";

// A host page gets exactly one file. Import styles with `?inline` and adopt them as a constructable
// sheet: an IIFE build emits no CSS file and would inject a <style>, which a strict host CSP refuses.
const loader = {
  outDir,
  emptyOutDir: false,
  target: "es2022",
  // Older ones would get 200 bytes that imitate `color-scheme`; there the launcher is light, no more.
  cssTarget: ["chrome123", "firefox120", "safari17.5"],
  modulePreload: false as const,
  rolldownOptions: {
    input: "src/loader.ts",
    output: { format: "iife" as const, entryFileNames: "loader.js", postBanner: EAGER },
  },
};

// A second one, for sites that have greetings.
const greetings = {
  ...loader,
  rolldownOptions: {
    input: "src/greetings/index.ts",
    output: { format: "iife" as const, entryFileNames: "greetings.js" },
  },
};

// What is loaded later is one script each, with its styles inside. Vite's code that would look for
// companions of it weighs 0.6 kB, and there are none.
const loneChunks = {
  name: "lone-chunks",
  enforce: "pre" as const,
  load: (id: string) =>
    id.includes("vite/preload-helper") ? "export const __vitePreload = (load) => load();" : null,
};

export default defineConfig(({ mode }) => ({
  base: "./", // relative, so that a service behind a path prefix needs no build of its own
  publicDir: false,
  plugins: [loneChunks],
  // A catalogue is looked up by key: a variable for each sentence would only make it longer.
  json: { namedExports: false, stringify: true },
  build: { loader, greetings }[mode] ?? panel,
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  test: { environment: "happy-dom" },
}));
