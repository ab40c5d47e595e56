"""One event with its guests, in a database of the benchmark's own."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from acme_auth.passwords import PasswordHasher
from acme_auth.principals import Audience, Role
from acme_auth.sessions import open_session
from acme_auth.tokens import TokenService
from acme_config.settings import DatabaseSettings, TokenSettings
from acme_db.engine import create_engine
from acme_db.models import (
    Operator,
    Package,
    Photographer,
    Project,
    ProjectMember,
    ProjectPhotographer,
    Purchase,
    User,
)
from acme_db.models.package import Deliverable
from acme_db.models.purchase import PurchaseStatus

GUESTS, PHOTOS, PHOTOS_OF_EACH = 40, 2_000, 150
PASSWORD = "correct horse battery"  # noqa: S105 - of accounts that live for some minutes
TOKEN_TTL_S = 6 * 3600

PHOTOS_SQL = """
INSERT INTO photos (id, project_id, photographer_id, storage_key, thumbnail_key, watermarked_key, preview_key,
    filename, content_type, size_bytes, sha256, width, height, thumbhash, taken_at, uploaded_at, status,
    upload_state, upload_expires_at, recognition_state)
SELECT id, CAST(:project_id AS uuid), CAST(:photographer_id AS uuid), prefix || 'original',
    prefix || 'thumbnail-400.jpg', prefix || 'watermarked.jpg', prefix || 'preview-2048.jpg',
    'DSC_' || n || '.jpg', 'image/jpeg', 8000000 + n, md5(n::text) || md5(n::text), 6000, 4000,
    encode(substr(sha256(n::text::bytea), 1, 24), 'base64'), date_trunc('second', now() - n * interval '7 s'),
    now() - n * interval '7.000321 s', 'ready', 'verified', now() + interval '1 day', 'done'
FROM generate_series(1, :photos) AS n,
    LATERAL (SELECT md5('photo' || n)::uuid AS id) AS named,
    LATERAL (SELECT 'projects/' || CAST(:project_id AS uuid) || '/photos/' || id || '/' AS prefix) AS placed
"""
TAGS_SQL = """
INSERT INTO photo_tags (photo_id, user_id, confidence, source, review_status, confirmed_at)
SELECT md5('photo' || n)::uuid, guest.id, 90, 'auto', 'confirmed', now()
FROM (SELECT id, row_number() OVER (ORDER BY id) AS number FROM users) AS guest,
    generate_series(1, :photos) AS n
WHERE (n * 7919 + guest.number * 104729) % :photos < :photos_of_each
"""
FAVOURITES_SQL = """
INSERT INTO favourites (user_id, photo_id)
SELECT user_id, photo_id FROM photo_tags WHERE hashtext(photo_id::text || user_id) % 10 = 0
"""
SHOWN_SQL = """
SELECT thumbnail_key FROM photos JOIN photo_tags ON photo_id = photos.id WHERE user_id = :user_id
ORDER BY uploaded_at DESC LIMIT 5
"""


@dataclass(frozen=True)
class World:
    project_id: UUID
    guest_tokens: list[str]
    photographer_token: str
    operator_token: str
    guest_emails: list[str]
    shown_keys: list[str]
    """Of thumbnails that the first guest sees first."""


async def build_world() -> World:
    engine = create_engine(DatabaseSettings(), application_name="benchmark")
    try:
        async with AsyncSession(engine, expire_on_commit=False) as session, session.begin():
            world = await _rows(session)
        async with engine.connect() as connection:
            await _analyze(await connection.execution_options(isolation_level="AUTOCOMMIT"))
        return world
    finally:
        await engine.dispose()


async def _rows(session: AsyncSession) -> World:
    tokens = TokenService(TokenSettings())
    hasher = PasswordHasher(TokenSettings().bcrypt_rounds)
    hashed = await hasher.hash(PASSWORD)
    hasher.close()
    operator = Operator(
        name="Operator",
        email="operator@example.com",
        password_hash=hashed,
        currency="EUR",
        locale="en",
        timezone="UTC",
    )
    photographer = Photographer(name="Photographer", email="photographer@example.com", password_hash=hashed)
    session.add(operator)
    await session.flush()  # the others refer to it
    project = Project(operator_id=operator.id, name="Gala")
    photographer.operator_id = operator.id
    package = Package(operator_id=operator.id, name="All", price=1500, photo_count=0)
    guests = [
        User(name=f"Guest {n}", email=f"guest-{n}@example.com", password_hash=hashed) for n in range(GUESTS)
    ]
    session.add_all([project, photographer, package, *guests])
    await session.flush()  # likewise
    session.add(ProjectPhotographer(project_id=project.id, photographer_id=photographer.id))
    session.add_all(ProjectMember(project_id=project.id, user_id=guest.id) for guest in guests)
    session.add_all(_purchase(guest, project, package) for guest in guests[::2])
    values = {"project_id": project.id, "photographer_id": photographer.id, "photos": PHOTOS}
    await session.execute(text(PHOTOS_SQL), values)
    await session.execute(text(TAGS_SQL), {"photos": PHOTOS, "photos_of_each": PHOTOS_OF_EACH})
    await session.execute(text(FAVOURITES_SQL))
    return World(
        project.id,
        [await _token(session, tokens, Audience.MAIN, Role.USER, guest.id) for guest in guests],
        await _token(session, tokens, Audience.BACKOFFICE, Role.PHOTOGRAPHER, photographer.id),
        await _token(session, tokens, Audience.BACKOFFICE, Role.OPERATOR, operator.id),
        [guest.email for guest in guests],
        list((await session.scalars(text(SHOWN_SQL), {"user_id": guests[0].id})).all()),
    )


def _purchase(guest: User, project: Project, package: Package) -> Purchase:
    """Half of the guests have bought all of their photos."""
    return Purchase(
        user_id=guest.id,
        project_id=project.id,
        package_id=package.id,
        stripe_payment_intent_id=f"pi_{guest.id}",
        status=PurchaseStatus.PAID,
        amount=1500,
        currency="EUR",
        photo_count=0,
        deliverable=Deliverable.WATERMARKED,
    )


async def _token(
    session: AsyncSession, tokens: TokenService, audience: Audience, role: Role, account_id: UUID
) -> str:
    opened = await open_session(session, audience, role, account_id, ttl_s=TOKEN_TTL_S)
    return tokens.issue_access(audience, role, account_id, opened.session_id).value


async def _analyze(connection: AsyncConnection) -> None:
    await connection.execute(text("VACUUM ANALYZE"))
