"""What is kept of the figures, with what the tables are asked for, is what plain SQL counts, at all times."""

import asyncio
import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select

from acme_config.jobs import JobName
from acme_db.figures import ALWAYS, Span, counted, fold
from acme_db.models import FigureKind, Project
from acme_db.photo_states import photo_states
from acme_db.totals import totalled
from acme_db.unit_of_work import unit_of_work
from tests.services.harness import Platform

DAY = datetime(2026, 6, 20, tzinfo=UTC)
SLOT = "date_bin('15 minutes', {at}, '2000-01-01+00') AS slot"
PLAIN = {
    FigureKind.PHOTOS: "SELECT photographer_id, status || CASE WHEN upload_state = 'issued' THEN '/awaited'"
    " ELSE '' END AS label, uploaded_at AS at FROM photos WHERE project_id = :id AND deleted_at IS NULL",
    FigureKind.MATCHES: "SELECT p.photographer_id, 'confirmed' AS label, p.uploaded_at AS at FROM photos p"
    " JOIN photo_tags t ON t.photo_id = p.id WHERE p.project_id = :id AND p.deleted_at IS NULL"
    " AND t.review_status = 'confirmed'",
    FigureKind.TAGS: "SELECT p.project_id, t.review_status AS label, t.created_at AS at FROM photos p"
    " JOIN photo_tags t ON t.photo_id = p.id WHERE p.project_id = :id AND p.deleted_at IS NULL",
    FigureKind.MEMBERS: "SELECT m.project_id, concat("
    "CASE WHEN m.user_id IN (SELECT user_id FROM user_consents WHERE revoked_at IS NULL) THEN 'c' END,"
    "CASE WHEN m.user_id IN (SELECT user_id FROM selfies WHERE status = 'approved' AND deleted_at IS NULL)"
    " THEN 's' END,"
    "CASE WHEN m.user_id IN (SELECT t.user_id FROM photo_tags t JOIN photos p ON p.id = t.photo_id"
    " WHERE p.project_id = m.project_id AND p.deleted_at IS NULL AND t.review_status = 'confirmed')"
    " THEN 'm' END,"
    "CASE WHEN m.user_id IN (SELECT user_id FROM purchases WHERE project_id = m.project_id"
    " AND status = 'paid') THEN 'b' END,"
    "CASE WHEN u.deleted_at IS NOT NULL THEN 'g' END) AS label, m.joined_at AS at"
    " FROM project_members m JOIN users u ON u.id = m.user_id WHERE m.project_id = :id",
}
ONE = {
    name: f"(SELECT id FROM {name} WHERE {where} ORDER BY id OFFSET :n LIMIT 1)"
    for name, where in {
        "photos": "project_id = :id",
        "photo_tags": "project_id = :id",
        "users": "id IN (SELECT user_id FROM project_members WHERE project_id = :id)",
        "purchases": "project_id = :id",
        "selfies": "user_id IN (SELECT user_id FROM project_members WHERE project_id = :id)",
    }.items()
}
NEW_PHOTO = (
    "INSERT INTO photos (project_id, photographer_id, storage_key, status, uploaded_at, filename,"
    " content_type, size_bytes, upload_state, upload_expires_at) SELECT :id, photographer_id, 'key',"
    " 'processing', :at,"
    " 'a.jpg', 'image/jpeg', 1, 'issued', :at FROM project_photographers WHERE project_id = :id"
)
NEW_TAG = (
    "INSERT INTO photo_tags (photo_id, user_id, confidence, source, review_status, created_at)"
    f" SELECT {ONE['photos']}, {ONE['users']}, 80, 'auto', 'pending', :at"
    " ON CONFLICT (photo_id, user_id) DO UPDATE SET review_status = 'confirmed'"
)
NEW_MEMBER = "INSERT INTO project_members (project_id, user_id, joined_at) VALUES (:id, :user, :at)"
CHANGES = [
    NEW_PHOTO,
    NEW_TAG,
    NEW_TAG,
    NEW_MEMBER,
    f"UPDATE photos SET status = 'ready', upload_state = 'verified' WHERE id = {ONE['photos']}",
    f"UPDATE photos SET uploaded_at = :at WHERE id = {ONE['photos']}",
    f"UPDATE photos SET deleted_at = now() WHERE id = {ONE['photos']}",
    "UPDATE photos SET deleted_at = NULL WHERE project_id = :id",
    f"UPDATE photo_tags SET review_status = 'confirmed' WHERE id = {ONE['photo_tags']}",
    f"UPDATE photo_tags SET review_status = 'rejected', created_at = :at WHERE id = {ONE['photo_tags']}",
    f"DELETE FROM photo_tags WHERE id = {ONE['photo_tags']}",
    f"UPDATE users SET deleted_at = now() WHERE id = {ONE['users']}",
    "INSERT INTO user_consents (user_id, consent_type, consent_version, document_sha256)"
    f" SELECT {ONE['users']}, 'biometric_processing', '1', 'x' ON CONFLICT DO NOTHING",
    f"UPDATE user_consents SET revoked_at = now() WHERE user_id = {ONE['users']}",
    "INSERT INTO selfies (user_id, storage_key, content_type, size_bytes, upload_expires_at)"
    f" SELECT {ONE['users']}, 'key', 'image/jpeg', 1, now()",
    f"UPDATE selfies SET status = 'approved' WHERE id = {ONE['selfies']}",
    f"DELETE FROM selfies WHERE id = {ONE['selfies']}",
    "INSERT INTO purchases (user_id, project_id, package_id, stripe_payment_intent_id, amount, currency,"
    f" photo_count, deliverable) SELECT {ONE['users']}, :id, :package, gen_random_uuid(), 1, 'EUR', 1,"
    " 'watermarked'",
    f"UPDATE purchases SET status = 'paid', paid_at = :at WHERE id = {ONE['purchases']}",
    f"DELETE FROM purchases WHERE id = {ONE['purchases']}",
    "UPDATE project_members SET joined_at = :at WHERE project_id = :id AND user_id = :user",
]


async def told(
    platform: Platform, project_id: UUID, kind: FigureKind, span: Span
) -> dict[tuple[object, ...], int]:
    """Through the code: figures that are kept and rows that are asked for."""
    figures = counted(kind, select(Project.id).where(Project.id == project_id), span)
    statement = select(figures.c.subject_id, figures.c.label, figures.c.starts_at, figures.c.value)
    async with platform.data.sessions() as session:
        rows = (await session.execute(statement)).all()
    assert len({row[:3] for row in rows}) == len(rows), "a quarter was counted twice"
    return {(row[0], row[1], row[2]): row[3] for row in rows}


async def plain(
    platform: Platform, project_id: UUID, kind: FigureKind, span: Span
) -> dict[tuple[object, ...], int]:
    start, end = span.start or datetime(1970, 1, 1, tzinfo=UTC), span.end or datetime(2999, 1, 1, tzinfo=UTC)
    rows = await platform.sql(
        f"WITH things (subject_id, label, at) AS ({PLAIN[kind]}) SELECT subject_id, label,"
        f" {SLOT.format(at='at')}, count(*) FROM things WHERE at >= :start AND at < :end GROUP BY 1, 2, 3",
        id=project_id,
        start=start,
        end=end,
    )
    return {(row[0], row[1], row[2]): row[3] for row in rows}


async def told_in_all(platform: Platform, project_id: UUID) -> dict[tuple[object, ...], int]:
    """Through the code: totals that are kept, put right by what is marked."""
    totals = totalled(select(Project.id).where(Project.id == project_id), *FigureKind)
    columns, value = (totals.c.kind, totals.c.subject_id, totals.c.label), func.sum(totals.c.value)
    statement = select(*columns, value).group_by(*columns).having(value != 0)
    async with platform.data.sessions() as session:
        return {(row[0], row[1], row[2]): row[3] for row in (await session.execute(statement)).all()}


async def agree(platform: Platform, project_id: UUID, span: Span = ALWAYS) -> int:
    """How many there are of anything."""
    expected: Counter[tuple[object, ...]] = Counter()
    for kind in FigureKind:
        found = await told(platform, project_id, kind, span)
        assert found == await plain(platform, project_id, kind, span), kind
        for (subject_id, label, _), value in found.items():
            expected[kind, subject_id, label] += value
    if span == ALWAYS:
        assert await told_in_all(platform, project_id) == expected
    return expected.total()


@pytest.mark.parametrize("seed", range(3))
async def test_figures_agree_with_the_tables_whatever_happens(platform: Platform, seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 - the same changes each time
    event = await platform.new_event()
    package_id, project_id = UUID(await event.new_package()), UUID(event.project_id)
    newcomers = [UUID((await platform.new_guest()).account["id"]) for _ in range(6)]
    for _ in range(100):
        given = {
            "id": project_id,
            "n": dice.randrange(6),
            "at": DAY + timedelta(seconds=dice.randrange(4 * 3600)),
            "user": newcomers[0],
            "package": package_id,
        }
        change = dice.choice(CHANGES)
        if change is NEW_MEMBER:
            if not newcomers[1:]:
                continue
            given["user"] = newcomers.pop()
        used = {name: value for name, value in given.items() if f":{name}" in change}
        try:
            await platform.sql(change, **used)
        except Exception as error:
            if "null value in column" not in str(error):  # there is no such photo or guest yet
                raise
        if dice.random() < 0.15:
            await platform.jobs.run_periodic(JobName.FOLD_FIGURES)
        first, second = sorted(DAY + timedelta(seconds=dice.randrange(4 * 3600)) for _ in range(2))
        await agree(platform, project_id, dice.choice([ALWAYS, Span(first, second), Span(None, second)]))
    assert await agree(platform, project_id) > 5


async def test_a_change_that_overlaps_with_the_folding_is_counted(platform: Platform) -> None:
    """Seen by nobody when the figures are counted again, committed afterwards: its mark is still there."""
    event = await platform.new_event()
    guest = await event.new_member()
    photo = await event.ready_photo(810)
    project_id = UUID(event.project_id)
    await platform.jobs.run_periodic(JobName.FOLD_FIGURES)
    engine = platform.data.engine
    async with engine.connect() as tagging, engine.connect() as joining:
        await tagging.exec_driver_sql(
            "INSERT INTO photo_tags (photo_id, user_id, confidence, source, review_status) "
            f"VALUES ('{photo}', '{guest.account['id']}', 99, 'auto', 'confirmed')"
        )
        await joining.exec_driver_sql(f"UPDATE photos SET status = 'ready' WHERE id = '{photo}'")
        await platform.sql("UPDATE users SET deleted_at = now() WHERE id = :id", id=guest.account["id"])
        await platform.jobs.run_periodic(JobName.FOLD_FIGURES)
        assert (await told(platform, project_id, FigureKind.TAGS, ALWAYS)) == {}
        await tagging.commit()
        await joining.commit()
    for _ in range(2):
        await agree(platform, project_id)
        tags = await told(platform, project_id, FigureKind.TAGS, ALWAYS)
        assert [(label, value) for (_, label, _), value in tags.items()] == [("confirmed", 1)]
        members = await told(platform, project_id, FigureKind.MEMBERS, ALWAYS)
        assert [label for _, label, _ in members] == ["mg"]
        await platform.jobs.run_periodic(JobName.FOLD_FIGURES)


async def test_folding_leaves_nothing_to_ask_the_tables_for(platform: Platform) -> None:
    event = await platform.new_event()
    await event.ready_photo(811)
    await event.new_member()
    await platform.jobs.run_periodic(JobName.FOLD_FIGURES)
    assert await platform.sql("SELECT 1 FROM figure_marks") == []
    rows = await platform.sql(
        "SELECT kind, label, sum(value) FROM figures WHERE project_id = :id GROUP BY 1, 2 ORDER BY 1",
        id=event.project_id,
    )
    assert [tuple(row) for row in rows] == [("members", "", 1), ("photos", "ready", 1)]


SUMS = "SELECT project_id, kind, subject_id, label, sum(value) FROM {table} GROUP BY 1, 2, 3, 4"
UNEQUAL = (
    f"SELECT * FROM ({SUMS.format(table='figures')}) f FULL JOIN figure_totals t"
    " USING (project_id, kind, subject_id, label) WHERE coalesce(f.sum, 0) <> coalesce(t.value, 0)"
)


async def test_totals_follow_the_figures_whoever_writes_them(platform: Platform) -> None:
    """Code of before, which knows of no totals, goes on to fold until it has been replaced."""
    event = await platform.new_event()
    await event.ready_photo(812)
    await event.new_member()
    await platform.jobs.run_periodic(JobName.FOLD_FIGURES)
    own = "WHERE project_id = :id AND kind = 'photos'"
    for change, count in {
        f"UPDATE figures SET value = value + 2 {own}": 3,
        f"INSERT INTO figures SELECT project_id, kind, starts_at + interval '1 day', subject_id, label, 4"
        f" FROM figures {own}": 7,
        f"UPDATE figures SET label = 'failed' {own} AND value = 3": 4,
        f"DELETE FROM figures {own} AND value = 4": 0,
    }.items():
        await platform.sql(change, id=event.project_id)
        (row,) = await platform.sql(
            f"SELECT sum(value) FILTER (WHERE label = 'ready') FROM figure_totals {own}", id=event.project_id
        )
        assert (row[0], await platform.sql(UNEQUAL)) == (count, [])


async def test_folds_take_turns_and_the_second_sees_what_the_first_has_counted(platform: Platform) -> None:
    event = await platform.new_event()
    photo = await event.ready_photo(813)
    await platform.jobs.run_periodic(JobName.FOLD_FIGURES)
    await platform.sql("UPDATE photos SET status = 'failed' WHERE id = :id", id=photo)

    async def fold_too() -> int:
        async with unit_of_work(platform.data.sessions) as session:
            return await fold(session)

    async with platform.data.sessions() as session, session.begin():
        assert await fold(session) > 0
        second = asyncio.create_task(fold_too())
        while not await platform.sql("SELECT 1 FROM pg_locks WHERE NOT granted"):
            assert not second.done()
            await asyncio.sleep(0.01)
        await agree(platform, UUID(event.project_id))
        await platform.sql("UPDATE photos SET status = 'ready' WHERE id = :id", id=photo)
    assert await second > 0
    assert await platform.sql("SELECT 1 FROM figure_marks") == []
    await agree(platform, UUID(event.project_id))
    assert await platform.sql(UNEQUAL) == []


async def test_a_tally_is_right_before_anything_is_kept_while_marked_and_after(platform: Platform) -> None:
    event, empty = await platform.new_event(), await platform.new_event()
    photo = await event.ready_photo(814)
    projects = [UUID(event.project_id), UUID(empty.project_id)]

    async def counts() -> list[tuple[int, int]]:
        async with platform.data.sessions() as session:
            found = await photo_states(session, projects, photographer_id=None)
        return [(found[project_id].ready, found[project_id].failed) for project_id in projects]

    for status, ready, failed in (("ready", 1, 0), ("failed", 0, 1), ("ready", 1, 0)):
        await platform.sql("UPDATE photos SET status = :status WHERE id = :id", id=photo, status=status)
        assert await counts() == [(ready, failed), (0, 0)]
        await platform.jobs.run_periodic(JobName.FOLD_FIGURES)
        assert await counts() == [(ready, failed), (0, 0)]
