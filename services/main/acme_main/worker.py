"""`python -m acme_main.worker`: mails, payments and archives."""

import asyncio
from dataclasses import dataclass, replace

from acme_config.jobs import JobName, QueueName
from acme_core.retention import RetentionPolicy
from acme_db.engine import SessionFactory
from acme_jobs import catalogue
from acme_jobs.runner import handler
from acme_jobs.worker import Periodic, Times, WorkerPlan, run_worker
from acme_mail.mailer import GuardedMailer, Mailer, build_mailer
from acme_main.jobs.archives import ArchiveJobs
from acme_main.jobs.consents import ConsentJobs
from acme_main.jobs.digests import DigestJobs
from acme_main.jobs.expiry import ExpiryJobs
from acme_main.jobs.figures import FigureJobs
from acme_main.jobs.mails import MailJobs
from acme_main.jobs.payments import PaymentJobs
from acme_main.jobs.retention import RetentionJobs
from acme_main.settings import MainWorkerSettings
from acme_payments.gateway import PaymentGateway
from acme_payments.stripe_gateway import StripeGateway
from acme_storage.gateway import ObjectStorage
from acme_telemetry.observed import observed_worker
from acme_web.resources import open_data

EVERY_MINUTE = Times(seconds=frozenset({30}))
HOURLY = Times(minutes=frozenset({11}))
DAILY = Times(hours=frozenset({2}), minutes=frozenset({47}))


@dataclass(frozen=True)
class MainJobs:
    mailer: Mailer
    mails: MailJobs
    payments: PaymentJobs
    archives: ArchiveJobs
    consents: ConsentJobs
    digests: DigestJobs
    expiry: ExpiryJobs
    figures: FigureJobs
    retention: RetentionJobs


def build_jobs(
    settings: MainWorkerSettings, sessions: SessionFactory, gateway: PaymentGateway, storage: ObjectStorage
) -> MainJobs:
    policy = RetentionPolicy.of(settings.retention, settings.consents, settings.jobs, settings.webhook_log)
    mailer = GuardedMailer(build_mailer(settings.mail))
    return MainJobs(
        mailer=mailer,
        mails=MailJobs(sessions, mailer, settings.links, settings.addresses),
        payments=PaymentJobs(sessions, gateway),
        archives=ArchiveJobs(sessions, storage),
        consents=ConsentJobs(sessions, policy),
        digests=DigestJobs(sessions, settings.digests),
        expiry=ExpiryJobs(sessions, settings.jobs, policy),
        figures=FigureJobs(sessions),
        retention=RetentionJobs(sessions, storage, policy),
    )


def plan(jobs: MainJobs) -> WorkerPlan:
    return WorkerPlan(
        queue=QueueName.MAIN,
        checks={"mail": jobs.mailer.is_reachable},
        handlers=[
            handler(
                catalogue.BUILD_ARCHIVE,
                jobs.archives.build_archive,
                jobs.archives.give_up,
                jobs.archives.revive,
            ),
            handler(catalogue.SEND_EMAIL, jobs.mails.send_email, jobs.mails.give_up),
            handler(catalogue.PROCESS_STRIPE_EVENT, jobs.payments.process_event),
        ],
        periodic=[
            Periodic(JobName.RECONCILE_PAYMENTS, EVERY_MINUTE, jobs.payments.reconcile),
            Periodic(JobName.RENEW_CONSENTS, EVERY_MINUTE, jobs.consents.renew_consents, timeout_s=600),
            Periodic(JobName.SEND_DIGESTS, EVERY_MINUTE, jobs.digests.send_digests),
            Periodic(JobName.FOLD_FIGURES, EVERY_MINUTE, jobs.figures.fold_figures, timeout_s=600),
            Periodic(JobName.ENFORCE_RETENTION, DAILY, jobs.retention.enforce_retention, timeout_s=3600),
            Periodic(JobName.EXPIRE_TOKENS, HOURLY, jobs.expiry.expire_tokens, timeout_s=600),
        ],
    )


async def work(settings: MainWorkerSettings) -> None:
    async with (
        open_data(settings.database, settings.redis, name="worker-main") as data,
        StripeGateway(settings.stripe) as gateway,
    ):
        jobs = build_jobs(settings, data.sessions, gateway, ObjectStorage(settings.storage))
        alive = replace(plan(jobs), alive_file=settings.worker.alive_file)
        await run_worker(alive, data.redis, data.sessions)


def main() -> None:
    with observed_worker("acme-worker-main"):
        asyncio.run(work(MainWorkerSettings()))


if __name__ == "__main__":
    main()
