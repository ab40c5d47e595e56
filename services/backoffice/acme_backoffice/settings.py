from dataclasses import dataclass, field

from acme_config.production import require_real_secrets
from acme_config.settings import (
    ConsentSettings,
    DatabaseSettings,
    FaceSettings,
    JobSettings,
    LinkSettings,
    PlatformSettings,
    RateLimitSettings,
    RedisSettings,
    RetentionSettings,
    SecondFactorSettings,
    ServerSettings,
    StorageSettings,
    StripeSettings,
    TokenSettings,
    WebhookLogSettings,
    WebhookSettings,
)


@dataclass(frozen=True)
class BackofficeSettings:
    platform: PlatformSettings = field(default_factory=PlatformSettings)
    server: ServerSettings = field(default_factory=ServerSettings)
    database: DatabaseSettings = field(default_factory=DatabaseSettings)
    redis: RedisSettings = field(default_factory=RedisSettings)
    storage: StorageSettings = field(default_factory=StorageSettings)
    tokens: TokenSettings = field(default_factory=TokenSettings)
    limits: RateLimitSettings = field(default_factory=RateLimitSettings)
    stripe: StripeSettings = field(default_factory=StripeSettings)
    second_factors: SecondFactorSettings = field(default_factory=SecondFactorSettings)
    faces: FaceSettings = field(default_factory=FaceSettings)
    webhooks: WebhookSettings = field(default_factory=WebhookSettings)
    consents: ConsentSettings = field(default_factory=ConsentSettings)
    jobs: JobSettings = field(default_factory=JobSettings)
    retention: RetentionSettings = field(default_factory=RetentionSettings)
    webhook_log: WebhookLogSettings = field(default_factory=WebhookLogSettings)
    links: LinkSettings = field(default_factory=LinkSettings)

    def __post_init__(self) -> None:
        require_real_secrets(self)
