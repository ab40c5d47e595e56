// Writes a .br and a .gz beside each text file of the folders given, where that saves something. The server of the
// web apps sends them as they are: what is compressed once may be compressed as well as can be.
import { readdir, readFile, rename, writeFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

const TEXTS = new Set([".css", ".html", ".js", ".json", ".mjs", ".svg", ".txt", ".wasm", ".webmanifest"]);
const SMALLEST = 1024;
const PACKERS = {
  ".br": (bytes) =>
    promisify(brotliCompress)(bytes, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
        [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
      },
    }),
  ".gz": (bytes) => promisify(gzip)(bytes, { level: constants.Z_BEST_COMPRESSION }),
};

async function pack(file) {
  const bytes = await readFile(file);
  if (bytes.length < SMALLEST) return;
  for (const [suffix, packer] of Object.entries(PACKERS)) {
    const packed = await packer(bytes);
    if (packed.length >= bytes.length) continue;
    // Never half-written: the platform may be up while its apps are built.
    await writeFile(`${file}${suffix}.part`, packed);
    await rename(`${file}${suffix}.part`, `${file}${suffix}`);
  }
}

for (const folder of process.argv.slice(2)) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const texts = entries.filter((entry) => entry.isFile() && TEXTS.has(extname(entry.name)));
  await Promise.all(texts.map((entry) => pack(join(entry.parentPath, entry.name))));
}
