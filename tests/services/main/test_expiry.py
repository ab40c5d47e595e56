from acme_config.jobs import JobName
from acme_config.settings import JobSettings
from acme_core.retention import RetentionPolicy
from acme_main.jobs.expiry import ExpiryJobs
from tests.services.harness import PASSWORD, Platform


async def test_what_has_run_out_goes_and_the_rest_stays(platform: Platform) -> None:
    guest, stale = await platform.new_guest(), await platform.new_guest()
    await platform.jobs.run()
    account = stale.account["id"]
    owned = "(SELECT id FROM auth_sessions WHERE account_id = :id)"
    await platform.sql(
        f"UPDATE refresh_tokens SET expires_at = now() - interval '2 days' WHERE session_id IN {owned}",
        id=account,
    )
    await platform.sql(
        "UPDATE auth_sessions SET created_at = now() - interval '40 days' WHERE account_id = :id", id=account
    )
    for table, column in (("one_time_tokens", "expires_at"), ("audit_events", "occurred_at")):
        key = "account_id" if table == "one_time_tokens" else "actor_id"
        await platform.sql(
            f"UPDATE {table} SET {column} = now() - interval '200 days' WHERE {key} = :id", id=account
        )
    await platform.jobs.periodic[JobName.EXPIRE_TOKENS].run()
    for table in ("auth_sessions", "one_time_tokens"):
        assert await platform.sql(f"SELECT 1 FROM {table} WHERE account_id = :id", id=account) == []
    assert await platform.sql("SELECT DISTINCT ip FROM audit_events WHERE actor_id = :id", id=account) == [
        (None,)
    ]
    assert (await guest.call("GET", "/me")).status_code == 200
    login = {"email": stale.account["email"], "password": PASSWORD}
    assert (await platform.main.call("POST", "/auth/login", login)).status_code == 200


async def test_jobs_are_kept_for_a_while_and_those_that_wait_for_ever(platform: Platform) -> None:
    await platform.jobs.run()
    await platform.sql("UPDATE outbox_jobs SET finished_at = now() - interval '15 days' WHERE state = 'done'")
    ((waiting,),) = await platform.sql(
        "INSERT INTO outbox_jobs (name, queue, payload, run_at) "
        "VALUES ('send_email', 'acme:main', '{}', now() + interval '1 day') RETURNING id"
    )
    policy = RetentionPolicy.from_environment()
    counts = await ExpiryJobs(platform.data.sessions, JobSettings(), policy).expire_tokens()
    assert counts["jobs_done"] > 0
    assert await platform.sql("SELECT state FROM outbox_jobs WHERE state = 'done'") == []
    assert await platform.sql("SELECT 1 FROM outbox_jobs WHERE id = :id", id=waiting) == [(1,)]
    await platform.sql("DELETE FROM outbox_jobs WHERE id = :id", id=waiting)


async def test_webhooks_are_known_for_as_long_as_they_may_be_sent_again(platform: Platform) -> None:
    await platform.sql(
        "INSERT INTO stripe_events (id, type, received_at, processed_at) VALUES "
        "('evt_old', 'charge.refunded', now() - interval '91 days', now()), "
        "('evt_old_and_waiting', 'charge.refunded', now() - interval '91 days', NULL), "
        "('evt_recent', 'charge.refunded', now() - interval '89 days', now())"
    )
    policy = RetentionPolicy.from_environment()
    counts = await ExpiryJobs(platform.data.sessions, JobSettings(), policy).expire_tokens()
    assert counts["stripe_events"] == 1
    kept = await platform.sql("SELECT id FROM stripe_events WHERE id LIKE 'evt_%' ORDER BY id")
    assert {"evt_old_and_waiting", "evt_recent"} <= {name for (name,) in kept}
    assert "evt_old" not in {name for (name,) in kept}
    await platform.sql("DELETE FROM stripe_events WHERE type = 'charge.refunded' AND intent_id IS NULL")
