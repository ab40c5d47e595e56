import { fileURLToPath } from "node:url";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import type { Plugin, ProxyOptions, UserConfig } from "vite";

const PORTS = { backoffice: 3001, main: 3002, media: 3003 };
type Service = keyof typeof PORTS;

/** While developing, the services are reached through the dev server: same origin, whatever its port. */
function proxyOf(services: Service[]): Record<string, ProxyOptions> {
  return Object.fromEntries(
    services.map((name) => [
      `/api/${name}`,
      {
        target: process.env[`${name.toUpperCase()}_API_URL`] ?? `http://127.0.0.1:${PORTS[name]}`,
        changeOrigin: true,
        cookiePathRewrite: { "/v1/auth": `/api/${name}/v1/auth` },
        rewrite: (path: string) => path.slice(`/api/${name}`.length),
      },
    ]),
  );
}

function configOf(services: Service[]): Plugin {
  const addresses = Object.fromEntries(services.map((name) => [`${name}_api`, `/api/${name}`]));
  const payments = { kind: "stand_in", base_url: process.env.STRIPE_API_BASE ?? "http://127.0.0.1:12111" };
  const config = services.includes("main") ? { ...addresses, payments } : addresses;
  return {
    name: "acme-config",
    configureServer(server) {
      server.middlewares.use("/config.json", (_, answer) => {
        answer.setHeader("Content-Type", "application/json");
        answer.end(JSON.stringify(config));
      });
    },
  };
}

/** What both apps have in common. `folder` is the app's own. */
export function shared(folder: string, services: Service[], port: number): UserConfig {
  return {
    plugins: [react(), tailwindcss(), configOf(services)],
    resolve: { alias: { "@": fileURLToPath(new URL("./src", folder)) } },
    server: { host: "localhost", port, strictPort: true, proxy: proxyOf(services) },
    build: { target: "es2023", sourcemap: false, modulePreload: { polyfill: false }, assetsInlineLimit: 0 },
  };
}
