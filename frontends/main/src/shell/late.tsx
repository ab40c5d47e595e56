import { registerSW } from "virtual:pwa-register";
import { Toaster, toast } from "@acme/ui/toaster";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";

export default function Late() {
  return (
    <>
      <Toaster />
      <UpdatePrompt />
    </>
  );
}

/** The new version is there, and waits until the reader says so: nobody loses what they are typing. */
function UpdatePrompt() {
  const { t } = useTranslation();
  useEffect(() => {
    const update = registerSW({
      onNeedRefresh: () =>
        toast(t("shell.update"), {
          id: "update",
          duration: Number.POSITIVE_INFINITY,
          action: { label: t("shell.update_now"), onClick: () => void update(true) },
        }),
    });
  }, [t]);
  return null;
}
