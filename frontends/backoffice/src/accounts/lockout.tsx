import { hasCode } from "@acme/api/problem";
import { duration } from "@acme/ui/lib/format";
import { Notice } from "@acme/ui/states";
import { useEffect, useState } from "react";

const WITHOUT_WORD_S = 30;

/** Counts down the wait after too many failed sign-ins. */
export function useLockout() {
  const [until, setUntil] = useState(0);
  const [now, setNow] = useState(Date.now);
  const seconds = Math.max(0, Math.ceil((until - now) / 1000));
  useEffect(() => {
    if (seconds === 0) return;
    const timer = setTimeout(() => setNow(Date.now()), 1000);
    return () => clearTimeout(timer);
  });
  /** Whether `error` was such a wait. */
  const begin = (error: unknown): boolean => {
    if (!hasCode(error, "too_many_attempts")) return false;
    setNow(Date.now());
    setUntil(Date.now() + (error.retryAfterSeconds ?? WITHOUT_WORD_S) * 1000);
    return true;
  };
  return { seconds, begin };
}

export function Lockout({ seconds }: { seconds: number }) {
  if (seconds === 0) return null;
  return (
    <Notice tone="danger">
      <span role="alert">Too many failed attempts: please wait before the next one.</span>{" "}
      <span className="tabular-nums">{duration(seconds, "en")} left.</span>
    </Notice>
  );
}
