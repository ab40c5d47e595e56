import "./main.css";
import { type BackofficeConfig, loadConfig } from "@acme/api/config";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app";
import { createServices } from "./services";

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root");

createRoot(root).render(
  <StrictMode>
    <App services={createServices(await loadConfig<BackofficeConfig>())} />
  </StrictMode>,
);
