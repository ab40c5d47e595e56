from dataclasses import dataclass, field

from acme_config.production import require_real_secrets
from acme_config.settings import (
    ConsentSettings,
    DatabaseSettings,
    FaceSettings,
    JobSettings,
    PlatformSettings,
    RateLimitSettings,
    RedisSettings,
    RetentionSettings,
    ServerSettings,
    StorageSettings,
    TokenSettings,
    UploadSettings,
    WebhookLogSettings,
    WorkerSettings,
)


@dataclass(frozen=True)
class MediaSettings:
    platform: PlatformSettings = field(default_factory=PlatformSettings)
    server: ServerSettings = field(default_factory=ServerSettings)
    database: DatabaseSettings = field(default_factory=DatabaseSettings)
    redis: RedisSettings = field(default_factory=RedisSettings)
    storage: StorageSettings = field(default_factory=StorageSettings)
    tokens: TokenSettings = field(default_factory=TokenSettings)
    limits: RateLimitSettings = field(default_factory=RateLimitSettings)
    jobs: JobSettings = field(default_factory=JobSettings)
    uploads: UploadSettings = field(default_factory=UploadSettings)

    def __post_init__(self) -> None:
        require_real_secrets(self)


@dataclass(frozen=True)
class MediaWorkerSettings:
    platform: PlatformSettings = field(default_factory=PlatformSettings)
    database: DatabaseSettings = field(default_factory=DatabaseSettings)
    redis: RedisSettings = field(default_factory=RedisSettings)
    storage: StorageSettings = field(default_factory=StorageSettings)
    uploads: UploadSettings = field(default_factory=UploadSettings)
    faces: FaceSettings = field(default_factory=FaceSettings)
    retention: RetentionSettings = field(default_factory=RetentionSettings)
    consents: ConsentSettings = field(default_factory=ConsentSettings)
    jobs: JobSettings = field(default_factory=JobSettings)
    webhook_log: WebhookLogSettings = field(default_factory=WebhookLogSettings)
    worker: WorkerSettings = field(default_factory=WorkerSettings)

    def __post_init__(self) -> None:
        require_real_secrets(self)
