"""send_digests: guests are told of new photos once the rush is over, not of each one."""

from datetime import timedelta

from acme_config.settings import DigestSettings
from acme_db.engine import SessionFactory
from acme_db.unit_of_work import unit_of_work
from acme_jobs.catalogue import SEND_EMAIL, EmailJob
from acme_jobs.outbox import enqueue
from acme_mail.templates import MailTemplate
from acme_main.jobs import digest_queries as queries
from acme_main.jobs.digest_queries import Digest

BATCH = 500


class DigestJobs:
    def __init__(self, sessions: SessionFactory, settings: DigestSettings) -> None:
        self._sessions = sessions
        self._quiet = timedelta(seconds=settings.quiet_s)
        self._longest_wait = timedelta(seconds=settings.longest_wait_s)

    async def send_digests(self) -> None:
        """The mail, and the mark up to where it tells, are of one transaction: told once."""
        async with unit_of_work(self._sessions) as session:
            for digest in await queries.due_digests(session, self._quiet, self._longest_wait, BATCH):
                await queries.mark_told(session, digest)
                await enqueue(session, SEND_EMAIL, _mail(digest))


def _mail(digest: Digest) -> EmailJob:
    return EmailJob(
        template=MailTemplate.PHOTOS_READY,
        role="user",
        recipient_id=digest.user_id,
        subject_id=digest.project_id,
        count=digest.count,
    )
