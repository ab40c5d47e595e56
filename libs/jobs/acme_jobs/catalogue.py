"""Every queued job of the platform. Producers import contracts from here, never handlers."""

from typing import Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field

from acme_config.jobs import JobName, QueueName
from acme_core.ids import new_id
from acme_jobs.contracts import JobContract, Payload


class PhotoJob(Payload):
    photo_id: UUID


class DerivativesJob(Payload):
    photo_id: UUID
    version: str
    """Of the design that they carry, and of the faces that are blurred in them."""


class WatermarksJob(Payload):
    """Photos of an operator, newest first, from the one after `after_photo_id` on."""

    operator_id: UUID
    after_photo_id: UUID | None = None


class SelfieJob(Payload):
    selfie_id: UUID


class MembershipJob(Payload):
    project_id: UUID
    user_id: UUID


class ProjectJob(Payload):
    project_id: UUID


class ErasureJob(Payload):
    receipt_id: UUID


class ArchiveJob(Payload):
    purchase_id: UUID


class StripeEventJob(Payload):
    event_id: str


class EmailJob(Payload):
    """`recipient_id` is looked up when the mail is sent, so that no address lies in the outbox."""

    mail_id: UUID = Field(default_factory=new_id)
    """The provider's idempotency key: a job that runs twice sends one mail."""
    template: str
    role: Literal["user", "operator", "photographer"]
    recipient_id: UUID
    subject_id: UUID | None = None
    """What the mail is about: a purchase, a selfie, a receipt, a project."""
    count: int | None = None
    """Of a digest: how many are new."""


class WebhookJob(Payload):
    delivery_id: UUID


class WebhookReplayJob(Payload):
    """Deliveries recorded since then that had failed when somebody asked."""

    endpoint_id: UUID
    since: AwareDatetime
    asked_at: AwareDatetime


GENERATE_THUMBNAIL = JobContract(
    JobName.GENERATE_THUMBNAIL, QueueName.IMAGES, PhotoJob, max_attempts=6, timeout_s=180
)
GENERATE_WATERMARK = JobContract(
    JobName.GENERATE_WATERMARK, QueueName.IMAGES, PhotoJob, max_attempts=6, timeout_s=300
)
RECOGNIZE_FACES = JobContract(
    JobName.RECOGNIZE_FACES, QueueName.FACES, PhotoJob, max_attempts=8, timeout_s=300
)
PROCESS_SELFIE = JobContract(
    JobName.PROCESS_SELFIE, QueueName.FACES, SelfieJob, max_attempts=8, timeout_s=120
)
BACKFILL_MATCHES = JobContract(
    JobName.BACKFILL_MATCHES, QueueName.FACES, MembershipJob, max_attempts=8, timeout_s=1800
)
REMATCH_PROJECT = JobContract(
    JobName.REMATCH_PROJECT, QueueName.FACES, ProjectJob, max_attempts=8, timeout_s=1800
)
INDEX_FACES = JobContract(JobName.INDEX_FACES, QueueName.FACES, ProjectJob, max_attempts=8, timeout_s=1800)
LEARN_FACES = JobContract(JobName.LEARN_FACES, QueueName.FACES, MembershipJob, max_attempts=8, timeout_s=120)
SHADOW_FACES = JobContract(JobName.SHADOW_FACES, QueueName.FACES, PhotoJob, max_attempts=5, timeout_s=900)
SETTLE_COLLECTION = JobContract(
    JobName.SETTLE_COLLECTION, QueueName.FACES, ProjectJob, max_attempts=1000, timeout_s=300
)
PURGE_BIOMETRICS = JobContract(
    JobName.PURGE_BIOMETRICS, QueueName.FACES, ErasureJob, max_attempts=1000, timeout_s=300
)
PURGE_PHOTO = JobContract(JobName.PURGE_PHOTO, QueueName.IMAGES, PhotoJob, max_attempts=1000, timeout_s=120)
PURGE_DERIVATIVES = JobContract(
    JobName.PURGE_DERIVATIVES, QueueName.IMAGES, DerivativesJob, max_attempts=1000, timeout_s=120
)
BLUR_PHOTO = JobContract(JobName.BLUR_PHOTO, QueueName.IMAGES, PhotoJob, max_attempts=1000, timeout_s=300)
RENEW_WATERMARKS = JobContract(
    JobName.RENEW_WATERMARKS, QueueName.IMAGES, WatermarksJob, max_attempts=20, timeout_s=900
)
BUILD_ARCHIVE = JobContract(JobName.BUILD_ARCHIVE, QueueName.MAIN, ArchiveJob, max_attempts=5, timeout_s=1800)
SEND_EMAIL = JobContract(JobName.SEND_EMAIL, QueueName.MAIN, EmailJob, max_attempts=20, timeout_s=60)
PROCESS_STRIPE_EVENT = JobContract(
    JobName.PROCESS_STRIPE_EVENT, QueueName.MAIN, StripeEventJob, max_attempts=100, timeout_s=60
)
DELIVER_WEBHOOK = JobContract(
    JobName.DELIVER_WEBHOOK, QueueName.WEBHOOKS, WebhookJob, max_attempts=20, timeout_s=90
)
REPLAY_WEBHOOKS = JobContract(
    JobName.REPLAY_WEBHOOKS, QueueName.WEBHOOKS, WebhookReplayJob, max_attempts=20, timeout_s=600
)

CATALOGUE: tuple[JobContract[Any], ...] = (
    GENERATE_THUMBNAIL,
    GENERATE_WATERMARK,
    RECOGNIZE_FACES,
    PROCESS_SELFIE,
    BACKFILL_MATCHES,
    REMATCH_PROJECT,
    INDEX_FACES,
    LEARN_FACES,
    SHADOW_FACES,
    SETTLE_COLLECTION,
    PURGE_BIOMETRICS,
    PURGE_PHOTO,
    PURGE_DERIVATIVES,
    BLUR_PHOTO,
    RENEW_WATERMARKS,
    BUILD_ARCHIVE,
    SEND_EMAIL,
    PROCESS_STRIPE_EVENT,
    DELIVER_WEBHOOK,
    REPLAY_WEBHOOKS,
)
