from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from acme_auth.audit import record
from acme_auth.principals import Principal
from acme_backoffice.projects import queries
from acme_backoffice.projects.errors import BoundsNotOrdered, ProjectEndsBeforeStart
from acme_backoffice.projects.queries import ProjectFilter
from acme_backoffice.projects.schemas import (
    FaceIndexOut,
    FaceIndexUpdate,
    ListedProjectOut,
    MemberOut,
    ProjectCreate,
    ProjectUpdate,
)
from acme_config.settings import FaceSettings
from acme_core.clock import utc_now
from acme_core.pages import PageRequest
from acme_db.models import AuditAction, FigureKind, Project
from acme_db.page_json import Told, page_json
from acme_db.prepared import Reader, Record
from acme_db.versions import require_version
from acme_jobs.catalogue import INDEX_FACES, REMATCH_PROJECT, SETTLE_COLLECTION, ProjectJob
from acme_jobs.outbox import enqueue


async def create_project(session: AsyncSession, operator_id: UUID, body: ProjectCreate) -> Project:
    project = Project(operator_id=operator_id, **_columns(body.model_dump()))
    session.add(project)
    await session.flush()  # the database sets its id and creation time
    return project


async def list_projects(reader: Reader, caller: Principal, wanted: ProjectFilter, page: PageRequest) -> bytes:
    """Raises `SessionEnded`."""
    found = await queries.list_projects(reader, caller, wanted, page)
    counts = await queries.count_in_projects(reader, [row["id"] for row in found.rows])

    def counted(row: Record) -> Told:
        return {
            "member_count": counts[row["id"], FigureKind.MEMBERS],
            "photo_count": counts[row["id"], FigureKind.PHOTOS],
            "pending_tag_count": counts[row["id"], FigureKind.TAGS],
        }

    return page_json(ListedProjectOut, found, counted)


async def update_project(
    session: AsyncSession, bands: FaceSettings, caller: Principal, project: Project, body: ProjectUpdate
) -> Project:
    """Changed bounds are applied to what is there already, by a job.

    Raises `StaleVersion`, `ProjectEndsBeforeStart` or `BoundsNotOrdered`, looking at what stays as well
    as at what changes.
    """
    require_version(project, body.version)
    before = (project.confirm_confidence, project.review_confidence)
    for name, value in _columns(body.model_dump(exclude_unset=True, exclude={"version"})).items():
        setattr(project, name, value)
    if project.start_at and project.end_at and project.end_at < project.start_at:
        raise ProjectEndsBeforeStart
    confirm = project.confirm_confidence or bands.confirm_confidence
    review = project.review_confidence or bands.review_confidence
    if review > confirm:
        raise BoundsNotOrdered
    await session.flush()  # a constraint speaks, and the version counts, before the answer is made
    if before != (project.confirm_confidence, project.review_confidence):
        record(session, AuditAction.THRESHOLDS_CHANGED, caller, project.id, confirm=confirm, review=review)
        payload = ProjectJob(project_id=project.id)
        await enqueue(session, REMATCH_PROJECT, payload, dedupe_key=str(project.id))
    return project


async def set_face_index(
    session: AsyncSession, caller: Principal, project: Project, body: FaceIndexUpdate
) -> FaceIndexOut:
    """A job makes the vectors, or erases them: none is compared from here on."""
    project.face_index_at = utc_now() if body.enabled else None
    project.face_index_by = caller.account_id if body.enabled else None
    project.face_index_attestation = body.attestation if body.enabled else None
    record(
        session,
        AuditAction.FACE_INDEX_CHANGED,
        caller,
        project.id,
        enabled=body.enabled,
        attestation=body.attestation,
    )
    await enqueue(session, INDEX_FACES, ProjectJob(project_id=project.id), dedupe_key=str(project.id))
    return face_index_out(project)


def face_index_out(project: Project) -> FaceIndexOut:
    return FaceIndexOut(
        enabled=project.face_index_at is not None,
        enabled_at=project.face_index_at,
        enabled_by=project.face_index_by,
        attestation=project.face_index_attestation,
    )


async def delete_project(session: AsyncSession, project: Project) -> None:
    """A provider of faces forgets the members; until then the project may be restored, and afterwards too."""
    project.deleted_at = utc_now()
    await _settle_collection(session, project)


async def restore_project(session: AsyncSession, operator_id: UUID, project_id: UUID) -> Project:
    """Idempotent. Raises `ProjectNotFound`."""
    project = await queries.restore_project(session, operator_id, project_id)
    await _settle_collection(session, project)
    return project


async def _settle_collection(session: AsyncSession, project: Project) -> None:
    payload = ProjectJob(project_id=project.id)
    await enqueue(session, SETTLE_COLLECTION, payload, dedupe_key=str(project.id))


async def list_members(reader: Reader, caller: Principal, project_id: UUID, page: PageRequest) -> bytes:
    """Raises `SessionEnded` or `ProjectNotFound`."""
    return page_json(MemberOut, await queries.list_members(reader, caller, project_id, page))


def _columns(values: dict[str, Any]) -> dict[str, Any]:
    link = values.get("project_link")
    return {**values, "project_link": str(link)} if link is not None else values
