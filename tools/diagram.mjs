// Draws what comes in (Graphviz's language) as SVG. The WebAssembly build draws the same on every machine.
import { stdin, stdout } from "node:process";
import { text } from "node:stream/consumers";
import { createRequire } from "node:module";
import { join } from "node:path";

const { instance } = createRequire(join(process.cwd(), "package.json"))("@viz-js/viz");
const viz = await instance();
stdout.write(viz.renderString(await text(stdin), { format: "svg", engine: "dot" }));
