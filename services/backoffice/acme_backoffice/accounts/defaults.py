"""Currency, language and time zone of a new operator, from where the sign-up comes. No outbound call."""

from dataclasses import dataclass

from babel.core import get_global
from babel.numbers import get_territory_currencies

from acme_core.clock import utc_now
from acme_core.money import CHARGEABLE


@dataclass(frozen=True)
class RegionalDefaults:
    currency: str = "EUR"
    """ISO 4217."""
    locale: str = "en"
    """BCP 47."""
    timezone: str = "UTC"
    """IANA."""


def regional_defaults(country: str | None) -> RegionalDefaults:
    """As CLDR knows the country; what it does not know, or not for sure, stays general."""
    if country is None:
        return RegionalDefaults()
    general = RegionalDefaults()
    return RegionalDefaults(
        currency=_currency(country) or general.currency,
        locale=_locale(country) or general.locale,
        timezone=_timezone(country) or general.timezone,
    )


def _currency(country: str) -> str | None:
    found: list[str] = get_territory_currencies(country, start_date=utc_now().date())
    return next((code for code in found if code in CHARGEABLE), None)


def _locale(country: str) -> str | None:
    """`und_DE` -> `de_Latn_DE` -> `de-DE`; what speaks English CLDR leaves out, for that is its default."""
    if country not in get_global("territory_languages"):
        return None
    language = get_global("likely_subtags").get(f"und_{country}", "en").partition("_")[0]
    return f"{language}-{country}"


def _timezone(country: str) -> str | None:
    """Only where the whole country, or all of it but an exclave, lives by one clock."""
    zones = get_global("territory_zones").get(country, [])
    principal = set(zones) & set(get_global("windows_zone_mapping").values())
    for candidates in (list(zones), sorted(principal)):
        if len(candidates) == 1:
            return str(candidates[0])
    return None
