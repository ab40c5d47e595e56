"""Settings, in small frozen groups. Each process composes the groups that it needs."""

import base64
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Self

from pydantic import AfterValidator, AnyHttpUrl, Field, SecretStr, StringConstraints, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Environment(StrEnum):
    DEVELOPMENT = "development"
    TEST = "test"
    STANDALONE = "standalone"
    PRODUCTION = "production"

    @property
    def is_local(self) -> bool:
        """True where throw-away secrets and stand-ins may be used."""
        return self is not Environment.PRODUCTION


class FaceEngineName(StrEnum):
    LOCAL = "local"
    REKOGNITION = "rekognition"


class MailTransport(StrEnum):
    MAILBOX = "mailbox"
    RESEND = "resend"
    SMTP = "smtp"


class SmtpSecurity(StrEnum):
    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


Secret = Annotated[SecretStr, Field(min_length=8)]
NonEmpty = Annotated[str, StringConstraints(min_length=1)]
BaseAddress = Annotated[str, AfterValidator(lambda text: str(AnyHttpUrl(text)).rstrip("/"))]
"""An http(s) URL that paths are appended to: it ends without a slash."""


KEY_BYTES = 32
"""Of Ed25519, private or public."""
LONGEST_URL_S = 7 * 86400
"""What signature version 4 allows."""


class SettingsGroup(BaseSettings):
    """Reads the process environment; unknown variables belong to other groups."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_ignore_empty=True)


class PlatformSettings(SettingsGroup):
    environment: Environment = Field(Environment.DEVELOPMENT, validation_alias="ACME_ENV")
    log_level: str = Field("INFO", validation_alias="LOG_LEVEL")
    log_json: bool = Field(default=True, validation_alias="LOG_JSON")


class MetricsSettings(SettingsGroup):
    """Of workers, which answer no other requests; APIs tell theirs at `/metrics`."""

    host: str = Field("127.0.0.1", validation_alias="METRICS_HOST")
    port: int = Field(0, ge=0, le=65535, validation_alias="METRICS_PORT")
    """0 opens none."""


class TracingSettings(SettingsGroup):
    endpoint: Annotated[str, AfterValidator(lambda text: text.rstrip("/"))] = Field(
        "", validation_alias="OTEL_EXPORTER_OTLP_ENDPOINT"
    )
    """A collector that takes OTLP over HTTP; without one nothing is traced."""
    sample_ratio: float = Field(1.0, ge=0, le=1, validation_alias="TRACE_SAMPLE_RATIO")


class SentrySettings(SettingsGroup):
    dsn: SecretStr | None = Field(default=None, validation_alias="SENTRY_DSN")
    """Where crashes are reported to; wants the extra `sentry`."""
    environment: str = Field("production", validation_alias="SENTRY_ENVIRONMENT")


class ServerSettings(SettingsGroup):
    host: str = Field("127.0.0.1", validation_alias="HOST")
    backoffice_port: int = Field(3001, validation_alias="BACKOFFICE_PORT")
    main_port: int = Field(3002, validation_alias="MAIN_PORT")
    media_port: int = Field(3003, validation_alias="MEDIA_PORT")
    api_workers: int = Field(1, ge=0, validation_alias="API_WORKERS")
    """Processes of each API, which share its port; 0 takes the number of cores."""
    requests_at_once: int = Field(500, ge=1, validation_alias="API_REQUESTS_AT_ONCE")
    """In one process; those beyond are answered 503 at once, instead of late. Webhooks and erasures pass."""
    trusted_proxies: str = Field("127.0.0.1", validation_alias="TRUSTED_PROXIES")
    metrics_token: Annotated[SecretStr, Field(min_length=16)] | None = Field(
        default=None, validation_alias="METRICS_TOKEN"
    )
    """What reads `/metrics`. Without it, only programs on the same machine do, and in production nobody."""
    cors_origins: list[str] = Field(
        default=[
            "http://localhost:4001",
            "http://localhost:4002",
            "http://127.0.0.1:4001",
            "http://127.0.0.1:4002",
        ],
        validation_alias="CORS_ORIGINS",
    )


class LinkSettings(SettingsGroup):
    """Where people are sent to: the public addresses of the web apps."""

    backoffice_web_url: AnyHttpUrl = Field(
        AnyHttpUrl("http://localhost:4001"), validation_alias="BACKOFFICE_WEB_URL"
    )
    main_web_url: AnyHttpUrl = Field(AnyHttpUrl("http://localhost:4002"), validation_alias="MAIN_WEB_URL")


class AddressSettings(SettingsGroup):
    """Where programs call: the public addresses of the APIs, for browsers and for `acme upload`."""

    backoffice_api_url: BaseAddress = Field("http://localhost:3001", validation_alias="BACKOFFICE_API_URL")
    main_api_url: BaseAddress = Field("http://localhost:3002", validation_alias="MAIN_API_URL")
    media_api_url: BaseAddress = Field("http://localhost:3003", validation_alias="MEDIA_API_URL")


class DatabaseSettings(SettingsGroup):
    url: SecretStr = Field(validation_alias="DATABASE_URL")
    """`postgresql://user:password@host:port/name`; the driver is the engine's business."""
    pool_size: int = Field(20, ge=1, validation_alias="DATABASE_POOL_SIZE")
    """Connections of one process, at most."""
    statement_timeout_s: int = Field(30, ge=1, validation_alias="DATABASE_STATEMENT_TIMEOUT_S")
    is_pooled: bool = Field(default=False, validation_alias="DATABASE_IS_POOLED")
    """True where the address is PgBouncer's, in transaction mode: it passes no settings of a session on."""
    keeps_statements: bool = Field(default=True, validation_alias="DATABASE_KEEPS_STATEMENTS")
    """False behind a PgBouncer before 1.21, which follows no prepared statements: each is prepared anew."""
    replica_url: SecretStr | None = Field(default=None, validation_alias="DATABASE_REPLICA_URL")
    """A read replica, for analytics; without one they read where everything is written."""
    replica_pool_size: int = Field(5, ge=1, validation_alias="DATABASE_REPLICA_POOL_SIZE")
    """Connections of one process of the backoffice API to the replica, at most."""


class RedisSettings(SettingsGroup):
    url: SecretStr = Field(validation_alias="REDIS_URL")


class StorageSettings(SettingsGroup):
    endpoint_url: str = Field(validation_alias="S3_ENDPOINT_URL")
    region: str = Field("auto", validation_alias="S3_REGION")
    bucket: NonEmpty = Field("acme-photos", validation_alias="S3_BUCKET")
    access_key_id: SecretStr = Field(validation_alias="S3_ACCESS_KEY_ID")
    secret_access_key: SecretStr = Field(validation_alias="S3_SECRET_ACCESS_KEY")
    upload_url_ttl_s: int = Field(900, ge=60, le=7 * 86400, validation_alias="UPLOAD_URL_TTL_S")
    download_url_ttl_s: int = Field(900, ge=60, le=7 * 86400, validation_alias="DOWNLOAD_URL_TTL_S")
    picture_url_window_s: int = Field(900, ge=0, le=86400, validation_alias="PICTURE_URL_WINDOW_S")
    """For so long a picture that is shown keeps its URL, and browsers their copy; 0: a new one each time."""

    @model_validator(mode="after")
    def urls_are_not_too_long_lived(self) -> Self:
        if self.download_url_ttl_s + self.picture_url_window_s > LONGEST_URL_S:
            raise ValueError("DOWNLOAD_URL_TTL_S and PICTURE_URL_WINDOW_S may last 7 days together")
        return self


class TokenSettings(SettingsGroup):
    secret: Annotated[SecretStr, Field(min_length=32)] = Field(validation_alias="JWT_SECRET")
    previous_secrets: list[SecretStr] = Field(default=[], validation_alias="JWT_PREVIOUS_SECRETS")
    """Still accepted, never used to sign: how a key is rotated without logging anybody out."""
    issuer: str = Field("acme-photo-platform", validation_alias="JWT_ISSUER")
    access_ttl_s: int = Field(15 * 60, ge=60, validation_alias="JWT_ACCESS_TTL_S")
    media_ttl_s: int = Field(5 * 60, ge=60, validation_alias="JWT_MEDIA_TTL_S")
    refresh_ttl_s: int = Field(30 * 86400, ge=3600, validation_alias="REFRESH_TTL_S")
    bcrypt_rounds: int = Field(12, ge=4, le=16, validation_alias="BCRYPT_ROUNDS")


RateLimit = Annotated[
    str, StringConstraints(pattern=r"^(off|[1-9]\d*/([1-9]\d*)?(second|minute|hour|day)s?)$")
]
"""`10/15minutes`, or `off`."""


class RateLimitSettings(SettingsGroup):
    """By address: wide enough for a hall of two hundred guests behind one router."""

    login_per_address: RateLimit = Field("300/15minutes", validation_alias="LOGIN_FAILURES_PER_ADDRESS")
    login_per_account: RateLimit = Field("10/15minutes", validation_alias="LOGIN_FAILURES_PER_ACCOUNT")
    """Of one account from one address, failures only."""
    register_per_address: RateLimit = Field("400/10minutes", validation_alias="REGISTRATIONS_PER_ADDRESS")
    reset_per_address: RateLimit = Field("200/10minutes", validation_alias="RESETS_PER_ADDRESS")
    reset_per_account: RateLimit = Field("5/hour", validation_alias="RESETS_PER_ACCOUNT")
    """Of one account from one address."""
    join_per_account: RateLimit = Field("30/10minutes", validation_alias="JOINS_PER_ACCOUNT")
    selfie_per_account: RateLimit = Field("20/hour", validation_alias="SELFIES_PER_ACCOUNT")
    selfie_per_event: RateLimit = Field("2000/hour", validation_alias="SELFIES_PER_EVENT")
    """Of all members of an event together: a hall that sends its selfies at once stays far below."""


def _is_key(text: str) -> str:
    try:
        size = len(base64.urlsafe_b64decode(f"{text}{'=' * (-len(text) % 4)}"))
    except ValueError:
        size = 0
    if size != KEY_BYTES:
        raise ValueError(f"must be {KEY_BYTES} bytes in base64url")
    return text


def _is_secret_key(secret: SecretStr) -> SecretStr:
    _is_key(secret.get_secret_value())
    return secret


class ReceiptSettings(SettingsGroup):
    """Ed25519: what receipts of erasure are signed with."""

    signing_key: Annotated[SecretStr, AfterValidator(_is_secret_key)] = Field(
        validation_alias="RECEIPT_SIGNING_KEY"
    )
    """32 random bytes in base64url."""
    retired_keys: list[Annotated[str, AfterValidator(_is_key)]] = Field(
        default=[], validation_alias="RECEIPT_RETIRED_KEYS"
    )
    """Public keys, as `/.well-known/jwks.json` shows them (`x`): still published, never used to sign."""


class SecondFactorSettings(SettingsGroup):
    secret: Annotated[SecretStr, Field(min_length=32)] = Field(validation_alias="TOTP_SECRET")
    """Encrypts the keys of authenticator apps."""
    previous_secrets: list[SecretStr] = Field(default=[], validation_alias="TOTP_PREVIOUS_SECRETS")
    """Still open what they encrypted."""
    issuer: NonEmpty = Field("Acme Photos", validation_alias="TOTP_ISSUER")


class StripeSettings(SettingsGroup):
    api_base: str = Field("https://api.stripe.com", validation_alias="STRIPE_API_BASE")
    secret_key: Secret = Field(validation_alias="STRIPE_SECRET_KEY")
    publishable_key: str = Field(validation_alias="STRIPE_PUBLISHABLE_KEY")
    webhook_secret: Secret = Field(validation_alias="STRIPE_WEBHOOK_SECRET")


class MailSettings(SettingsGroup):
    transport: MailTransport = Field(MailTransport.MAILBOX, validation_alias="MAIL_TRANSPORT")
    sender: str = Field("Acme Photos <photos@example.com>", validation_alias="MAIL_FROM")
    mailbox_dir: Path | None = Field(default=None, validation_alias="MAILBOX_DIR")
    resend_api_key: SecretStr | None = Field(default=None, validation_alias="RESEND_API_KEY")
    resend_api_base: str = Field("https://api.resend.com", validation_alias="RESEND_API_BASE")
    smtp_host: str | None = Field(default=None, validation_alias="SMTP_HOST")
    smtp_port: int = Field(587, ge=1, le=65535, validation_alias="SMTP_PORT")
    smtp_security: SmtpSecurity = Field(SmtpSecurity.STARTTLS, validation_alias="SMTP_SECURITY")
    smtp_username: str | None = Field(default=None, validation_alias="SMTP_USERNAME")
    smtp_password: SecretStr | None = Field(default=None, validation_alias="SMTP_PASSWORD")

    @model_validator(mode="after")
    def transport_is_complete(self) -> Self:
        if self.transport is MailTransport.MAILBOX and self.mailbox_dir is None:
            raise ValueError("MAIL_TRANSPORT=mailbox needs MAILBOX_DIR")
        if self.transport is MailTransport.RESEND and self.resend_api_key is None:
            raise ValueError("MAIL_TRANSPORT=resend needs RESEND_API_KEY")
        if self.transport is MailTransport.SMTP and self.smtp_host is None:
            raise ValueError("MAIL_TRANSPORT=smtp needs SMTP_HOST")
        return self

    @model_validator(mode="after")
    def password_travels_encrypted(self) -> Self:
        if self.smtp_password is not None and self.smtp_security is SmtpSecurity.NONE:
            raise ValueError("SMTP_PASSWORD needs SMTP_SECURITY=starttls or tls")
        return self


class ConsentSettings(SettingsGroup):
    texts_dir: Path | None = Field(default=None, validation_alias="CONSENT_TEXTS_DIR")
    """`<type>/<version>.<language>.md`; None = the texts that come with the platform."""
    answer_days: int = Field(90, ge=7, validation_alias="CONSENT_ANSWER_DAYS")
    """For so long a guest may leave a new text unanswered; then it counts as withdrawn."""


class DigestSettings(SettingsGroup):
    quiet_s: int = Field(300, ge=0, validation_alias="DIGEST_QUIET_S")
    """A guest is told of new photos once none has come for this long..."""
    longest_wait_s: int = Field(3600, ge=0, validation_alias="DIGEST_LONGEST_WAIT_S")
    """... or the first has waited for this long."""


class FaceSettings(SettingsGroup):
    engine: FaceEngineName = Field(FaceEngineName.LOCAL, validation_alias="FACE_ENGINE")
    confirm_confidence: float = Field(75.0, gt=0, le=100, validation_alias="FACE_CONFIRM_CONFIDENCE")
    review_confidence: float = Field(55.0, gt=0, le=100, validation_alias="FACE_REVIEW_CONFIDENCE")
    shadow_engine: FaceEngineName | None = Field(default=None, validation_alias="FACE_SHADOW_ENGINE")
    """Runs beside the engine, on the same photos: its results are kept to be compared, and show nobody."""
    aws_region: str = Field("eu-central-1", validation_alias="AWS_REGION")
    rekognition_endpoint_url: str | None = Field(default=None, validation_alias="REKOGNITION_ENDPOINT_URL")
    rekognition_calls_per_s: float = Field(5.0, gt=0, le=1000, validation_alias="REKOGNITION_CALLS_PER_S")
    """Of all workers together: the account's quota for each operation, as Service Quotas has it."""
    rekognition_call_price: Decimal = Field(Decimal("0.001"), ge=0, validation_alias="REKOGNITION_CALL_PRICE")
    """In US dollars per picture looked at: the list price of AWS for the first million a month, us-east-1,
    as of November 2025. Other regions and larger volumes differ."""

    @property
    def engines(self) -> frozenset[FaceEngineName]:
        """All that look at photos."""
        return frozenset({self.engine} if self.shadow_engine is None else {self.engine, self.shadow_engine})

    @model_validator(mode="after")
    def bands_are_ordered(self) -> Self:
        if self.review_confidence > self.confirm_confidence:
            raise ValueError("FACE_REVIEW_CONFIDENCE must not be above FACE_CONFIRM_CONFIDENCE")
        return self

    @model_validator(mode="after")
    def shadow_is_another(self) -> Self:
        if self.shadow_engine is self.engine:
            raise ValueError("FACE_SHADOW_ENGINE must not be FACE_ENGINE: there would be nothing to compare")
        return self


class UploadSettings(SettingsGroup):
    max_bytes: int = Field(100 * 1000 * 1000, gt=0, validation_alias="UPLOAD_MAX_BYTES")
    max_pixels: int = Field(200_000_000, gt=0, validation_alias="UPLOAD_MAX_PIXELS")
    selfie_max_bytes: int = Field(15 * 1000 * 1000, gt=0, validation_alias="SELFIE_MAX_BYTES")


class JobSettings(SettingsGroup):
    """How many may wait, and how long rows are kept: of jobs that ended, of webhooks that are done with."""

    waiting_limit: int = Field(100_000, ge=1, validation_alias="JOBS_WAITING_LIMIT")
    """In one queue. Beyond it uploads, selfies and archives are answered 503; payments and erasures never."""
    stripe_events_kept_days: int = Field(90, ge=31, validation_alias="STRIPE_EVENTS_KEPT_DAYS")
    """Stripe lists its events for 30 days: whatever is sent again within them must be known."""
    done_kept_days: int = Field(14, ge=1, validation_alias="JOBS_DONE_KEPT_DAYS")
    failed_kept_days: int = Field(90, ge=1, validation_alias="JOBS_FAILED_KEPT_DAYS")


class WebhookSettings(SettingsGroup):
    secret: Annotated[SecretStr, Field(min_length=32)] = Field(validation_alias="WEBHOOK_SECRET")
    """Encrypts the secrets of operators' endpoints."""
    previous_secrets: list[SecretStr] = Field(default=[], validation_alias="WEBHOOK_PREVIOUS_SECRETS")
    """Still open what they encrypted."""


class WebhookDeliverySettings(SettingsGroup):
    timeout_s: int = Field(20, ge=1, le=60, validation_alias="WEBHOOK_TIMEOUT_S")
    """Of one request, from the look-up of the name to the end of the answer."""
    disable_after_days: int = Field(5, ge=1, validation_alias="WEBHOOK_DISABLE_AFTER_DAYS")
    """An endpoint that has answered nothing well for so long is turned off, and its operator told."""
    concurrency: int = Field(20, ge=1, le=500, validation_alias="WEBHOOK_CONCURRENCY")
    """Requests at once, of one worker."""


class WebhookLogSettings(SettingsGroup):
    kept_days: int = Field(30, ge=7, validation_alias="WEBHOOK_LOG_KEPT_DAYS")
    """Deliveries and their attempts go after so long; `acme_core.retention` tells the public."""


class RetentionSettings(SettingsGroup):
    """How long is kept what nobody has asked to be erased; `acme_core.retention` says it in words."""

    event_faces_days: int = Field(365, ge=1, validation_alias="RETENTION_EVENT_FACES_DAYS")
    """After an event's end: the cut-outs, vectors and scores by which guests who come late are found."""
    inactive_days: int = Field(1095, ge=30, validation_alias="RETENTION_INACTIVE_DAYS")
    """Since a guest was last here: selfies and templates. BIPA allows three years at most."""
    archives_days: int = Field(30, ge=1, validation_alias="RETENTION_ARCHIVES_DAYS")
    """ZIPs of purchases, which are built again whenever their buyer asks."""
    addresses_days: int = Field(180, ge=1, validation_alias="RETENTION_ADDRESSES_DAYS")
    """IP addresses in the audit log."""
    recipients_days: int = Field(30, ge=1, validation_alias="RETENTION_RECIPIENTS_DAYS")
    """The address that an erased account's receipt is mailed to, where no mail could be sent."""


class WorkerSettings(SettingsGroup):
    concurrency: int = Field(0, ge=0, validation_alias="WORKER_CONCURRENCY")
    """Jobs at once in one worker; 0 takes the number of cores."""
    alive_file: Path | None = Field(default=None, validation_alias="WORKER_ALIVE_FILE")
    """Touched while the worker's event loop turns: what `acme_config.probe` looks at. One for each worker."""


class MigrationSettings(SettingsGroup):
    lock_timeout_s: float = Field(5.0, gt=0, validation_alias="MIGRATION_LOCK_TIMEOUT_S")
    """A migration gives up rather than queue behind traffic, and make all traffic queue behind itself."""
    statement_timeout_s: float = Field(600.0, gt=0, validation_alias="MIGRATION_STATEMENT_TIMEOUT_S")
    """What takes longer holds its locks longer than a deployment may; indexes built online are exempt."""
