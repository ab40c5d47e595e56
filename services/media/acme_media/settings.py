from dataclasses import dataclass, field

from acme_config.settings import (
    DatabaseSettings,
    FaceSettings,
    PlatformSettings,
    RateLimitSettings,
    RedisSettings,
    ServerSettings,
    StorageSettings,
    TokenSettings,
    UploadSettings,
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
    uploads: UploadSettings = field(default_factory=UploadSettings)


@dataclass(frozen=True)
class MediaWorkerSettings:
    database: DatabaseSettings = field(default_factory=DatabaseSettings)
    redis: RedisSettings = field(default_factory=RedisSettings)
    storage: StorageSettings = field(default_factory=StorageSettings)
    uploads: UploadSettings = field(default_factory=UploadSettings)
    faces: FaceSettings = field(default_factory=FaceSettings)
    worker: WorkerSettings = field(default_factory=WorkerSettings)
