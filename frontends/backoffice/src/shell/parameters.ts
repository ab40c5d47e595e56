import { useSearchParams } from "react-router";

/**
 * The address's query, and what changes one parameter of it or takes all away. A change begins with what the address
 * says by then and is drawn at once: the router would take its time, and a second choice (or letter) meanwhile would
 * undo the first.
 */
export function useParameters() {
  const [query, setQuery] = useSearchParams();
  const set = (name: string, value: string, { replace } = { replace: true }) => {
    const current = new URLSearchParams(window.location.search);
    setQuery(withParameter(current, name, value), { replace, flushSync: true });
  };
  const reset = () => setQuery({}, { flushSync: true });
  return { query, set, reset };
}

/** An empty value takes the parameter away. */
function withParameter(query: URLSearchParams, name: string, value: string): URLSearchParams {
  const changed = new URLSearchParams(query);
  if (value) changed.set(name, value);
  else changed.delete(name);
  return changed;
}
