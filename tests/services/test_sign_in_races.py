"""A sign-in that meets a suspension, a new password or a deletion half-way leaves no session behind."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
from sqlalchemy import text

from tests.services.harness import PASSWORD, Api, Platform

WAITING = "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"


@asynccontextmanager
async def change_not_committed_yet(platform: Platform, statement: str, account: Api) -> AsyncIterator[None]:
    """Committed when the block ends, once somebody waits for it."""
    async with platform.data.sessions() as session, session.begin():
        await session.execute(text(statement), {"id": account.account["id"]})
        yield
        for _ in range(200):
            if await platform.sql(WAITING):
                return
            await asyncio.sleep(0.02)
        pytest.fail("nobody waits for the change")


async def met_by_a_sign_in(platform: Platform, service: Api, account: Api, statement: str) -> httpx.Response:
    login = {"email": account.account["email"], "password": PASSWORD}
    async with change_not_committed_yet(platform, statement, account):
        answer = asyncio.create_task(service.call("POST", "/auth/login", login))
    return await answer


async def test_a_suspension_is_waited_for(platform: Platform) -> None:
    operator = await platform.new_operator()
    photographer = await platform.new_photographer(operator)
    suspend = "UPDATE operators SET suspended_at = now() WHERE id = :id"
    answer = await met_by_a_sign_in(platform, platform.backoffice, operator, suspend)
    assert (answer.status_code, answer.json()["code"]) == (403, "account_suspended")
    await platform.sql("UPDATE operators SET suspended_at = NULL WHERE id = :id", id=operator.account["id"])
    login = {"email": photographer.account["email"], "password": PASSWORD}
    async with change_not_committed_yet(platform, suspend, operator):
        waiting = asyncio.create_task(platform.backoffice.call("POST", "/auth/login", login))
    assert (await waiting).json()["code"] == "account_suspended"


@pytest.mark.parametrize("change", ["password_hash = 'another'", "deleted_at = now()"])
@pytest.mark.parametrize("table", ["users", "operators"])
async def test_a_new_password_or_a_deletion_is_waited_for(
    platform: Platform, table: str, change: str
) -> None:
    if table == "users":
        service, account = platform.main, await platform.new_guest()
    else:
        service, account = platform.backoffice, await platform.new_operator()
    answer = await met_by_a_sign_in(platform, service, account, f"UPDATE {table} SET {change} WHERE id = :id")
    assert (answer.status_code, answer.json()["code"]) == (401, "invalid_credentials")
