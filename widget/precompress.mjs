// Writes a .br and a .gz beside every built asset, once at build time, so that the server never
// compresses while answering and can afford the slowest, smallest setting.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const COMPRESSIBLE = /\.(js|css|html|json|svg|txt|wasm)$/;
const SMALLEST_WORTH_IT = 256; // bytes; below this the headers weigh more than what is saved

const brotli = (bytes) =>
  brotliCompressSync(bytes, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    },
  });

function precompress(path) {
  const bytes = readFileSync(path);
  if (bytes.length < SMALLEST_WORTH_IT) return;
  writeFileSync(`${path}.br`, brotli(bytes));
  writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
}

const folder = process.argv[2];
for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
  if (entry.isFile() && COMPRESSIBLE.test(entry.name) && entry.name !== "manifest.json")
    precompress(join(entry.parentPath, entry.name));
}
