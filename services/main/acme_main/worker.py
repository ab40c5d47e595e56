"""`python -m acme_main.worker`: mails, payments and archives."""

import asyncio

from acme_config.jobs import JobName, QueueName
from acme_core.logs import configure_logging
from acme_jobs import catalogue
from acme_jobs.runner import handler
from acme_jobs.worker import Periodic, WorkerPlan, run_worker
from acme_mail.mailer import build_mailer
from acme_main.jobs.archives import ArchiveJobs
from acme_main.jobs.mails import MailJobs
from acme_main.jobs.payments import PaymentJobs
from acme_main.settings import MainWorkerSettings
from acme_payments.stripe_gateway import StripeGateway
from acme_storage.gateway import ObjectStorage
from acme_web.resources import open_data

EVERY_MINUTE = frozenset({30})


def plan(mails: MailJobs, payments: PaymentJobs, archives: ArchiveJobs) -> WorkerPlan:
    return WorkerPlan(
        queue=QueueName.MAIN,
        handlers=[
            handler(catalogue.BUILD_ARCHIVE, archives.build_archive, archives.give_up),
            handler(catalogue.SEND_EMAIL, mails.send_email),
            handler(catalogue.PROCESS_STRIPE_EVENT, payments.process_event),
        ],
        periodic=[Periodic(JobName.RECONCILE_PAYMENTS, EVERY_MINUTE, payments.reconcile)],
    )


async def work(settings: MainWorkerSettings) -> None:
    async with (
        open_data(settings.database, settings.redis, name="worker-main") as data,
        StripeGateway(settings.stripe) as gateway,
    ):
        mails = MailJobs(data.sessions, build_mailer(settings.mail), settings.links)
        payments = PaymentJobs(data.sessions, gateway)
        archives = ArchiveJobs(data.sessions, ObjectStorage(settings.storage))
        await run_worker(plan(mails, payments, archives), data.redis, data.sessions)


def main() -> None:
    settings = MainWorkerSettings()
    configure_logging(level=settings.platform.log_level, as_json=settings.platform.log_json)
    asyncio.run(work(settings))


if __name__ == "__main__":
    main()
