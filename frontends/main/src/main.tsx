import "./main.css";
import { loadConfig, type MainConfig } from "@acme/api/config";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app";
import { startI18n } from "./i18n";
import { createServices } from "./services";

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root");

const [config] = await Promise.all([loadConfig<MainConfig>(), startI18n()]);
createRoot(root).render(
  <StrictMode>
    <App services={createServices(config)} />
  </StrictMode>,
);
