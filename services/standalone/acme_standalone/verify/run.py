"""Every check, on the parts that the settings name."""

import asyncio
import json
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import asdict
from datetime import timedelta

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from acme_config.settings import DatabaseSettings, RedisSettings, StorageSettings, StripeSettings
from acme_db.engine import create_engine
from acme_db.schema_version import require_head
from acme_jobs.queue import connect_queue, disconnect
from acme_payments.stripe_gateway import StripeGateway
from acme_standalone.verify.database import check_rows
from acme_standalone.verify.findings import Finding
from acme_standalone.verify.objects import check_objects
from acme_standalone.verify.payments import check_payments
from acme_standalone.verify.workers import check_workers
from acme_storage.gateway import ObjectStorage


def verify(payments_since: timedelta) -> list[Finding]:
    """Raises `SchemaNotAtHead`, and whatever a part that is away makes of it."""
    return asyncio.run(check_everything(payments_since))


async def check_everything(payments_since: timedelta) -> list[Finding]:
    async with AsyncExitStack() as stack:
        engine = create_engine(DatabaseSettings(statement_timeout_s=600), application_name="verify")
        stack.push_async_callback(engine.dispose)
        await require_head(engine)
        redis = await connect_queue(RedisSettings())
        stack.push_async_callback(disconnect, redis)
        gateway = await stack.enter_async_context(StripeGateway(StripeSettings()))
        return [
            *await check_rows(engine),
            *await check_workers(engine, redis),
            *await check_objects(engine, ObjectStorage(StorageSettings())),
            *await check_payments(engine, gateway, payments_since),
        ]


def show(findings: Sequence[Finding], *, as_json: bool = False) -> None:
    if as_json:
        print(json.dumps([asdict(finding) for finding in findings], indent=2))
        return
    table = Table(box=None, show_header=False, pad_edge=False)
    for finding in findings:
        word = f"[red]{finding.broken} broken[/]" if finding.broken else "[green]holds[/]"
        detail = f"\n{escape(', '.join(finding.examples))}" if finding.examples else ""
        table.add_row(word, f"{escape(finding.promise)}{detail}")
    Console(highlight=False).print(table)
