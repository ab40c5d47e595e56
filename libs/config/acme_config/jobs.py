from enum import StrEnum


class JobName(StrEnum):
    """Every job of the platform. A job is never named by a literal."""

    GENERATE_THUMBNAIL = "generate_thumbnail"
    GENERATE_WATERMARK = "generate_watermark"
    RECOGNIZE_FACES = "recognize_faces"
    PROCESS_SELFIE = "process_selfie"
    BACKFILL_MATCHES = "backfill_matches"
    REMATCH_PROJECT = "rematch_project"
    INDEX_FACES = "index_faces"
    LEARN_FACES = "learn_faces"
    SHADOW_FACES = "shadow_faces"
    SETTLE_COLLECTION = "settle_collection"
    PURGE_BIOMETRICS = "purge_biometrics"
    PURGE_PHOTO = "purge_photo"
    PURGE_DERIVATIVES = "purge_derivatives"
    BLUR_PHOTO = "blur_photo"
    RENEW_WATERMARKS = "renew_watermarks"
    BUILD_ARCHIVE = "build_archive"
    SEND_EMAIL = "send_email"
    PROCESS_STRIPE_EVENT = "process_stripe_event"
    DELIVER_WEBHOOK = "deliver_webhook"
    REPLAY_WEBHOOKS = "replay_webhooks"
    RELAY_OUTBOX = "relay_outbox"
    SWEEP_UPLOADS = "sweep_uploads"
    RECONCILE_PAYMENTS = "reconcile_payments"
    RECONCILE_FACES = "reconcile_faces"
    EXPIRE_TOKENS = "expire_tokens"
    RENEW_CONSENTS = "renew_consents"
    ENFORCE_RETENTION = "enforce_retention"
    ERASE_OLD_FACES = "erase_old_faces"
    SEND_DIGESTS = "send_digests"
    FOLD_FIGURES = "fold_figures"


class QueueName(StrEnum):
    """One arq queue, read by one kind of worker. Images and faces never share one."""

    MAIN = "acme:main"
    IMAGES = "acme:images"
    FACES = "acme:faces"
    WEBHOOKS = "acme:webhooks"
    RELAY = "acme:relay"
