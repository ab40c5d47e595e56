from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import exists, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from acme_db.models import Operator, Project, ProjectMember, QrToken, Selfie
from acme_db.models.photo import UploadState
from acme_db.models.qr_token import QrTokenKind
from acme_db.models.selfie import SelfieStatus
from acme_main.joining.errors import QrTokenNotFound


@dataclass(frozen=True)
class Invitation:
    token: QrToken
    project: Project
    operator: Operator


async def find_invitation(session: AsyncSession, token: str) -> Invitation:
    """Raises `QrTokenNotFound`, for the code of a deleted project too."""
    if not (token.isascii() and token.isprintable()):
        raise QrTokenNotFound
    statement = (
        select(QrToken, Project, Operator)
        .join(Project, Project.id == QrToken.project_id)
        .join(Operator, Operator.id == Project.operator_id)
        .where(QrToken.token == token, Project.deleted_at.is_(None), Operator.deleted_at.is_(None))
    )
    row = (await session.execute(statement)).one_or_none()
    if row is None:
        raise QrTokenNotFound
    found, project, operator = row
    return Invitation(found, project, operator)


async def find_membership(session: AsyncSession, project_id: UUID, user_id: UUID) -> ProjectMember | None:
    member: ProjectMember | None = await session.scalar(
        select(ProjectMember).where(ProjectMember.project_id == project_id, ProjectMember.user_id == user_id)
    )
    return member


async def add_member(
    session: AsyncSession, project_id: UUID, user_id: UUID, *, has_accepted_terms: bool
) -> ProjectMember | None:
    """None when another request of the same guest was faster."""
    statement = (
        insert(ProjectMember)
        .values(
            project_id=project_id,
            user_id=user_id,
            terms_accepted_at=func.now() if has_accepted_terms else None,
        )
        .on_conflict_do_nothing(index_elements=["project_id", "user_id"])
        .returning(ProjectMember)
    )
    member: ProjectMember | None = await session.scalar(statement)
    return member


async def use_token(session: AsyncSession, token_id: UUID) -> bool:
    """False when it is spent. One UPDATE: of two guests with one card, one joins."""
    statement = (
        update(QrToken)
        .where(
            QrToken.id == token_id,
            QrToken.expires_at > func.now(),
            QrToken.revoked_at.is_(None),
            or_(QrToken.kind == QrTokenKind.POSTER, QrToken.used_at.is_(None)),
        )
        .values(used_at=func.coalesce(QrToken.used_at, func.now()), use_count=QrToken.use_count + 1)
        .returning(QrToken.id)
        .execution_options(synchronize_session=False)
    )
    return await session.scalar(statement) is not None


async def waiting_selfies(session: AsyncSession, user_id: UUID) -> Sequence[UUID]:
    """Arrived and not judged: the consent was paused when their turn came."""
    statement = select(Selfie.id).where(
        Selfie.user_id == user_id,
        Selfie.status == SelfieStatus.PENDING,
        Selfie.upload_state == UploadState.VERIFIED,
        Selfie.deleted_at.is_(None),
    )
    return (await session.scalars(statement)).all()


async def has_approved_selfie(session: AsyncSession, user_id: UUID) -> bool:
    statement = select(
        exists().where(
            Selfie.user_id == user_id,
            Selfie.status == SelfieStatus.APPROVED,
            Selfie.deleted_at.is_(None),
        )
    )
    return bool(await session.scalar(statement))
