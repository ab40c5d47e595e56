from dataclasses import dataclass, field

from acme_config.settings import (
    DatabaseSettings,
    DigestSettings,
    JobSettings,
    LinkSettings,
    MailSettings,
    PlatformSettings,
    RateLimitSettings,
    RedisSettings,
    ServerSettings,
    StorageSettings,
    StripeSettings,
    TokenSettings,
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


@dataclass(frozen=True)
class MainWorkerSettings:
    platform: PlatformSettings = field(default_factory=PlatformSettings)
    storage: StorageSettings = field(default_factory=StorageSettings)
    database: DatabaseSettings = field(default_factory=DatabaseSettings)
    redis: RedisSettings = field(default_factory=RedisSettings)
    stripe: StripeSettings = field(default_factory=StripeSettings)
    digests: DigestSettings = field(default_factory=DigestSettings)
    jobs: JobSettings = field(default_factory=JobSettings)
    mail: MailSettings = field(default_factory=MailSettings)
    links: LinkSettings = field(default_factory=LinkSettings)
    worker: WorkerSettings = field(default_factory=WorkerSettings)
