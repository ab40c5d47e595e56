"""Every list asks the database as often for twenty rows as for one: counted at the driver."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from secrets import token_hex
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.ext.asyncio import AsyncSession

from acme_core.clock import utc_now
from acme_db.models import (
    HideKind,
    HideRequest,
    HideState,
    Package,
    Photo,
    Photographer,
    PhotoTag,
    Project,
    ProjectCoach,
    ProjectMember,
    ProjectPackage,
    ProjectPhotographer,
    Purchase,
    QrToken,
    SelfieConflict,
    ShadowResult,
    User,
    WebhookDelivery,
    WebhookEndpoint,
    WebhookEvent,
    WebhookSubscription,
)
from acme_db.models.package import Deliverable
from acme_db.models.photo import PhotoStatus, UploadState
from acme_db.models.photo_tag import ReviewStatus, TagSource
from acme_db.models.purchase import PurchaseStatus
from tests.services.harness import Api, Event, Platform

FEW, MANY = 1, 20
OF_NEW_CONNECTIONS = ("typeinfo_tree", "'jit'")
"""asyncpg learns the types that a connection meets for the first time."""
LISTS = [
    ("guest", "/projects"),
    ("guest", "/projects/{project}/photos"),
    ("guest", "/projects/{project}/packages"),
    ("guest", "/purchases"),
    ("guest", "/hide-requests"),
    ("operator", "/projects"),
    ("operator", "/packages"),
    ("operator", "/photographers"),
    ("operator", "/projects/{project}/photographers"),
    ("operator", "/projects/{project}/packages"),
    ("operator", "/projects/{project}/coaches"),
    ("operator", "/projects/{project}/qr-tokens"),
    ("operator", "/projects/{project}/members"),
    ("operator", "/projects/{project}/purchases"),
    ("operator", "/projects/{project}/photos"),
    ("operator", "/projects/{project}/photo-tags?review_status=pending"),
    ("operator", "/projects/{project}/hide-requests"),
    ("operator", "/projects/{project}/selfie-conflicts"),
    ("operator", "/projects/{project}/matching/shadow"),
    ("operator", "/webhook-endpoints"),
    ("operator", "/webhook-endpoints/{endpoint}/deliveries"),
    ("photographer", "/photographers/me/projects"),
    ("uploader", "/photographers/me/photos"),
]


@pytest.fixture(scope="module")
async def worlds(platform: Platform) -> dict[int, dict[str, Any]]:
    return {count: await world(platform, count) for count in (FEW, MANY)}


@pytest.mark.parametrize(("who", "path"), LISTS)
async def test_a_list_takes_as_many_statements_for_many_rows_as_for_one(
    platform: Platform, worlds: dict[int, dict[str, Any]], who: str, path: str
) -> None:
    asked = {}
    for count, made in worlds.items():
        api: Api = made[who]
        url = filled(path, made)
        await api.get(url)  # connects, and loads what a process loads once
        with counted(platform) as statements:
            answer = await api.get(url)
            await asyncio.sleep(0.01)  # asyncpg tells of its queries a moment later
        assert len(answer.get("differences", answer)["items"]) >= count
        asked[count] = len(statements)
    assert 0 < asked[FEW] == asked[MANY]


@contextmanager
def counted(platform: Platform) -> Iterator[list[str]]:
    """SQLAlchemy's statements, and what is asked of asyncpg directly."""
    statements: list[str] = []
    engines = [app.state.data.engine.sync_engine for app in platform.apps.values()]

    def by_cursor(_: object, __: object, statement: str, *___: object) -> None:
        statements.append(statement)

    def by_driver(record: Any) -> None:
        if not any(mark in record.query for mark in OF_NEW_CONNECTIONS):
            statements.append(record.query)

    def checkout(connection: Any, *_: object) -> None:
        connection.driver_connection.add_query_logger(by_driver)

    def checkin(connection: Any, *_: object) -> None:
        connection.driver_connection.remove_query_logger(by_driver)

    hooks = (("before_cursor_execute", by_cursor), ("checkout", checkout), ("checkin", checkin))
    listen(engines, hooks, event.listen)
    try:
        yield statements
    finally:
        listen(engines, hooks, event.remove)


def listen(engines: list[Engine], hooks: tuple[tuple[str, Any], ...], how: Any) -> None:
    for engine in engines:
        for name, hook in hooks:
            how(engine, name, hook)


async def world(platform: Platform, count: int) -> dict[str, Any]:
    event_ = await platform.new_event()
    guest = await event_.new_member()
    async with platform.data.sessions() as session, session.begin():
        endpoint_id = await fill(session, event_, UUID(guest.account["id"]), count)
    return {
        "endpoint": endpoint_id,
        "event": event_,
        "guest": guest,
        "operator": event_.operator,
        "photographer": event_.photographer,
        "uploader": platform.media.as_({"access_token": event_.photographer.token}),
    }


def filled(path: str, made: dict[str, Any]) -> str:
    return path.format(project=made["event"].project_id, endpoint=made["endpoint"])


async def fill(session: AsyncSession, made: Event, guest_id: UUID, count: int) -> UUID:
    """The id of the webhook endpoint that was told of all photos."""
    operator_id = UUID(made.operator.account["id"])
    project_id, photographer_id = UUID(made.project_id), UUID(made.photographer.account["id"])
    told = _endpoint(operator_id)
    session.add(told)
    for number in range(count):
        other = Project(operator_id=operator_id, name=f"Project {number}")
        package = Package(operator_id=operator_id, name="Package", price=0, photo_count=0)
        colleague = Photographer(
            operator_id=operator_id, name="Colleague", email=f"{token_hex(8)}@example.com", password_hash="!"
        )
        member = User(name="Member", email=f"{token_hex(8)}@example.com", password_hash="!")
        photo = _photo(project_id, photographer_id, number)
        endpoint = _endpoint(operator_id)
        session.add_all([other, package, colleague, member, photo, endpoint])
        await session.flush()  # what follows refers to them
        session.add_all(
            [
                ProjectMember(project_id=other.id, user_id=guest_id),
                ProjectMember(project_id=project_id, user_id=member.id),
                ProjectPackage(project_id=project_id, package_id=package.id),
                ProjectPhotographer(project_id=project_id, photographer_id=colleague.id),
                ProjectPhotographer(project_id=other.id, photographer_id=photographer_id),
                ProjectCoach(project_id=project_id, name="Coach"),
                QrToken(project_id=project_id, token=token_hex(16), expires_at=utc_now() + timedelta(days=1)),
                _tag(photo.id, guest_id, ReviewStatus.CONFIRMED),
                _tag(photo.id, member.id, ReviewStatus.PENDING),
                _purchase(guest_id, project_id, package.id),
                _hide_request(photo, guest_id, number),
                SelfieConflict(
                    project_id=project_id, user_id=guest_id, other_user_id=member.id, confidence=87.6
                ),
                _compared(photo.id, guest_id, number),
                WebhookSubscription(endpoint_id=endpoint.id, event=WebhookEvent.PURCHASE_PAID),
                WebhookSubscription(endpoint_id=endpoint.id, event=WebhookEvent.MATCH_CONFIRMED),
                _delivery(told.id, photo.id),
            ]
        )
    return told.id


def _photo(project_id: UUID, photographer_id: UUID, number: int) -> Photo:
    return Photo(
        project_id=project_id,
        photographer_id=photographer_id,
        storage_key=f"tests/{number}/original",
        thumbnail_key=f"tests/{number}/thumbnail",
        preview_key=f"tests/{number}/preview",
        filename=f"{number}.jpg",
        content_type="image/jpeg",
        size_bytes=1,
        width=6,
        height=4,
        status=PhotoStatus.READY,
        upload_state=UploadState.VERIFIED,
        upload_expires_at=utc_now(),
    )


def _tag(photo_id: UUID, user_id: UUID, status: ReviewStatus) -> PhotoTag:
    return PhotoTag(
        photo_id=photo_id, user_id=user_id, confidence=60, source=TagSource.AUTO, review_status=status
    )


def _purchase(user_id: UUID, project_id: UUID, package_id: UUID) -> Purchase:
    return Purchase(
        user_id=user_id,
        project_id=project_id,
        package_id=package_id,
        stripe_payment_intent_id=f"pi_{token_hex(8)}",
        status=PurchaseStatus.PAID,
        amount=0,
        currency="EUR",
        photo_count=0,
        deliverable=Deliverable.WATERMARKED,
    )


def _hide_request(photo: Photo, user_id: UUID, number: int) -> HideRequest:
    """By turns of a face, which has been blurred, and of the whole photo, which nobody has decided on."""
    if number % 2:
        return HideRequest(
            photo_id=photo.id,
            project_id=photo.project_id,
            user_id=user_id,
            kind=HideKind.WITHHOLD,
            reason="Not my best day",
        )
    photo.blur_version, photo.cleared_key = "0" * 12, f"tests/{number}/cleared"
    return HideRequest(
        photo_id=photo.id,
        project_id=photo.project_id,
        user_id=user_id,
        kind=HideKind.BLUR,
        state=HideState.ACCEPTED,
        decided_at=utc_now(),
        box_left=1 / 3,
        box_top=0.5,
        box_width=0.1,
        box_height=0.25,
    )


def _compared(photo_id: UUID, user_id: UUID, number: int) -> ShadowResult:
    return ShadowResult(
        photo_id=photo_id,
        user_id=user_id,
        primary_engine="arcface",
        shadow_engine="rekognition",
        primary_score=61.7,
        primary_band="pending",
        shadow_score=99.9 if number % 2 else None,
        shadow_band="confirmed" if number % 2 else None,
    )


def _endpoint(operator_id: UUID) -> WebhookEndpoint:
    return WebhookEndpoint(
        operator_id=operator_id,
        url="https://example.com/hook",
        encrypted_secret="!",
        previous_secret_until=utc_now() - timedelta(days=1),
    )


def _delivery(endpoint_id: UUID, photo_id: UUID) -> WebhookDelivery:
    return WebhookDelivery(
        endpoint_id=endpoint_id,
        event_key=f"photo.ready:{photo_id}",
        message_id=f"msg_{photo_id}",
        event=WebhookEvent.PHOTO_READY,
        data={},
        last_try_at=utc_now(),
    )
