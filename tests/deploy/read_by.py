"""Which settings each process reads."""

from acme_backoffice.settings import BackofficeSettings
from acme_config.settings import DatabaseSettings, RedisSettings
from acme_main.settings import MainSettings, MainWorkerSettings, WebhookWorkerSettings
from acme_media.settings import MediaSettings, MediaWorkerSettings

PROCESSES = {
    "api-backoffice": (BackofficeSettings,),
    "api-main": (MainSettings,),
    "api-media": (MediaSettings,),
    "worker-main": (MainWorkerSettings,),
    "worker-webhooks": (WebhookWorkerSettings,),
    "worker-relay": (DatabaseSettings, RedisSettings),
    "worker-images": (MediaWorkerSettings,),
    "worker-faces": (MediaWorkerSettings,),
}
