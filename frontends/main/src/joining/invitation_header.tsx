import type { Schemas } from "@acme/api/main";
import { dateRange } from "@acme/ui/lib/format";
import { CalendarDays, MapPin } from "lucide-react";
import { useTranslation } from "react-i18next";

type Invitation = Schemas["InvitationOut"];

export function InvitationHeader({ invitation }: { invitation: Invitation }) {
  const { t, i18n } = useTranslation();
  const zone = invitation.timezone ?? undefined;
  const dates = dateRange(invitation.start_at, invitation.end_at, i18n.language, zone);
  return (
    <header className="grid justify-items-center gap-4 pt-4 text-center">
      <OperatorMark invitation={invitation} />
      <div className="grid gap-1">
        <p className="text-sm text-muted-foreground">
          {t("joining.invited_by", { operator: invitation.operator_name })}
        </p>
        <h1 className="text-3xl font-semibold tracking-tight text-balance">{invitation.name}</h1>
      </div>
      <ul className="flex flex-wrap justify-center gap-x-5 gap-y-1 text-sm text-muted-foreground">
        {dates && (
          <li className="flex items-center gap-2">
            <CalendarDays className="size-4" aria-hidden />
            {dates}
          </li>
        )}
        {invitation.location_name && (
          <li className="flex items-center gap-2">
            <MapPin className="size-4" aria-hidden />
            {invitation.location_name}
          </li>
        )}
      </ul>
      <p className="max-w-prose text-balance">{t("joining.promise")}</p>
    </header>
  );
}

function OperatorMark({ invitation }: { invitation: Invitation }) {
  const shape = "size-16 rounded-full border object-cover";
  if (invitation.operator_picture_url) {
    return <img src={invitation.operator_picture_url} alt="" className={shape} width={64} height={64} />;
  }
  return (
    <span
      aria-hidden
      className={`${shape} grid place-items-center bg-accent text-xl font-semibold text-accent-foreground`}
    >
      {invitation.operator_name.slice(0, 1).toUpperCase()}
    </span>
  );
}
