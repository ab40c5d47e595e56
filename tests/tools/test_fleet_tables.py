"""The numbers of docs/scaling.md and docs/capacity.md: where they come from, and what they add up to."""

from decimal import Decimal
from typing import Any

import pytest
import yaml

from tools.capacity import FIGURES, found, newest, own_cost, rekognition_cost
from tools.connections import PGBOUNCER, VALUES, budget, table
from tools.tables import rewritten

PAGE = "before\n<!-- t -->\nold\n<!-- end of t -->\nafter\n"


@pytest.fixture
def values() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load(VALUES.read_text())
    return read


def test_the_budget_counts_every_process_of_every_pod_and_the_roll_outs(values: dict[str, Any]) -> None:
    values["config"] |= {"API_WORKERS": "3", "DATABASE_POOL_SIZE": "7"}
    values["apis"]["main"]["replicas"]["max"] = 4
    values["workers"]["faces"]["replicas"]["max"] = 9
    planned = {share.name: share for share in budget(values, PGBOUNCER.read_text()).shares}
    assert planned["api-main"].primary == (4 + 1) * 3 * 7
    assert planned["api-main"].replica == 0
    assert planned["api-backoffice"].replica == (6 + 1) * 3 * 5
    assert planned["worker-faces"].primary == (9 + 1) * 7
    assert set(planned) == {f"api-{name}" for name in values["apis"]} | {
        f"worker-{n}" for n in values["workers"]
    }


def test_a_fleet_that_asks_for_too_much_is_refused(values: dict[str, Any]) -> None:
    text = PGBOUNCER.read_text()
    budget(values, text).require_enough()
    with pytest.raises(ValueError, match="which takes 100"):
        budget(values, text.replace("max_client_conn = 2000", "max_client_conn = 100")).require_enough()
    with pytest.raises(ValueError, match="PostgreSQL, which has 100"):
        budget(values, text.replace("default_pool_size = 40", "default_pool_size = 97")).require_enough()


def test_the_table_adds_up(values: dict[str, Any]) -> None:
    rows = [line.split("|")[1:-1] for line in table(budget(values, PGBOUNCER.read_text())).splitlines()]
    numbers = [[cell.strip(" *") for cell in row[4:]] for row in rows[2:] if len(row) == 6]
    *each, together = [[int(cell) for cell in row] for row in numbers]
    assert [sum(column) for column in zip(*each, strict=True)] == together


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: str(figure.says))
def test_every_figure_is_in_the_newest_output(figure: Any) -> None:
    assert found(figure.pattern, newest(figure.benchmark).read_text()) > 0


def test_a_figure_that_is_not_printed_any_more_is_missed() -> None:
    with pytest.raises(ValueError, match="no"):
        found(r"^nothing ([\d.]+)", "something 1\n")


def test_what_a_thousand_photos_cost() -> None:
    assert rekognition_cost(3, Decimal("0.001")) == Decimal(4)
    assert own_cost(3.6, Decimal("0.05")) == Decimal("0.05")


def test_a_table_is_put_between_its_marks_and_nowhere_else() -> None:
    assert rewritten(PAGE, "t", "new\n") == PAGE.replace("old", "new")
    with pytest.raises(ValueError, match="end of t"):
        rewritten(PAGE.replace("end of", ""), "t", "new")
