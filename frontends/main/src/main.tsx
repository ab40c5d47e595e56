import "./main.css";
import { loadConfig, type MainConfig } from "@acme/api/config";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app";
import { startI18n } from "./i18n";
import { createServices } from "./services";
import { NotStarted } from "./shell/not_started";

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root");

const starting = loadConfig<MainConfig>().then((config) => {
  const services = createServices(config);
  // Begun beside the texts; the router waits for it, and is the one to hear that it failed.
  services.session.restore().catch(() => undefined);
  return services;
});
starting.catch(() => undefined); // heard below, when there are words to tell it with
await startI18n();
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
