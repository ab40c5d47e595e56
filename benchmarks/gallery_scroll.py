"""How smoothly a guest scrolls through ten thousand photos: the built app on the running platform.

In Chromium, on a phone's screen, with its processor twice slower: one way down at three thousand pixels a
second, as fast as a thumb does, while the pages of the list come in. Fails when more than one frame in twenty
takes longer than 50 ms (what Chromium calls a long one), or when more than a tenth of what is seen is without
even a placeholder: what a bar of the app covers counts by what is beneath it.
"""

import statistics
import sys

from playwright.sync_api import Page

from benchmarks.browsing import event_and_browser
from tests.web import crowd
from tests.web.world import PHONE, Watched, World

MANY = 10_000
SECONDS = 20
SPEED = 3_000
"""Pixels a second."""
SLOWER_CPU = 2
LONG_MS = 50
MOST_LONG = 0.05
MOST_UNCOVERED = 0.10
SCROLLED = """([seconds, speed]) => new Promise((resolve) => {
  const frames = [], uncovered = [];
  let last = performance.now();
  const end = last + seconds * 1000;
  const step = (now) => {
    frames.push(now - last);
    scrollBy(0, Math.min(now - last, 100) * speed / 1000);
    last = now;
    if (frames.length % 10 === 0) uncovered.push(share());
    if (now < end) requestAnimationFrame(step);
    else resolve({ frames, uncovered, tiles: document.querySelectorAll('main li').length, at: scrollY });
  };
  const share = () => {
    let missing = 0, looked = 0;
    const { left, right } = document.querySelector('main ul:has(li img)').getBoundingClientRect();
    for (let y = 80; y < innerHeight - 80; y += 60) for (let x = left + 4; x < right - 4; x += 60) {
      looked++;
      if (!document.elementsFromPoint(x, y).some((each) => each.closest('li'))) missing++;
    }
    return missing / looked;
  };
  requestAnimationFrame(step);
})"""


def main() -> int:
    with event_and_browser("scroll", photos=4) as (world, browser, _):
        project = fill(world)
        window = Watched(browser, viewport=PHONE, is_mobile=True, has_touch=True, device_scale_factor=2)
        window.sign_in(world.settings["MAIN_API_URL"], world.address("Runner"))
        window.page.goto(world.guest_url(f"/projects/{project}"))
        return report(window.page)


def fill(world: World) -> str:
    event = crowd.new_event(world, "City marathon")
    crowd.fill(world, event, world.event, MANY)
    crowd.paint_thumbnails(world, event)
    crowd.tag_everywhere(world, event, world.story.join(event, "Runner"))
    return event.project_id


def report(page: Page) -> int:
    page.locator("main li img").first.wait_for()
    page.wait_for_timeout(4_000)
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER_CPU})
    found = page.evaluate(SCROLLED, [SECONDS, SPEED])
    frames = sorted(found["frames"][1:])
    long = sum(frame > LONG_MS for frame in frames) / len(frames)
    uncovered = statistics.mean(found["uncovered"])
    print(f"{len(frames)} frames over {found['at']:.0f} px, {found['tiles']} tiles in the page at the end")
    print(
        f"median {statistics.median(frames):.1f} ms, 95th percentile {frames[len(frames) * 95 // 100]:.1f} ms"
    )
    print(
        f"longer than {LONG_MS} ms: {long:.1%}; longest {frames[-1]:.0f} ms; without a tile: {uncovered:.1%}"
    )
    return 0 if long <= MOST_LONG and uncovered <= MOST_UNCOVERED else 1


if __name__ == "__main__":
    sys.exit(main())
