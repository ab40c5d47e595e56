// Makes the same pictures with sharp. A line of JSON in, a line of JSON out; one core.
import { readFileSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import sharp from "sharp";

sharp.concurrency(1);
sharp.cache(false);

// A picture by its name: `thumbnail`, `preview`, `deliverable`, or a screen such as `protected-800.webp`.
function made(name, file, options, marks) {
  const upright = sharp(file).rotate();
  if (name === "thumbnail") return upright.resize(400, 400, { fit: "inside" }).jpeg({ quality: 82, ...options });
  if (name === "deliverable") return marked(upright, marks[name], "southeast").jpeg({ quality: 92, ...options });
  const [side, format] = name === "preview" ? [2048, "jpeg"] : [Number(name.match(/\d+/)[0]), name.split(".")[1]];
  const small = marked(upright.resize(side, side, { fit: "inside" }), marks[name], "southeast");
  return format === "webp" ? small.webp({ quality: 80 }) : small.jpeg({ quality: 80, ...options });
}

const marked = (picture, mark, gravity) => (mark ? picture.composite([{ input: mark, gravity }]) : picture);

console.log(JSON.stringify({ node: process.version, ...sharp.versions }));
for await (const line of createInterface({ input: process.stdin })) {
  const { file, marks, optimise, keep, names } = JSON.parse(line);
  const before = process.cpuUsage();
  const body = readFileSync(file);
  const sizes = {};
  for (const name of names) {
    const found = await made(name, body, { optimizeCoding: optimise }, marks).toBuffer();
    sizes[name] = found.length;
    if (keep) writeFileSync(`${keep}-${name}`, found);
  }
  const used = process.cpuUsage(before);
  const peak = process.resourceUsage().maxRSS / 1024;
  console.log(JSON.stringify({ cpu_ms: (used.user + used.system) / 1000, sizes, peak_mb: peak }));
}
