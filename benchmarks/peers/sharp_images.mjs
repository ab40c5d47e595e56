// Makes the same three pictures with sharp. A line of JSON in, a line of JSON out; one core.
import { readFileSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import sharp from "sharp";

sharp.concurrency(1);
sharp.cache(false);

const MAKERS = {
  thumbnail: (file, options) => sharp(file).rotate().resize(400, 400, { fit: "inside" }).jpeg({ quality: 82, ...options }),
  preview: (file, options, marks) =>
    sharp(file).rotate().resize(2048, 2048, { fit: "inside" }).composite([{ input: marks.tiles }]).jpeg({ quality: 80, ...options }),
  deliverable: (file, options, marks) =>
    sharp(file)
      .rotate()
      .composite([{ input: marks.line, gravity: "southeast" }])
      .jpeg({ quality: 92, ...options }),
};

console.log(JSON.stringify({ node: process.version, ...sharp.versions }));
for await (const line of createInterface({ input: process.stdin })) {
  const { file, marks, optimise, keep, names } = JSON.parse(line);
  const before = process.cpuUsage();
  const body = readFileSync(file);
  const sizes = {};
  for (const name of names) {
    const made = await MAKERS[name](body, { optimizeCoding: optimise }, marks).toBuffer();
    sizes[name] = made.length;
    if (keep) writeFileSync(`${keep}-${name}.jpg`, made);
  }
  const used = process.cpuUsage(before);
  const peak = process.resourceUsage().maxRSS / 1024;
  console.log(JSON.stringify({ cpu_ms: (used.user + used.system) / 1000, sizes, peak_mb: peak }));
}
