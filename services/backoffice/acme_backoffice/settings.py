from dataclasses import dataclass, field

from acme_config.settings import (
    DatabaseSettings,
    FaceSettings,
    LinkSettings,
    PlatformSettings,
    RateLimitSettings,
    RedisSettings,
    SecondFactorSettings,
    ServerSettings,
    StorageSettings,
    StripeSettings,
    TokenSettings,
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
    links: LinkSettings = field(default_factory=LinkSettings)
