// @vitest-environment jsdom
import { flushSync } from "react-dom";
import { createRoot } from "react-dom/client";
import { createBrowserRouter, RouterProvider } from "react-router";
import { expect, test, vi } from "vitest";
import { useParameters } from "./parameters";

function Chooser() {
  const { query, set, reset } = useParameters();
  return (
    <>
      <output>{query.toString()}</output>
      {["one", "two", "three"].map((name) => (
        <button key={name} type="button" onClick={() => set(name, "chosen")}>
          {name}
        </button>
      ))}
      <button type="button" onClick={() => set("two", "")}>
        without
      </button>
      <button type="button" onClick={reset}>
        reset
      </button>
    </>
  );
}

test("choices that come faster than the router draws are all kept", async () => {
  const place = document.body.appendChild(document.createElement("main"));
  const router = createBrowserRouter([
    { path: "*", Component: Chooser, loader: () => null, shouldRevalidate: () => false },
  ]);
  createRoot(place).render(<RouterProvider router={router} flushSync={drawn} />);
  await vi.waitUntil(() => place.querySelector("output"));
  const choose = async (name: string) => {
    [...place.querySelectorAll("button")].find(({ textContent }) => textContent === name)?.click();
    await microtasks();
  };
  for (const name of ["one", "two", "three"]) await choose(name);
  expect(place.querySelector("output")?.textContent).toBe("one=chosen&two=chosen&three=chosen");
  await choose("without");
  expect(window.location.search).toBe("?one=chosen&three=chosen");
  await choose("reset");
  expect(window.location.search).toBe("");
});

/** As long as it may take the router, without a moment in which React draws what can wait. */
async function microtasks(): Promise<void> {
  for (let each = 0; each < 100; each++) await Promise.resolve();
}

function drawn(change: () => unknown): undefined {
  flushSync(change);
}
