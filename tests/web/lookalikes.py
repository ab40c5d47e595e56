"""An event in which two guests have sent the same face."""

from pathlib import Path

from acme_standalone.demo.client import Json, wait_for
from acme_standalone.demo.scenes import Person, write_selfie
from acme_standalone.demo.story import Event
from tests.web.crowd import new_event
from tests.web.world import World


def event_of_lookalikes(world: World, folder: Path, title: str, guests: tuple[str, str]) -> Event:
    """One of its own: in the world's, nobody may look like anybody else."""
    event = new_event(world, title)
    for name in guests:
        world.story.enrol(world.story.join(event, name), write_selfie(folder, Person.EILEEN))
    wait_for("the selfie conflict", lambda: conflicts_of(event) or None)
    return event


def hold_matches(event: Event) -> None:
    """From who has not verified their address."""
    path = f"/projects/{event.project_id}"
    wish = {"version": event.operator.get(path)["version"], "matches_need_verified_email": True}
    event.operator.call("PATCH", path, wish)


def conflicts_of(event: Event) -> list[Json]:
    items: list[Json] = event.operator.get(f"/projects/{event.project_id}/selfie-conflicts")["items"]
    return items
