"""send_email: what a mail says is read when it is sent; the outbox holds ids only."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from acme_auth.one_time_tokens import add_one_time_token
from acme_auth.principals import Role
from acme_config.settings import LinkSettings
from acme_core.money import format_amount
from acme_core.selfies import ADVICE, Rejection
from acme_db.engine import SessionFactory
from acme_db.models import TokenPurpose
from acme_db.unit_of_work import unit_of_work
from acme_jobs.catalogue import EmailJob
from acme_jobs.contracts import PermanentJobError
from acme_mail.mailer import Mail, Mailer, MailRejected
from acme_mail.templates import MailTemplate, render
from acme_main.jobs import queries

log = structlog.get_logger()


_ROLE_WORDS = {Role.USER: "a guest", Role.OPERATOR: "an operator", Role.PHOTOGRAPHER: "a photographer"}


@dataclass(frozen=True)
class Letter:
    """To whom, and with what the template is filled."""

    to: str
    context: Mapping[str, object]


class MailJobs:
    def __init__(self, sessions: SessionFactory, mailer: Mailer, links: LinkSettings) -> None:
        self._sessions = sessions
        self._mailer = mailer
        self._main = str(links.main_web_url).rstrip("/")
        self._backoffice = str(links.backoffice_web_url).rstrip("/")
        self._writers: dict[MailTemplate, Callable[[AsyncSession, EmailJob], Awaitable[Letter | None]]] = {
            MailTemplate.VERIFY_ADDRESS: self._verify_address,
            MailTemplate.PASSWORD_RESET: self._password_reset,
            MailTemplate.PHOTOGRAPHER_INVITE: self._invite,
            MailTemplate.SELFIE_REJECTED: self._selfie_rejected,
            MailTemplate.RECEIPT: self._receipt,
            MailTemplate.REFUND: self._refund,
            MailTemplate.ERASURE_RECEIPT: self._erasure_receipt,
        }

    async def send_email(self, job: EmailJob) -> None:
        """A mail whose recipient or subject is gone is not sent."""
        template = MailTemplate(job.template)
        async with unit_of_work(self._sessions) as session:
            letter = await self._writers[template](session, job)
        if letter is None:
            log.info("mail_dropped", template=template)
            return
        rendered = render(template, letter.context)
        mail = Mail(letter.to, rendered.subject, rendered.text, rendered.html, str(job.mail_id))
        try:
            await self._mailer.send(mail)
        except MailRejected as error:
            raise PermanentJobError(str(error)) from error

    async def _verify_address(self, session: AsyncSession, job: EmailJob) -> Letter | None:
        return await self._with_token(session, job, TokenPurpose.VERIFY_EMAIL, "verify-email")

    async def _password_reset(self, session: AsyncSession, job: EmailJob) -> Letter | None:
        return await self._with_token(session, job, TokenPurpose.RESET_PASSWORD, "reset-password")

    async def _with_token(
        self, session: AsyncSession, job: EmailJob, purpose: TokenPurpose, page: str
    ) -> Letter | None:
        """The token is made here: its plain text is in the mail and nowhere else."""
        role = Role(job.role)
        account = await queries.get_account(session, role, job.recipient_id)
        if account is None:
            return None
        token = add_one_time_token(session, purpose, role, account.id)
        site = self._main if role is Role.USER else self._backoffice
        context = {"name": account.name, "role": _ROLE_WORDS[role], "link": f"{site}/{page}#{token}"}
        return Letter(account.email, context)

    async def _invite(self, session: AsyncSession, job: EmailJob) -> Letter | None:
        found = await queries.get_photographer(session, job.recipient_id)
        if found is None:
            return None
        photographer, operator = found
        role, purpose = Role.PHOTOGRAPHER, TokenPurpose.ACCEPT_INVITE
        token = add_one_time_token(session, purpose, role, photographer.id)
        link = f"{self._backoffice}/accept-invite#{token}"
        context = {"name": photographer.name, "operator_name": operator.name, "link": link}
        return Letter(photographer.email, context)

    async def _selfie_rejected(self, session: AsyncSession, job: EmailJob) -> Letter | None:
        user = await queries.get_user(session, job.recipient_id)
        selfie = await queries.get_selfie(session, _subject(job))
        if user is None or user.deleted_at is not None or selfie is None:
            return None
        advice = ADVICE[Rejection(selfie.rejection_reason or Rejection.PROCESSING_FAILED)]
        context = {"name": user.name, "advice": advice, "link": f"{self._main}/selfie"}
        return Letter(user.email, context)

    async def _receipt(self, session: AsyncSession, job: EmailJob) -> Letter | None:
        user = await queries.get_user(session, job.recipient_id)
        if user is None or user.deleted_at is not None:
            return None
        details = await queries.get_purchase(session, _subject(job))
        purchase = details.purchase
        context = {
            "name": user.name,
            "project_name": details.project.name,
            "package_name": details.package.name,
            "amount": format_amount(purchase.amount, purchase.currency),
            "currency": purchase.currency,
            "paid_at": f"{purchase.paid_at:%Y-%m-%d %H:%M} UTC",
            "purchase_id": purchase.id,
            "link": f"{self._main}/projects/{purchase.project_id}",
        }
        return Letter(user.email, context)

    async def _refund(self, session: AsyncSession, job: EmailJob) -> Letter | None:
        user = await queries.get_user(session, job.recipient_id)
        if user is None or user.deleted_at is not None:
            return None
        details = await queries.get_purchase(session, _subject(job))
        purchase = details.purchase
        context = {
            "name": user.name,
            "project_name": details.project.name,
            "package_name": details.package.name,
            "refunded": format_amount(purchase.refunded_amount, purchase.currency),
            "amount": format_amount(purchase.amount, purchase.currency),
            "currency": purchase.currency,
            "purchase_id": purchase.id,
        }
        return Letter(user.email, context)

    async def _erasure_receipt(self, session: AsyncSession, job: EmailJob) -> Letter | None:
        user = await queries.get_user(session, job.recipient_id)
        if user is None:
            return None
        receipt = await queries.get_receipt(session, _subject(job))
        context = {
            "name": user.name,
            "completed_at": f"{receipt.completed_at:%Y-%m-%d %H:%M} UTC",
            "erased": receipt.erased,
            "receipt_id": receipt.id,
        }
        return Letter(user.email, context)


def _subject(job: EmailJob) -> UUID:
    if job.subject_id is None:
        raise PermanentJobError(f"{job.template} is about nothing")
    return job.subject_id
