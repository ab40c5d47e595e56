"""Each web app knows the services that it may call, and no other."""

import re
from pathlib import Path

import pytest

from tests.web.screens import GUEST_CASTS, STAFF_CASTS, Screen

FRONTENDS = Path(__file__).resolve().parents[2] / "frontends"
FORBIDDEN = {"main": "backoffice", "backoffice": "main"}
SCREENS = {"main": GUEST_CASTS, "backoffice": STAFF_CASTS}
TABS = re.compile(r"const PROJECT_TABS[^=]*= \[(.*?)\n\];", re.DOTALL)
ROUTE = re.compile(r'path: "([^"]+)"')
FRAME = re.compile(r'path: "([^"]+)", .*children: PROJECT_TABS')


@pytest.mark.parametrize("app", FORBIDDEN)
def test_an_app_imports_no_client_of_another(app: str) -> None:
    sources = list((FRONTENDS / app / "src").rglob("*.ts*"))
    assert len(sources) > 50, "the sources are found"
    clients = {
        name for source in sources for name in re.findall(r'from "@acme/api/(\w+)"', source.read_text())
    }
    assert {app, "media"} <= clients
    assert FORBIDDEN[app] not in clients


@pytest.mark.parametrize("app", FORBIDDEN)
def test_nothing_is_kept_where_every_script_reads_it(app: str) -> None:
    folders = [FRONTENDS / app / "src", FRONTENDS / "packages"]
    sources = [
        source
        for folder in folders
        for source in folder.rglob("*.ts*")
        if "node_modules" not in source.parts and "generated" not in source.parts
    ]
    offenders = [
        str(source) for source in sources if re.search(r"\b(local|session)Storage\b", source.read_text())
    ]
    assert offenders == []


@pytest.mark.parametrize("app", SCREENS)
def test_every_route_is_looked_at(app: str) -> None:
    """By `make screenshots`, and by axe in the browser tests."""
    routes = routes_of((FRONTENDS / app / "src" / "router.tsx").read_text())
    assert {"sign-in", "account"} <= routes, "the routes are found"
    shown = [screen for cast in SCREENS[app].values() for screen in cast]
    assert {route for route in routes if not any(leads_to(screen, route) for screen in shown)} == set()


def test_a_route_that_nobody_looks_at_is_noticed() -> None:
    assert leads_to(Screen("/projects/{project}/buy?from=here"), "projects/:projectId/buy")
    assert not leads_to(Screen("/projects/{project}/buy"), "projects/:projectId")
    assert not leads_to(Screen("/join/nothing"), "*")
    assert "projects/:projectId/details" in routes_of((FRONTENDS / "backoffice/src/router.tsx").read_text())


def routes_of(router: str) -> set[str]:
    """What lies under a project stands in a list of its own; the frame around it is no screen."""
    tabs = "".join(TABS.findall(router))
    below = {f"projects/:projectId/{path}" for path in ROUTE.findall(tabs)}
    return below | set(ROUTE.findall(TABS.sub("", router))) - set(FRAME.findall(router))


def leads_to(screen: Screen, route: str) -> bool:
    path = re.split(r"[?#]", screen.path)[0].strip("/")
    if route == "*":
        return path == "nothing-here"
    return re.fullmatch(re.sub(r":\w+", "[^/]+", route), path) is not None
