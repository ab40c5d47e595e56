"""Pages of lists, written as JSON straight from rows.

The response's model says which fields an item has and in which order; what it would check was read from
columns of the same types. To check and to write fifty photos by the model takes 0.6 ms, this 0.15. A test
holds every list to its model, byte for byte (decision 22).
"""

from collections.abc import Callable, Mapping
from functools import cache

import msgspec
from pydantic import BaseModel

from acme_db.listing import Listed
from acme_db.prepared import Record

Told = Mapping[str, object]

_encoder = msgspec.json.Encoder()
_NOTHING: Told = {}


def page_json(
    item: type[BaseModel], found: Listed, told: Callable[[Record], Told] = lambda _: _NOTHING
) -> bytes:
    """JSON of `Page[item]`. `told` makes the fields that no column has."""
    names = _names(item)
    items = []
    for row in found.rows:
        made = told(row)
        items.append({name: made[name] if name in made else row[name] for name in names})
    return _encoder.encode({"items": items, "next_cursor": found.next_cursor})


@cache
def _names(item: type[BaseModel]) -> tuple[str, ...]:
    return tuple(item.model_fields)
