import hashlib
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from acme_auth.audit import record
from acme_auth.principals import Principal
from acme_core.clock import utc_now
from acme_db.consents import has_active_consent
from acme_db.members import joined_projects
from acme_db.models import AuditAction, Project, ProjectMember, QrToken
from acme_db.models.qr_token import QrTokenKind
from acme_db.models.user_consent import ConsentType
from acme_jobs.catalogue import BACKFILL_MATCHES, PROCESS_SELFIE, MembershipJob, SelfieJob
from acme_jobs.outbox import enqueue
from acme_main.joining import queries
from acme_main.joining.errors import QrTokenGone, QrTokenUsed, TermsRequired
from acme_main.joining.schemas import InvitationOut, JoinRequest, MembershipOut
from acme_storage.gateway import ObjectStorage


async def preview(session: AsyncSession, storage: ObjectStorage, token: str) -> InvitationOut:
    """Raises `QrTokenNotFound`, `QrTokenGone` or `QrTokenUsed`."""
    invitation = await queries.find_invitation(session, token)
    _require_open(invitation.token)
    project, picture = invitation.project, invitation.operator.profile_picture_key
    return InvitationOut(
        project_id=project.id,
        name=project.name,
        location_name=project.location_name,
        start_at=project.start_at,
        end_at=project.end_at,
        timezone=project.timezone or invitation.operator.timezone,
        project_link=project.project_link,
        terms_and_conditions=project.terms_and_conditions,
        operator_name=invitation.operator.name,
        operator_picture_url=storage.picture_url_of(picture),
        expires_at=invitation.token.expires_at,
    )


async def join(session: AsyncSession, caller: Principal, body: JoinRequest) -> tuple[MembershipOut, bool]:
    """The membership, and whether it is new. A member joins again with any code, used or not.

    Raises `QrTokenNotFound`, `QrTokenGone`, `QrTokenUsed` or `TermsRequired`.
    """
    invitation = await queries.find_invitation(session, body.token)
    project, user_id = invitation.project, caller.account_id
    member = await queries.find_membership(session, project.id, user_id)
    if member is not None:
        return _membership_out(member, project), False
    _require_open(invitation.token)
    if project.terms_and_conditions and not body.accept_terms:
        raise TermsRequired
    has_accepted = bool(project.terms_and_conditions)
    member = await queries.add_member(session, project.id, user_id, has_accepted_terms=has_accepted)
    if member is None:
        return await join(session, caller, body)
    if not await queries.use_token(session, invitation.token.id):
        raise QrTokenUsed
    if has_accepted:
        digest = hashlib.sha256((project.terms_and_conditions or "").encode()).hexdigest()
        record(session, AuditAction.TERMS_ACCEPTED, caller, project.id, sha256=digest)
    await _match_late(session, project.id, user_id)
    return _membership_out(member, project), True


async def match_late_everywhere(session: AsyncSession, user_id: UUID) -> None:
    """In every project of the guest, who may be found (again); by selfies that had to wait for it, too."""
    for selfie_id in await queries.waiting_selfies(session, user_id):
        await enqueue(session, PROCESS_SELFIE, SelfieJob(selfie_id=selfie_id), dedupe_key=str(selfie_id))
    for project_id in await joined_projects(session, user_id):
        await _match_late(session, project_id, user_id)


async def _match_late(session: AsyncSession, project_id: UUID, user_id: UUID) -> None:
    """Photos may be there already: compare them, if this guest may and can be found."""
    if await has_active_consent(
        session, user_id, ConsentType.BIOMETRIC_PROCESSING
    ) and await queries.has_approved_selfie(session, user_id):
        payload = MembershipJob(project_id=project_id, user_id=user_id)
        await enqueue(session, BACKFILL_MATCHES, payload, dedupe_key=f"{project_id}:{user_id}")


def _require_open(token: QrToken) -> None:
    if token.revoked_at is not None or token.expires_at <= utc_now():
        raise QrTokenGone
    if token.kind == QrTokenKind.CARD and token.used_at is not None:
        raise QrTokenUsed


def _membership_out(member: ProjectMember, project: Project) -> MembershipOut:
    return MembershipOut(
        project_id=project.id,
        name=project.name,
        joined_at=member.joined_at,
        terms_accepted_at=member.terms_accepted_at,
    )
