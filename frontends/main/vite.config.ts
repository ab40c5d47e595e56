import { createReadStream, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { defineConfig, mergeConfig, type Plugin } from "vite";
import { VitePWA } from "vite-plugin-pwa";
import { shared } from "../vite.shared";

const PORT = Number(process.env.PORT ?? 4002);

const FACE_MODEL = ["tiny_face_detector_model-weights_manifest.json", "tiny_face_detector_model.bin"];

/** The camera hints' model comes with its package, and is served under `/models` from our own address. */
function faceModel(): Plugin {
  const folder = join(
    dirname(createRequire(import.meta.url).resolve("@vladmandic/face-api/package.json")),
    "model",
  );
  return {
    name: "acme-face-model",
    configureServer(server) {
      server.middlewares.use("/models", (request, answer, next) => {
        const name = FACE_MODEL.find((known) => request.url === `/${known}`);
        if (name) createReadStream(join(folder, name)).pipe(answer);
        else next();
      });
    },
    generateBundle() {
      for (const name of FACE_MODEL) {
        this.emitFile({
          type: "asset",
          fileName: `models/${name}`,
          source: readFileSync(join(folder, name)),
        });
      }
    },
  };
}

/** The app's own files, and nothing else: no answer of a service and no photo is ever kept by the worker. */
const pwa = VitePWA({
  registerType: "prompt",
  injectRegister: null,
  manifest: {
    id: "/",
    name: "Acme Photos",
    short_name: "Photos",
    description: "Find yourself in the photos of your events.",
    start_url: "/",
    display: "standalone",
    background_color: "#faf9f7",
    theme_color: "#4f46c8",
    icons: [
      { src: "/icon.svg", sizes: "any", type: "image/svg+xml" },
      { src: "/icon-192.png", sizes: "192x192", type: "image/png" },
      { src: "/icon-512.png", sizes: "512x512", type: "image/png" },
      { src: "/icon-maskable-512.png", sizes: "512x512", type: "image/png", purpose: "maskable" },
    ],
  },
  workbox: {
    globPatterns: [
      "index.html",
      "theme.js",
      "icon.svg",
      "assets/*.{js,css}",
      "assets/inter-latin-wght-*.woff2",
    ],
    globIgnores: ["assets/face-api*"],
    navigateFallback: "/index.html",
    navigateFallbackDenylist: [/^\/api\//, /\.[a-z0-9]+$/],
    cleanupOutdatedCaches: true,
    sourcemap: false,
  },
});

export default defineConfig(
  mergeConfig(shared(import.meta.url, ["main", "media"], PORT), { plugins: [faceModel(), pwa] }),
);
