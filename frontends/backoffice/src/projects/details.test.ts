import { expect, test } from "vitest";
import { changeOf, detailsOf, detailsSchema } from "./details";
import type { Project } from "./queries";

const PROJECT: Project = {
  id: "1",
  name: "Gala",
  location_name: null,
  start_at: "2026-06-20T16:00:00Z",
  end_at: null,
  project_link: null,
  terms_and_conditions: null,
  timezone: "Europe/Vienna",
  confirm_confidence: null,
  review_confidence: null,
  matches_need_verified_email: false,
  version: 1,
  created_at: "2026-01-01T00:00:00Z",
};

test("a project that is shown and saved untouched stays as it is", () => {
  const { id, version, created_at, confirm_confidence, review_confidence, ...told } = PROJECT;
  expect(changeOf(detailsOf(PROJECT, "UTC"))).toEqual({ ...told, start_at: "2026-06-20T16:00:00.000Z" });
});

test.each([true, false])("whether matches wait for a verified address is told as it is: %o", (isHeld) => {
  const shown = detailsOf({ ...PROJECT, matches_need_verified_email: isHeld }, "UTC");
  expect(shown.matches_need_verified_email).toBe(isHeld);
  expect(changeOf({ ...shown, matches_need_verified_email: !isHeld }).matches_need_verified_email).toBe(
    !isHeld,
  );
});

test("without a zone of its own a project is on the operator's clocks", () => {
  expect(detailsOf({ ...PROJECT, timezone: null }, "Asia/Tokyo").start_at).toBe("2026-06-21T01:00");
});

test.each([
  [{ name: " " }, "name"],
  [{ start_at: "2026-06-20T18:00", end_at: "2026-06-20T17:00" }, "end_at"],
  [{ project_link: "javascript:alert(1)" }, "project_link"],
])("%o is refused", (change, field) => {
  const result = detailsSchema.safeParse({ ...detailsOf(PROJECT, "UTC"), ...change });
  expect(result.error?.issues[0]?.path).toEqual([field]);
});
