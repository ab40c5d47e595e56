"""What was measured of one page, or why it was not."""

from dataclasses import dataclass

LIST_LIMIT_MS = 60.0


@dataclass(frozen=True)
class Measured:
    name: str
    rows: int
    page: int
    alone_ms: float
    limit_ms: float
    p95_ms: float | None = None
    """With all connections at once, the median of all rounds; measured at the greatest size alone."""
    p95_most_ms: float | None = None
    """Of the slowest round."""
    per_second: float = 0.0
    cpu: float = 0.0
    """Cores that the service was busy with meanwhile."""

    @property
    def is_list(self) -> bool:
        return self.limit_ms == LIST_LIMIT_MS

    @property
    def is_over(self) -> bool:
        """Lists are held to their limit with all connections, figures alone."""
        counted = self.p95_ms if self.is_list and self.p95_ms is not None else self.alone_ms
        return counted > self.limit_ms

    @property
    def line(self) -> str:
        alone = f"{self.rows:>9,} {self.name:<26} page {self.page:>5,} {self.alone_ms:9.1f}"
        if self.p95_ms is None:
            return alone
        verdict = f"  over {self.limit_ms:.0f}" if self.is_over else ""
        p95 = f"{self.p95_ms:9.1f} {self.p95_most_ms or 0:6.1f}"
        return f"{alone} {p95} {self.per_second:9.0f} {100 * self.cpu:6.0f}{verdict}"


@dataclass(frozen=True)
class Failure:
    name: str
    rows: int
    reason: str

    @property
    def line(self) -> str:
        return f"{self.rows:>9,} {self.name:<26} failed: {self.reason[:200]}"
