import "./main.css";
import { loadConfig, type MainConfig } from "@acme/api/config";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app";
import { startI18n } from "./i18n";
import { fetchScreen } from "./router";
import { createServices } from "./services";
import { NotStarted } from "./shell/not_started";

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root");

// The texts first: without them nothing is drawn, and a browser asks for six files at a time.
const texts = startI18n();
fetchScreen(window.location.pathname);
const starting = loadConfig<MainConfig>().then((config) => {
  const services = createServices(config);
  // Begun beside the texts; the router waits for it, and is the one to hear that it failed.
  services.session.restore().catch(() => undefined);
  return services;
});
starting.catch(() => undefined); // heard below, when there are words to tell it with
await texts;
const reactRoot = createRoot(root);
try {
  const services = await starting;
  reactRoot.render(
    <StrictMode>
      <App services={services} />
    </StrictMode>,
  );
} catch {
  reactRoot.render(<NotStarted />);
}
