import { useState } from "react";
import { useLocation } from "react-router";

/** Mails carry their token behind the #, where no server and no referrer sees it. */
export function useOneTimeToken(): string {
  const { hash } = useLocation();
  const [token] = useState(() => decodeURIComponent(hash.slice(1)));
  return token;
}
