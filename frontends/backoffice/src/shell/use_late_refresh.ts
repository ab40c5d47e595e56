import { type QueryKey, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo } from "react";
import { Later } from "./later";

const LATER_MS = 2000;

/** Events come many times a second; what shows them is loaded anew a little later. The key has to stay the same. */
export function useLateRefresh(queryKey: QueryKey): () => void {
  const queries = useQueryClient();
  const later = useMemo(
    () => new Later(() => queries.invalidateQueries({ queryKey }), LATER_MS),
    [queries, queryKey],
  );
  useEffect(() => () => later.drop(), [later]);
  return useCallback(() => later.ask(), [later]);
}
