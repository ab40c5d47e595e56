"""Random orders of webhooks on a real database: whatever is heard, a purchase ends as its payment did.

Some in `make test`; `make fuzz-payments` tries ten thousand and tells what they were.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from acme_config.jobs import JobName
from acme_jobs.catalogue import PROCESS_STRIPE_EVENT
from acme_jobs.runner import JobRunner, handler
from acme_main.jobs.payments import PaymentJobs
from acme_payments.gateway import Intent
from acme_standalone.postgres import EmbeddedPostgres
from tests.conftest import running_platform
from tests.faults.payment_machine import PaymentOrders
from tests.faults.payments import Buyer, Desk, Order

ORDERS = int(os.environ.get("FUZZ_ORDERS") or 100)
STEPS = 12

pytestmark = [pytest.mark.timeout(7200)]


class Gateway:
    """Asks the provider of the order that an intent belongs to; the jobs ask nothing else."""

    def __init__(self) -> None:
        self.orders: dict[str, Order] = {}

    async def retrieve_intent(self, intent_id: str) -> Intent:
        return await self.orders[intent_id].provider.retrieve_intent(intent_id)


@asynccontextmanager
async def _open_desk(
    database_url: str, redis_url: str, store_url: str, stripe_url: str
) -> AsyncIterator[Desk]:
    async with running_platform(database_url, redis_url, store_url, stripe_url) as platform:
        event = await platform.new_event()
        guest, package_id = await event.new_member(), await event.new_package()
        gateway = Gateway()
        jobs = PaymentJobs(platform.data.sessions, gateway)  # type: ignore[arg-type] # as much of it as they ask
        handlers = {str(JobName.PROCESS_STRIPE_EVENT): handler(PROCESS_STRIPE_EVENT, jobs.process_event)}
        buyer = Buyer(UUID(guest.account["id"]), UUID(event.project_id), UUID(package_id))
        yield Desk(platform, buyer, JobRunner(platform.data.sessions, handlers, "fuzz"), gateway.orders)


@pytest.fixture
def desk(
    postgres: EmbeddedPostgres, template: str, redis_url: str, object_store_url: str, stripe_url: str
) -> Iterator[Desk]:
    """On a loop of its own: a machine's rules are no coroutines."""
    database_url = postgres.create_database("payment_fuzz", template)
    queue_url = redis_url.removesuffix("/0") + "/7"
    with asyncio.Runner() as runner:
        opened = _open_desk(database_url, queue_url, object_store_url, stripe_url)
        PaymentOrders.desk, PaymentOrders.runner = runner.run(opened.__aenter__()), runner
        yield PaymentOrders.desk
        runner.run(opened.__aexit__(None, None, None))
    postgres.drop_database("payment_fuzz")


def test_no_order_of_events_ends_in_a_wrong_purchase(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    profile = settings(
        max_examples=ORDERS,
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    try:
        run_state_machine_as_test(PaymentOrders, settings=profile)
    finally:
        _tell(desk, capsys)
    assert desk.counts["orders"] >= ORDERS
    assert desk.counts["wrong"] == 0


def _tell(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    counted = ("orders", "webhooks", "duplicates", "late or out of order", "contradicting", "forged")
    table = "\n".join(f"| {name} | {desk.counts[name]} |" for name in (*counted, "jobs tried again", "wrong"))
    if "FUZZ_ORDERS" in os.environ:
        with capsys.disabled():
            print(f"\n| what | how many |\n|---|---|\n{table}")  # noqa: T201 - it was asked for
    if target := os.environ.get("FUZZ_TABLE"):
        Path(target).write_text(f"{table}\n")
