// Writes what makes the compiled module a package that can be published.
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";

const here = new URL("./", import.meta.url);
const made = new URL("../../dist/npm/", here);
const { version, license } = JSON.parse(readFileSync(new URL("../package.json", here)));

const manifest = {
  name: "chatserver-widget",
  version,
  description: "Puts the chat of a chatserver on a page, with types for its interface.",
  license,
  type: "module",
  exports: { ".": { types: "./index.d.ts", default: "./index.js" } },
  types: "./index.d.ts",
  sideEffects: false,
  files: ["index.js", "index.d.ts", "README.md"],
};
writeFileSync(new URL("package.json", made), `${JSON.stringify(manifest, null, 2)}\n`);
copyFileSync(new URL("../README.md", here), new URL("README.md", made));
