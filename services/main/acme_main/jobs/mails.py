"""send_email: what a mail says is read when it is sent; the outbox holds ids only."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from acme_auth.one_time_tokens import add_one_time_token
from acme_auth.principals import Role
from acme_config.settings import AddressSettings, LinkSettings
from acme_core.selfies import Rejection, advice
from acme_db.engine import SessionFactory
from acme_db.models import HideKind, HideState, TokenPurpose, WebhookDisabledReason
from acme_db.unit_of_work import unit_of_work
from acme_jobs.catalogue import EmailJob
from acme_jobs.contracts import PermanentJobError
from acme_mail.mailer import Mail, Mailer, MailRejected
from acme_mail.templates import MailTemplate, render
from acme_main.jobs import mail_queries as queries
from acme_main.jobs.mail_queries import Recipient

log = structlog.get_logger()


@dataclass(frozen=True)
class Letter:
    """To whom, in which language, and with what the template is filled."""

    to: Recipient
    context: Mapping[str, object]


class MailJobs:
    def __init__(
        self, sessions: SessionFactory, mailer: Mailer, links: LinkSettings, addresses: AddressSettings
    ) -> None:
        self._sessions = sessions
        self._mailer = mailer
        self._main = str(links.main_web_url).rstrip("/")
        self._api = addresses.main_api_url
        self._backoffice = str(links.backoffice_web_url).rstrip("/")
        self._writers: dict[MailTemplate, Callable[[AsyncSession, EmailJob], Awaitable[Letter | None]]] = {
            MailTemplate.VERIFY_ADDRESS: self._verify_address,
            MailTemplate.PASSWORD_RESET: self._password_reset,
            MailTemplate.PHOTOGRAPHER_INVITE: self._invite,
            MailTemplate.PHOTOS_READY: self._photos_ready,
            MailTemplate.SELFIE_REJECTED: self._selfie_rejected,
            MailTemplate.SELFIES_ALIKE: self._selfies_alike,
            MailTemplate.HIDING_DECIDED: self._hiding_decided,
            MailTemplate.CONSENT_CHANGED: self._consent_changed,
            MailTemplate.RECEIPT: self._receipt,
            MailTemplate.REFUND: self._refund,
            MailTemplate.ERASURE_RECEIPT: self._erasure_receipt,
            MailTemplate.WEBHOOK_DISABLED: self._webhook_disabled,
        }

    async def send_email(self, job: EmailJob) -> None:
        """A mail whose recipient or subject is gone is not sent."""
        template = MailTemplate(job.template)
        async with unit_of_work(self._sessions) as session:
            letter = await self._writers[template](session, job)
        if letter is None:
            log.info("mail_dropped", template=template)
            return
        context = {"name": letter.to.name, **letter.context}
        rendered = render(template, context, letter.to.locale)
        mail = Mail(letter.to.email, rendered.subject, rendered.text, rendered.html, str(job.mail_id))
        try:
            await self._mailer.send(mail)
        except MailRejected as error:
            raise PermanentJobError(str(error)) from error
        if template is MailTemplate.ERASURE_RECEIPT:
            await self._forget_recipient(_subject(job))

    async def give_up(self, job: EmailJob) -> None:
        if MailTemplate(job.template) is MailTemplate.ERASURE_RECEIPT:
            await self._forget_recipient(_subject(job))

    async def _verify_address(self, session: AsyncSession, job: EmailJob) -> Letter | None:
        return await self._with_token(session, job, TokenPurpose.VERIFY_EMAIL, "verify-email")

    async def _password_reset(self, session: AsyncSession, job: EmailJob) -> Letter | None:
        return await self._with_token(session, job, TokenPurpose.RESET_PASSWORD, "reset-password")

    async def _with_token(
        self, session: AsyncSession, job: EmailJob, purpose: TokenPurpose, page: str
    ) -> Letter | None:
        """The token is made here: its plain text is in the mail and nowhere else."""
        role = Role(job.role)
        found = await queries.find_recipient(session, role, job.recipient_id)
        if found is None:
            return None
        token = add_one_time_token(session, purpose, role, job.recipient_id)
        site = self._main if role is Role.USER else self._backoffice
        return Letter(found, {"role": role, "link": f"{site}/{page}#{token}"})

    async def _invite(self, session: AsyncSession, job: EmailJob) -> Letter | None:
        role = Role.PHOTOGRAPHER
        found = await queries.find_recipient(session, role, job.recipient_id)
        if found is None:
            return None
        operator = await queries.employer_of(session, job.recipient_id)
        token = add_one_time_token(session, TokenPurpose.ACCEPT_INVITE, role, job.recipient_id)
        link = f"{self._backoffice}/accept-invite#{token}"
        return Letter(found, {"operator_name": operator.name, "link": link})

    async def _photos_ready(self, session: AsyncSession, job: EmailJob) -> Letter | None:
        found = await queries.find_recipient(session, Role.USER, job.recipient_id)
        news = await queries.photo_news(session, job.recipient_id, _subject(job))
        if found is None or news is None or not news.wants_mail or news.total == 0:
            return None
        context = {
            "project_name": news.project_name,
            "count": min(job.count or news.total, news.total),
            "total": news.total,
            "link": f"{self._main}/projects/{_subject(job)}",
        }
        return Letter(found, context)

    async def _selfie_rejected(self, session: AsyncSession, job: EmailJob) -> Letter | None:
        found = await queries.find_recipient(session, Role.USER, job.recipient_id)
        selfie = await queries.get_selfie(session, _subject(job))
        if found is None or selfie is None:
            return None
        reason = Rejection(selfie.rejection_reason or Rejection.PROCESSING_FAILED)
        return Letter(found, {"advice": advice(reason, found.locale), "link": f"{self._main}/selfie"})

    async def _selfies_alike(self, session: AsyncSession, job: EmailJob) -> Letter | None:
        found = await queries.find_recipient(session, Role.OPERATOR, job.recipient_id)
        project_name = await queries.project_name(session, _subject(job))
        if found is None or project_name is None:
            return None
        link = f"{self._backoffice}/projects/{_subject(job)}/selfie-conflicts"
        return Letter(found, {"project_name": project_name, "link": link})

    async def _hiding_decided(self, session: AsyncSession, job: EmailJob) -> Letter | None:
        """None when it has been decided anew: that has a mail of its own."""
        found = await queries.find_recipient(session, Role.USER, job.recipient_id)
        decided = await queries.find_hiding(session, _subject(job))
        if found is None or decided is None or decided.request.decision_id != job.mail_id:
            return None
        context = {
            "project_name": decided.project.name,
            "project_link": decided.project.project_link,
            "operator_name": decided.operator.name,
            "is_blur": decided.request.kind is HideKind.BLUR,
            "is_accepted": decided.request.state is HideState.ACCEPTED,
            "link": f"{self._main}/projects/{decided.project.id}",
        }
        return Letter(found, context)

    async def _consent_changed(self, session: AsyncSession, job: EmailJob) -> Letter | None:
        found = await queries.find_recipient(session, Role.USER, job.recipient_id)
        return None if found is None else Letter(found, {"link": f"{self._main}/consent"})

    async def _receipt(self, session: AsyncSession, job: EmailJob) -> Letter | None:
        found = await queries.find_recipient(session, Role.USER, job.recipient_id)
        if found is None:
            return None
        details = await queries.get_purchase(session, _subject(job))
        purchase = details.purchase
        context = {
            "project_name": details.project.name,
            "package_name": details.package.name,
            "operator_name": details.operator.name,
            "amount": purchase.amount,
            "currency": purchase.currency,
            "paid_at": purchase.paid_at,
            "timezone": details.project.timezone or details.operator.timezone,
            "purchase_id": purchase.id,
            "link": f"{self._main}/projects/{purchase.project_id}",
        }
        return Letter(found, context)

    async def _refund(self, session: AsyncSession, job: EmailJob) -> Letter | None:
        found = await queries.find_recipient(session, Role.USER, job.recipient_id)
        if found is None:
            return None
        details = await queries.get_purchase(session, _subject(job))
        purchase = details.purchase
        context = {
            "project_name": details.project.name,
            "package_name": details.package.name,
            "refunded": purchase.refunded_amount,
            "amount": purchase.amount,
            "currency": purchase.currency,
            "purchase_id": purchase.id,
        }
        return Letter(found, context)

    async def _erasure_receipt(self, session: AsyncSession, job: EmailJob) -> Letter | None:
        """To the account, or, when that is what was erased, to the address that was kept for this mail."""
        receipt = await queries.get_receipt(session, _subject(job))
        if receipt.is_account:
            found = Recipient(**receipt.recipient) if receipt.recipient else None
        else:
            found = await queries.find_recipient(session, Role.USER, job.recipient_id)
        if found is None:
            return None
        context = {
            "completed_at": receipt.completed_at,
            "is_account": receipt.is_account,
            "erased": receipt.erased,
            "kept": receipt.kept,
            "link": f"{self._api}/v1/consents/receipts/{receipt.id}/document",
            "receipt_id": receipt.id,
        }
        return Letter(found, context)

    async def _webhook_disabled(self, session: AsyncSession, job: EmailJob) -> Letter | None:
        """None when the endpoint has been removed or turned on again."""
        found = await queries.find_recipient(session, Role.OPERATOR, job.recipient_id)
        endpoint = await queries.find_disabled_endpoint(session, _subject(job))
        if found is None or endpoint is None:
            return None
        context = {
            "url": endpoint.url,
            "host": urlsplit(endpoint.url).hostname,
            "is_gone": endpoint.disabled_reason is WebhookDisabledReason.GONE,
            "link": f"{self._backoffice}/webhooks/{endpoint.id}",
        }
        return Letter(found, context)

    async def _forget_recipient(self, receipt_id: UUID) -> None:
        async with unit_of_work(self._sessions) as session:
            await queries.forget_recipient(session, receipt_id)


def _subject(job: EmailJob) -> UUID:
    if job.subject_id is None:
        raise PermanentJobError(f"{job.template} is about nothing")
    return job.subject_id
