// Draws public/icon.svg as the PNGs that phones ask for: `node scripts/draw_icons.mjs`. Needs nothing but Node.
import { writeFileSync } from "node:fs";
import { crc32, deflateSync } from "node:zlib";

const GROUND = [0x4f, 0x46, 0xc8];
const SAMPLES = 4;

/** The icon's shapes in its 64 x 64 box: is the point in the camera's white parts? */
function isWhite(x, y) {
  const radius = Math.hypot(x - 32, y - 34);
  return radius <= 4.5 || (radius >= 10.5 && radius <= 15.5) || inRounded(x, y, 24, 11, 16, 7, 3.5);
}

function inRounded(x, y, left, top, width, height, corner) {
  const dx = Math.max(left + corner - x, x - (left + width - corner), 0);
  const dy = Math.max(top + corner - y, y - (top + height - corner), 0);
  return x >= left && x <= left + width && y >= top && y <= top + height && Math.hypot(dx, dy) <= corner;
}

/** `scale` < 1 leaves room around the camera, as masks of launchers need it; the ground then has no corners. */
function draw(size, scale) {
  const rows = Buffer.alloc(size * (size * 4 + 1));
  for (let row = 0; row < size; row++)
    for (let column = 0; column < size; column++)
      rows.set(pixel(row, column, size, scale), row * (size * 4 + 1) + 1 + column * 4);
  return rows;
}

function pixel(row, column, size, scale) {
  let white = 0;
  let covered = 0;
  for (let sample = 0; sample < SAMPLES ** 2; sample++) {
    const x = ((column + ((sample % SAMPLES) + 0.5) / SAMPLES) * 64) / size;
    const y = ((row + (Math.floor(sample / SAMPLES) + 0.5) / SAMPLES) * 64) / size;
    if (scale === 1 && !inRounded(x, y, 0, 0, 64, 64, 14)) continue;
    covered++;
    if (isWhite((x - 32) / scale + 32, (y - 32) / scale + 32)) white++;
  }
  const share = covered ? white / covered : 0;
  const colour = GROUND.map((part) => Math.round(part + (255 - part) * share));
  return [...colour, Math.round((255 * covered) / SAMPLES ** 2)];
}

function chunk(kind, data) {
  const body = Buffer.concat([Buffer.from(kind, "ascii"), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}

function png(size, scale) {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  header.set([8, 6], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const pixels = deflateSync(draw(size, scale), { level: 9 });
  return Buffer.concat([
    signature,
    chunk("IHDR", header),
    chunk("IDAT", pixels),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

const folder = new URL("../public/", import.meta.url);
writeFileSync(new URL("icon-192.png", folder), png(192, 1));
writeFileSync(new URL("icon-512.png", folder), png(512, 1));
writeFileSync(new URL("icon-maskable-512.png", folder), png(512, 0.8));
