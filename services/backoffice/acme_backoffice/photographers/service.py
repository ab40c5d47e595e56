from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from acme_auth.account_errors import EmailTaken
from acme_auth.audit import record
from acme_auth.passwords import UNUSABLE
from acme_auth.principals import Principal, Role
from acme_auth.sessions import revoke_all
from acme_backoffice.photographers import queries
from acme_backoffice.photographers.schemas import (
    AssignedProjectOut,
    PhotographerCreate,
    PhotographerOut,
    PhotographerUpdate,
)
from acme_core.clock import utc_now
from acme_core.pages import PageRequest
from acme_db.models import AuditAction, Photographer
from acme_db.page_json import page_json
from acme_db.photo_states import photo_states
from acme_db.prepared import Reader
from acme_db.versions import require_version
from acme_jobs.catalogue import SEND_EMAIL, EmailJob
from acme_jobs.outbox import enqueue
from acme_mail.templates import MailTemplate
from acme_web.resources import AuthResources


async def create_photographer(
    session: AsyncSession, auth: AuthResources, caller: Principal, body: PhotographerCreate
) -> Photographer:
    """Raises `EmailTaken`. Without a password, an invitation goes out with the same transaction."""
    password_hash = await auth.passwords.hash(body.password) if body.password else UNUSABLE
    photographer = Photographer(
        operator_id=caller.account_id,
        name=body.name,
        email=body.email,
        address=body.address,
        password_hash=password_hash,
    )
    session.add(photographer)
    try:
        await session.flush()  # the unique index decides, and the mail needs the id
    except IntegrityError as error:
        raise EmailTaken from error
    record(session, AuditAction.PHOTOGRAPHER_ADDED, caller, photographer.id)
    if body.password is None:
        await enqueue(session, SEND_EMAIL, _invitation(photographer))
    return photographer


async def list_photographers(
    reader: Reader, caller: Principal, page: PageRequest, *, project_id: UUID | None = None
) -> bytes:
    """Raises `SessionEnded` or `ProjectNotFound`."""
    found = await queries.list_photographers(reader, caller, page, project_id=project_id)
    return page_json(PhotographerOut, found)


async def list_assigned_projects(reader: Reader, caller: Principal, page: PageRequest) -> bytes:
    """Each with the photographer's own photos in it by how far they are. Raises `SessionEnded`."""
    found = await queries.list_assigned_projects(reader, caller, page)
    states = await photo_states(reader, [row["id"] for row in found.rows], caller.account_id)
    return page_json(AssignedProjectOut, found, lambda row: {"own_photos": states[row["id"]]})


async def update_photographer(
    session: AsyncSession, photographer: Photographer, body: PhotographerUpdate
) -> Photographer:
    """Raises `StaleVersion`."""
    require_version(photographer, body.version)
    for name, value in body.model_dump(exclude_unset=True, exclude={"version"}).items():
        setattr(photographer, name, value)
    await session.flush()  # the version counts
    return photographer


async def delete_photographer(session: AsyncSession, caller: Principal, photographer: Photographer) -> None:
    """The photos stay; the account and its sessions end."""
    photographer.deleted_at = utc_now()
    record(session, AuditAction.PHOTOGRAPHER_REMOVED, caller, photographer.id)
    await revoke_all(session, Role.PHOTOGRAPHER, photographer.id)


def _invitation(photographer: Photographer) -> EmailJob:
    return EmailJob(
        template=MailTemplate.PHOTOGRAPHER_INVITE, role="photographer", recipient_id=photographer.id
    )
