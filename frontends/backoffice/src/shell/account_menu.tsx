import { Avatar } from "@acme/ui/avatar";
import { type Theme, useTheme } from "@acme/ui/lib/theme";
import { Menu, MenuContent, MenuItem, MenuLabel, MenuSeparator, MenuTrigger } from "@acme/ui/menu";
import { MenuChoices } from "@acme/ui/menu_choices";
import { ChevronsUpDown, LogOut, Monitor, Moon, Sun, UserRound } from "lucide-react";
import type { ReactNode } from "react";
import { Link, useNavigate } from "react-router";
import { useAccount, useServices } from "../services";
import { DESTINATIONS, ROLE_NAMES } from "./navigation";

const THEMES: { value: Theme; label: ReactNode }[] = [
  { value: "system", label: choice(Monitor, "As the device") },
  { value: "light", label: choice(Sun, "Light") },
  { value: "dark", label: choice(Moon, "Dark") },
];

/** `isCompact`: the picture alone, for the bar at the top of a phone. */
export function AccountMenu({ isCompact }: { isCompact?: boolean }) {
  const account = useAccount();
  const { session } = useServices();
  const [theme, choose] = useTheme();
  const navigate = useNavigate();
  const signOut = async () => {
    await session.close();
    await navigate("/sign-in");
  };
  return (
    <Menu>
      <MenuTrigger
        className="flex min-h-11 min-w-11 items-center gap-3 rounded-md text-left text-sm hover:bg-muted data-[wide]:w-full data-[wide]:p-2"
        {...(isCompact ? {} : { "data-wide": true })}
      >
        <Avatar name={account.name} src={account.profile_picture_url} />
        {isCompact ? <span className="sr-only">Account of {account.name}</span> : <Who />}
      </MenuTrigger>
      <MenuContent align={isCompact ? "end" : "start"} className="min-w-56">
        <MenuLabel className="max-w-64 truncate">{account.email}</MenuLabel>
        <MenuItem asChild>
          <Link to="/account">
            <UserRound aria-hidden /> Account
          </Link>
        </MenuItem>
        {isCompact && <RareDestinations />}
        <MenuSeparator />
        <MenuLabel>Appearance</MenuLabel>
        <MenuChoices label="Appearance" value={theme} choices={THEMES} onChoose={choose} />
        <MenuSeparator />
        <MenuItem onSelect={() => void signOut()}>
          <LogOut aria-hidden /> Sign out
        </MenuItem>
      </MenuContent>
    </Menu>
  );
}

function RareDestinations() {
  return DESTINATIONS[useAccount().role]
    .filter(({ isRare }) => isRare)
    .map(({ to, label, icon: Icon }) => (
      <MenuItem key={to} asChild>
        <Link to={to}>
          <Icon aria-hidden /> {label}
        </Link>
      </MenuItem>
    ));
}

function Who() {
  const account = useAccount();
  return (
    <>
      <span className="grid min-w-0 grow">
        <span className="truncate font-medium">{account.name}</span>
        <span className="truncate text-xs text-muted-foreground">{ROLE_NAMES[account.role]}</span>
      </span>
      <ChevronsUpDown className="size-4 shrink-0 text-muted-foreground" aria-hidden />
    </>
  );
}

function choice(Icon: typeof Sun, name: string): ReactNode {
  return (
    <>
      <Icon aria-hidden /> {name}
    </>
  );
}
