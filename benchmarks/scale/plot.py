"""The growth as a picture."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Protocol

import matplotlib as mpl
from matplotlib import pyplot

mpl.use("svg")
mpl.rcParams.update({"svg.hashsalt": "acme", "font.size": 8})
TOP, FLOOR_MS = 12, 1.0


class Point(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def rows(self) -> int: ...
    @property
    def page(self) -> int: ...
    @property
    def alone_ms(self) -> float: ...
    @property
    def limit_ms(self) -> float: ...


def draw(points: Iterable[Point], memory: Mapping[int, Mapping[str, float]], path: Path) -> None:
    first, deep, figures = _grouped(points)
    picture, axes = pyplot.subplots(2, 2, figsize=(13, 10), layout="constrained")
    _lines(axes[0][0], first, "First page, one request at a time")
    _lines(axes[0][1], deep, "Page 1,000 (or the last full one)")
    _lines(axes[1][0], figures, "Figures and searches for figures")
    _memory(axes[1][1], memory)
    picture.savefig(path, metadata={"Date": None})
    pyplot.close(picture)


def _grouped(points: Iterable[Point]) -> tuple[Any, Any, Any]:
    groups: tuple[Any, Any, Any] = (defaultdict(dict), defaultdict(dict), defaultdict(dict))
    for point in points:
        is_figure = point.limit_ms > 60.0
        group = groups[2] if is_figure else groups[1] if point.page > 1 else groups[0]
        group[point.name][point.rows] = point.alone_ms
    return groups


def _lines(axis: Any, series: Mapping[str, Mapping[int, float]], title: str) -> None:
    for number, (name, values) in enumerate(series.items()):
        style = "-" if number < 10 else "--" if number < 20 else ":"
        axis.plot(
            list(values), [max(value, FLOOR_MS) for value in values.values()], style, marker=".", label=name
        )
    axis.set(xscale="log", yscale="log", xlabel="photos", ylabel="ms, median", title=title)
    axis.set_ylim(bottom=FLOOR_MS)
    axis.grid(visible=True, alpha=0.3)
    axis.legend(fontsize=6, ncols=2)


def _memory(axis: Any, memory: Mapping[int, Mapping[str, float]]) -> None:
    for service in next(iter(memory.values())):
        axis.plot(list(memory), [sizes[service] for sizes in memory.values()], marker=".", label=service)
    axis.set(xscale="log", xlabel="photos", ylabel="MB resident", title="Memory of a service after its lists")
    axis.set_ylim(bottom=0)
    axis.grid(visible=True, alpha=0.3)
    axis.legend()
