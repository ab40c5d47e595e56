from dataclasses import dataclass, field

from acme_config.production import require_real_secrets
from acme_config.settings import (
    AddressSettings,
    ConsentSettings,
    DatabaseSettings,
    DigestSettings,
    JobSettings,
    LinkSettings,
    MailSettings,
    PlatformSettings,
    RateLimitSettings,
    ReceiptSettings,
    RedisSettings,
    RetentionSettings,
    ServerSettings,
    StorageSettings,
    StripeSettings,
    TokenSettings,
    WebhookDeliverySettings,
    WebhookLogSettings,
    WebhookSettings,
    WorkerSettings,
)


@dataclass(frozen=True)
class MainSettings:
    platform: PlatformSettings = field(default_factory=PlatformSettings)
    server: ServerSettings = field(default_factory=ServerSettings)
    database: DatabaseSettings = field(default_factory=DatabaseSettings)
    redis: RedisSettings = field(default_factory=RedisSettings)
    storage: StorageSettings = field(default_factory=StorageSettings)
    tokens: TokenSettings = field(default_factory=TokenSettings)
    limits: RateLimitSettings = field(default_factory=RateLimitSettings)
    stripe: StripeSettings = field(default_factory=StripeSettings)
    consents: ConsentSettings = field(default_factory=ConsentSettings)
    receipts: ReceiptSettings = field(default_factory=ReceiptSettings)
    jobs: JobSettings = field(default_factory=JobSettings)
    retention: RetentionSettings = field(default_factory=RetentionSettings)
    webhook_log: WebhookLogSettings = field(default_factory=WebhookLogSettings)

    def __post_init__(self) -> None:
        require_real_secrets(self)


@dataclass(frozen=True)
class MainWorkerSettings:
    platform: PlatformSettings = field(default_factory=PlatformSettings)
    storage: StorageSettings = field(default_factory=StorageSettings)
    database: DatabaseSettings = field(default_factory=DatabaseSettings)
    redis: RedisSettings = field(default_factory=RedisSettings)
    stripe: StripeSettings = field(default_factory=StripeSettings)
    consents: ConsentSettings = field(default_factory=ConsentSettings)
    digests: DigestSettings = field(default_factory=DigestSettings)
    retention: RetentionSettings = field(default_factory=RetentionSettings)
    jobs: JobSettings = field(default_factory=JobSettings)
    webhook_log: WebhookLogSettings = field(default_factory=WebhookLogSettings)
    mail: MailSettings = field(default_factory=MailSettings)
    addresses: AddressSettings = field(default_factory=AddressSettings)
    links: LinkSettings = field(default_factory=LinkSettings)
    worker: WorkerSettings = field(default_factory=WorkerSettings)

    def __post_init__(self) -> None:
        require_real_secrets(self)


@dataclass(frozen=True)
class WebhookWorkerSettings:
    platform: PlatformSettings = field(default_factory=PlatformSettings)
    database: DatabaseSettings = field(default_factory=DatabaseSettings)
    redis: RedisSettings = field(default_factory=RedisSettings)
    secrets: WebhookSettings = field(default_factory=WebhookSettings)
    delivery: WebhookDeliverySettings = field(default_factory=WebhookDeliverySettings)
    worker: WorkerSettings = field(default_factory=WorkerSettings)

    def __post_init__(self) -> None:
        require_real_secrets(self)
