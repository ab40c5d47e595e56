import { Monitor, Moon, Sun } from "lucide-react";
import { Button } from "./button";
import { type Theme, useTheme } from "./lib/theme";
import { Menu, MenuContent, MenuItem, MenuTrigger } from "./menu";

const ICONS = { system: Monitor, light: Sun, dark: Moon };

export interface ThemeMenuProps {
  label: string;
  names: Record<Theme, string>;
}

export function ThemeMenu({ label, names }: ThemeMenuProps) {
  const [theme, choose] = useTheme();
  const Icon = ICONS[theme];
  return (
    <Menu>
      <MenuTrigger asChild>
        <Button look="ghost" size="icon" aria-label={`${label}: ${names[theme]}`}>
          <Icon aria-hidden />
        </Button>
      </MenuTrigger>
      <MenuContent>
        {(["system", "light", "dark"] as const).map((name) => {
          const Choice = ICONS[name];
          return (
            <MenuItem key={name} onSelect={() => choose(name)}>
              <Choice aria-hidden /> {names[name]}
            </MenuItem>
          );
        })}
      </MenuContent>
    </Menu>
  );
}
