"""A trace for people: each span under the one that it is a part of, with its beginning and its length."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]
NS_PER_MS = 1_000_000
WIDTH = 60


def as_text(trace: Json) -> str:
    services = {
        span["spanId"]: _attribute(resource["resource"], "service.name")
        for resource in trace["resourceSpans"]
        for span in _spans(resource)
    }
    spans = [span for resource in trace["resourceSpans"] for span in _spans(resource)]
    children: dict[str | None, list[Json]] = defaultdict(list)
    for span in sorted(spans, key=lambda each: int(each["startTimeUnixNano"])):
        parent = span.get("parentSpanId")
        children[parent if parent in services else None].append(span)
    begin = min(int(span["startTimeUnixNano"]) for span in spans)
    head = f"{'from ms':>9} {'for ms':>9}  {'span':<{WIDTH}} service\n"
    return head + "".join(_lines(children, services, None, begin, depth=0))


def _lines(
    children: dict[str | None, list[Json]],
    services: dict[str, str],
    parent: str | None,
    begin: int,
    *,
    depth: int,
) -> Iterator[str]:
    for span in children[parent]:
        start, end = int(span["startTimeUnixNano"]), int(span["endTimeUnixNano"])
        name = f"{'  ' * depth}{span['name']}"
        times = f"{(start - begin) / NS_PER_MS:9.1f} {(end - start) / NS_PER_MS:9.1f}"
        yield f"{times}  {name:<{WIDTH}} {services[span['spanId']]}\n"
        yield from _lines(children, services, span["spanId"], begin, depth=depth + 1)


def _spans(resource: Json) -> Iterator[Json]:
    for scope in resource["scopeSpans"]:
        yield from scope["spans"]


def _attribute(resource: Json, name: str) -> str:
    return next(str(each["value"]["stringValue"]) for each in resource["attributes"] if each["key"] == name)
