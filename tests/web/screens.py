"""All that the web apps can show: who sees it, where it is, and what has to be done first."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import FilePayload, Locator, Page

Doing = Callable[[Page], None]


@dataclass(frozen=True)
class Screen:
    path: str
    """Of the app, with the names of ids in braces."""
    state: str = ""
    """What is done to it, in a word for its file."""
    do: Doing | None = None

    @property
    def name(self) -> str:
        plain = re.sub(r"[{}]", "", self.path.partition("#")[0]).strip("/")
        place = re.sub(r"[^\w-]+", "-", plain) or "start"
        return f"{place}.{self.state}" if self.state else place


def click(name: str, role: str = "button") -> Doing:
    def do(page: Page) -> None:
        _named(page, role, name).click()

    return do


def _named(page: Page, role: str, name: str) -> Locator:
    return page.locator(f"role={role}[name=/^{name}/]").first


def open_all_details(page: Page) -> None:
    page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")


def ask_whether_it_is_me(page: Page) -> None:
    _named(page, "button", "Not me").click()


def ask_to_be_hidden(page: Page) -> None:
    _named(page, "button", "Hide me").click()


def add_files(page: Page) -> None:
    """Of three files, one is empty and one is no picture."""
    files: list[FilePayload] = [
        {"name": "IMG_0001.jpg", "mimeType": "image/jpeg", "buffer": b""},
        {"name": "IMG_0002.jpg", "mimeType": "image/jpeg", "buffer": b"not a picture " * 40},
        {"name": "notes.txt", "mimeType": "text/plain", "buffer": b"left out"},
    ]
    page.get_by_test_id("pick-files").set_input_files(files)
    page.get_by_role("heading", name=re.compile("^(Finished|All photos)")).wait_for()


def at(*paths: str) -> list[Screen]:
    return [Screen(path) for path in paths]


EVERYBODY = at(
    "/join/{token}",
    "/join/qr_of_nothing",
    "/sign-in",
    "/sign-up",
    "/forgot-password",
    "/reset-password#nothing",
    "/verify-email#nothing",
    "/terms",
    "/retention",
    "/goodbye?receipt={project}",
)
GUEST = [
    *at("/", "/?all", "/projects/{project}", "/projects/{project}?show=favourites"),
    *at("/projects/{project}?show=unlocked", "/projects/{project}?photo={photo}"),
    Screen("/projects/{project}?photo={photo}", "not-me", ask_whether_it_is_me),
    Screen("/projects/{project}?photo={photo}", "hide-me", ask_to_be_hidden),
    *at("/projects/{project}/buy", "/purchases"),
    *at("/purchases/{pending}", "/purchases/{failed}", "/purchases/{choosing}", "/purchases/{packed}"),
    *at("/purchases/{refunded}", "/purchases/{nothing}", "/consent", "/selfie", "/account"),
    Screen("/account", "history", open_all_details),
    Screen("/account", "withdraw", click("Withdraw consent")),
    Screen("/account", "delete", click("Delete account")),
    *at("/nothing-here", "/join/{token}"),
]
NEWCOMER = at(
    "/",
    "/projects/{project}",
    "/projects/{alike}",
    "/projects/{project}?show=favourites",
    "/projects/{project}/buy",
    "/consent?next=/projects/{project}",
    "/selfie",
    "/purchases",
    "/account",
)
POSING = at("/selfie")
FACELESS = at("/selfie", "/projects/{project}")
VISITOR = at("/sign-in", "/sign-up", "/forgot-password", "/reset-password#nothing", "/accept-invite#nothing")
OPERATOR = [
    *at("/dashboard", "/dashboard?period=custom&from=2026-01-01&to=2026-01-31"),
    Screen("/dashboard", "tables", open_all_details),
    Screen("/projects"),
    Screen("/projects", "new", click("New project")),
    *at("/projects/{project}/overview", "/projects/{project}/details", "/projects/{project}/photos"),
    *at("/projects/{project}/photos/near-duplicates", "/projects/{project}/watermark", "/watermark"),
    *at("/projects/{project}/hide-requests", "/projects/{alike}/selfie-conflicts"),
    Screen("/projects/{project}/hide-requests", "photo", click("The photo that")),
    Screen("/projects/{alike}/selfie-conflicts", "resolve", click("I have looked at them")),
    *at("/projects/{alike}/selfie-conflicts?resolved=yes"),
    *at("/projects/{project}/members", "/projects/{project}/photographers", "/projects/{project}/packages"),
    *at("/projects/{project}/coaches", "/projects/{project}/qr-codes", "/projects/{project}/purchases"),
    Screen("/projects/{project}/photos", "large", click("DSC_")),
    Screen("/projects/{project}/qr-codes", "new", click("New QR code")),
    Screen("/projects/{project}/qr-codes", "revoke", click("Revoke")),
    Screen("/projects/{project}/purchases", "refund", click("Refund")),
    *at("/projects/{project}/review", "/projects/{project}/review?status=rejected"),
    Screen("/projects/{project}/review", "photo", click("Whole photo")),
    Screen("/projects/{project}/review", "tag", click("Tag somebody")),
    *at("/projects/{project}/thresholds", "/projects/{project}/shadow", "/projects/{nothing}/overview"),
    Screen("/projects/{project}/shadow", "photo", click("Show the whole photo")),
    Screen("/packages"),
    Screen("/packages", "new", click("New package")),
    Screen("/photographers"),
    Screen("/photographers", "invite", click("Invite a photographer")),
    Screen("/webhooks"),
    Screen("/webhooks", "new", click("New endpoint")),
    *at("/webhooks/{webhook}", "/webhooks/{webhook}?state=failed"),
    Screen("/webhooks/{webhook}", "deliveries", open_all_details),
    Screen("/webhooks/{webhook}", "secret", click("Change the secret")),
    *at("/account", "/retention", "/nothing-here"),
]
BEGINNER = at(
    "/dashboard",
    "/projects",
    "/packages",
    "/photographers",
    "/webhooks",
    "/retention",
    *(
        f"/projects/{{empty}}/{tab}"
        for tab in (
            "overview",
            "photos",
            "members",
            "hide-requests",
            "selfie-conflicts",
            "photographers",
            "packages",
            "qr-codes",
            "purchases",
        )
    ),
    "/projects/{empty}/review",
    "/projects/{empty}/thresholds",
    "/projects/{empty}/photos/near-duplicates",
    "/projects/{empty}/shadow",
)
PHOTOGRAPHER = [
    *at("/my-projects", "/my-projects/{project}", "/my-projects/{project}?tab=photos", "/account"),
    Screen("/my-projects/{project}", "files", add_files),
]
SUPERADMIN = [
    *at("/admin/operators", "/admin/operators?q=nobody-is-called-so", "/admin/audit"),
    *at("/admin/audit?category=money", "/admin/audit?subject=incomplete"),
    Screen("/admin/system"),
    Screen("/admin/operators", "suspend", click("Suspend")),
    Screen("/account"),
]

GUEST_CASTS = {
    "everybody": EVERYBODY,
    "guest": GUEST,
    "newcomer": NEWCOMER,
    "posing": POSING,
    "faceless": FACELESS,
}
STAFF_CASTS = {
    "visitor": VISITOR,
    "operator": OPERATOR,
    "beginner": BEGINNER,
    "photographer": PHOTOGRAPHER,
    "superadmin": SUPERADMIN,
}
CASTS = GUEST_CASTS | STAFF_CASTS
