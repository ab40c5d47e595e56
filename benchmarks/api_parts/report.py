"""Rounds, ratios and targets."""

import os
import statistics
from collections import defaultdict
from collections.abc import Mapping, Sequence

from benchmarks.api_parts.load import Call, Outcome
from benchmarks.api_parts.servers import Server

ROUNDS = int(os.environ.get("ROUNDS", "5"))
SECONDS = float(os.environ.get("SECONDS", "3"))
CONNECTIONS = 32
Rounds = Mapping[str, list[Outcome]]


class Targets:
    def __init__(self) -> None:
        self.missed = False

    def tell(
        self, what: str, found: float, bound: float, *, most: bool = False, possible: float | None = None
    ) -> None:
        """`possible`: with a server that cost nothing, the database and the load being as they are."""
        is_met = found <= bound if most else found >= bound
        self.missed |= not is_met
        sign, verdict = "<=" if most else ">=", "met" if is_met else "MISSED"
        if possible is not None:
            verdict += f"; {possible:.2f} if ours cost nothing"
        print(f"  {what:60}{found:8.2f}   {sign} {bound:<5g} {verdict}", flush=True)

    def tell_ratio(
        self, what: str, rounds: Rounds, ours: str, peer: str, bound: float, *, times: int = 1
    ) -> None:
        """Of answers a second, of which each of ours counts so many times."""
        found, most = times * ratio(rounds, ours, peer), times * possible(rounds, ours, peer)
        self.tell(what, found, bound, possible=most)


def interleaved(servers: Sequence[Server], calls: Sequence[Call]) -> Rounds:
    """Each round loads every server once; before the first, each is warmed up."""
    rounds: dict[str, list[Outcome]] = defaultdict(list)
    for server in servers:
        right(server.loaded(calls, CONNECTIONS, 2))
    for _ in range(ROUNDS):
        for server in servers:
            rounds[server.name].append(right(server.loaded(calls, CONNECTIONS, SECONDS)))
    return rounds


def right(outcome: Outcome) -> Outcome:
    assert not outcome.wrong, outcome.wrong[0][:2000]
    return outcome


def ratio(rounds: Rounds, ours: str, peer: str) -> float:
    pairs = zip(rounds[ours], rounds[peer], strict=True)
    return statistics.median(one.per_second / other.per_second for one, other in pairs)


def possible(rounds: Rounds, ours: str, peer: str) -> float:
    """The ratio, were ours bound by the database and the load alone, as the peer is by itself."""
    pairs = zip(rounds[ours], rounds[peer], strict=True)
    return statistics.median(one.most_per_second / other.per_second for one, other in pairs)


def tell(rounds: Rounds, peer: str) -> None:
    titles = f"{'req/s':>8}{'p50 ms':>9}{'p99 ms':>9}{'CPU us':>9}{'beside':>9}"
    print(f"  {'':24}{titles}   x {peer}, by req/s and by CPU")
    for name, outcomes in rounds.items():
        per_second = statistics.median(outcome.per_second for outcome in outcomes)
        p50, p99 = (statistics.median(outcome.ms(percent) for outcome in outcomes) for percent in (50, 99))
        cost, times = statistics.median(map(cpu_us, outcomes)), ratio(rounds, name, peer)
        cheaper = statistics.median(map(cpu_us, rounds[peer])) / cost
        beside = statistics.median(outcome.beside for outcome in outcomes)
        figures = f"{per_second:8.0f}{p50:9.1f}{p99:9.1f}{cost:9.0f}{beside:9.0%}"
        print(f"  {name:24}{figures}{times:12.2f}{cheaper:9.2f}")


def cpu_us(outcome: Outcome) -> float:
    """Of the server, for one answer: what others do on the machine changes it less."""
    return outcome.cpu_s / len(outcome.latencies) * 1e6
