import { defineConfig, mergeConfig } from "vite";
import { shared } from "../vite.shared";

const PORT = Number(process.env.PORT ?? 4001);

export default defineConfig(mergeConfig(shared(import.meta.url, ["backoffice", "media"], PORT), {}));
