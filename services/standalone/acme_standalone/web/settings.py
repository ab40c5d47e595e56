"""Which app is served, and the addresses that it calls."""

from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from pydantic import Field

from acme_config.settings import AddressSettings, SettingsGroup, StripeSettings

STRIPE = str(StripeSettings.model_fields["api_base"].default)


class WebApp(StrEnum):
    BACKOFFICE = "backoffice"
    MAIN = "main"


class PartnerSettings(SettingsGroup):
    """The addresses alone: who serves pages is given none of the keys that belong to them."""

    s3_endpoint_url: str = Field("", validation_alias="S3_ENDPOINT_URL")
    stripe_api_base: str = Field(STRIPE, validation_alias="STRIPE_API_BASE")


@dataclass(frozen=True)
class Addresses:
    """Base URLs, without a slash at the end."""

    own_api: str
    media_api: str
    object_store: str | None
    payments_stand_in: str | None = None
    """None where Stripe itself is called, or nobody pays."""

    @classmethod
    def configured(cls, app: WebApp) -> "Addresses":
        apis, partners = AddressSettings(), PartnerSettings()
        is_main = app is WebApp.MAIN
        payments = partners.stripe_api_base.rstrip("/")
        return cls(
            own_api=apis.main_api_url if is_main else apis.backoffice_api_url,
            media_api=apis.media_api_url,
            object_store=partners.s3_endpoint_url.rstrip("/") or None,
            payments_stand_in=payments if is_main and payments != STRIPE else None,
        )


def origin_of(url: str) -> str:
    """Scheme, host and port, as a browser compares them: without user, path or query."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
