import { useCallback, useRef } from "react";
import { useLocation, useNavigate, useSearchParams } from "react-router";
import type { Photo } from "./api";

/** The open photo stands in the address: the phone's back button closes it, and a reload shows it again. */
export function useOpenPhoto() {
  const [search, setSearch] = useSearchParams();
  const navigate = useNavigate();
  const { state } = useLocation();
  const isOwnEntry = useRef(false);
  isOwnEntry.current = state === "opened";

  const put = useRef(setSearch);
  put.current = setSearch;
  const change = useCallback((photoId: string | null, replace: boolean) => {
    put.current(
      (known) => {
        const next = new URLSearchParams(known);
        if (photoId === null) next.delete("photo");
        else next.set("photo", photoId);
        return next;
      },
      {
        replace,
        preventScrollReset: true,
        state: photoId !== null && (!replace || isOwnEntry.current) ? "opened" : null,
      },
    );
  }, []);

  const open = useCallback((photo: Photo) => change(photo.id, false), [change]);
  const show = useCallback((photo: Photo | undefined) => photo && change(photo.id, true), [change]);
  const close = useCallback(() => {
    if (isOwnEntry.current) void navigate(-1);
    else change(null, true);
  }, [navigate, change]);
  return { photoId: search.get("photo"), open, show, close };
}
