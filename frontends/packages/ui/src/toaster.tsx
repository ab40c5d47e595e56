import { Toaster as Sonner } from "sonner";
import { useTheme } from "./lib/theme";

export { toast } from "sonner";

export function Toaster() {
  const [theme] = useTheme();
  return <Sonner theme={theme} position="top-center" closeButton richColors />;
}
