import { FILTERS, type Filter } from "./api";

export function shownFilter(search: URLSearchParams): Filter {
  return FILTERS.find((name) => name === search.get("show")) ?? "all";
}
