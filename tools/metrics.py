"""Writes docs/metrics.md, every metric of the platform; `--check` says whether it is up to date."""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from prometheus_client.metrics import MetricWrapperBase

from acme_telemetry.metrics import GROUPS

PAGE = Path(__file__).resolve().parent.parent / "docs" / "metrics.md"
HEAD = """# Metrics

Prometheus reads those of an API at `/metrics`, and those of a worker on its own port (`METRICS_PORT`): see
[observability](observability.md). Labels are bounded: none is an id, an address or anything that a client
has made up. This page is written by `make openapi`.
"""
TABLE = "\n| Metric | Kind | Labels | Meaning |\n|---|---|---|---|\n"


def page() -> str:
    return HEAD + "".join(_section(title, metrics) for title, metrics in GROUPS.items())


def _section(title: str, metrics: Sequence[MetricWrapperBase]) -> str:
    return f"\n## {title}\n{TABLE}{''.join(_rows(metrics))}"


def _rows(metrics: Sequence[MetricWrapperBase]) -> Iterator[str]:
    for metric in metrics:
        [family] = metric.describe()
        name = f"{family.name}_total" if family.type == "counter" else family.name
        labels = ", ".join(f"`{label}`" for label in metric._labelnames)  # noqa: SLF001 - it has no other way to ask
        yield f"| `{name}` | {family.type} | {labels} | {family.documentation} |\n"


def main() -> int:
    text = page()
    is_current = PAGE.is_file() and PAGE.read_text() == text
    if sys.argv[1:] == ["--check"]:
        if not is_current:
            print("Out of date: docs/metrics.md. Run `make openapi`.")
        return int(not is_current)
    PAGE.write_text(text)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
