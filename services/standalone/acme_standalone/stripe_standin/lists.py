import re

from acme_standalone.stripe_standin.errors import invalid
from acme_standalone.stripe_standin.forms import Form, object_of, text_of
from acme_standalone.stripe_standin.store import Object

_LIMIT = re.compile(r"[1-9][0-9]?|100")


def page(found: list[Object], query: Form, path: str) -> Object:
    """Of what is newest first: `limit` and `starting_after` as with Stripe."""
    text = text_of(query, "limit")
    if text is not None and not _LIMIT.fullmatch(text):
        raise invalid("Invalid limit: it is 1 to 100.", code="parameter_invalid_integer", param="limit")
    limit = int(text) if text is not None else 10
    rest = _after(found, text_of(query, "starting_after"))
    return {"object": "list", "url": path, "has_more": len(rest) > limit, "data": rest[:limit]}


def since(found: list[Object], query: Form) -> list[Object]:
    """Those of `created[gte]` and later, where it is given."""
    text = object_of(query, "created").get("gte")
    if text is None:
        return found
    if not text.isdecimal():
        raise invalid("Invalid integer: created[gte]", code="parameter_invalid_integer", param="created[gte]")
    return [item for item in found if item["created"] >= int(text)]


def _after(found: list[Object], cursor: str | None) -> list[Object]:
    if cursor is None:
        return found
    ids = [item["id"] for item in found]
    if cursor not in ids:
        raise invalid(f"No such object: '{cursor}'", code="resource_missing", param="starting_after")
    return found[ids.index(cursor) + 1 :]
