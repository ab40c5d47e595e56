"""Currency, language and time zone of a new operator, from the country that the proxy tells."""

from secrets import token_hex

import httpx
import pytest

from acme_backoffice.accounts.defaults import RegionalDefaults, regional_defaults
from tests.services.harness import PASSWORD, Platform


@pytest.mark.parametrize(
    ("country", "expected"),
    [
        (None, RegionalDefaults("EUR", "en", "UTC")),
        ("DE", RegionalDefaults("EUR", "de-DE", "Europe/Berlin")),
        ("AT", RegionalDefaults("EUR", "de-AT", "Europe/Vienna")),
        ("JP", RegionalDefaults("JPY", "ja-JP", "Asia/Tokyo")),
        ("GB", RegionalDefaults("GBP", "en-GB", "Europe/London")),
        ("US", RegionalDefaults("USD", "en-US", "UTC")),
        ("CH", RegionalDefaults("CHF", "de-CH", "Europe/Zurich")),
        ("HR", RegionalDefaults("EUR", "hr-HR", "Europe/Zagreb")),
        ("IR", RegionalDefaults("EUR", "fa-IR", "Asia/Tehran")),  # its own cannot be charged
        ("ZX", RegionalDefaults("EUR", "en", "UTC")),
    ],
)
def test_a_country_gives_what_it_gives_for_sure(country: str | None, expected: RegionalDefaults) -> None:
    assert regional_defaults(country) == expected


async def sign_up(platform: Platform, client: str, **headers: str) -> dict[str, str]:
    transport = httpx.ASGITransport(app=platform.apps["backoffice"], client=(client, 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as http:
        body = {"name": "Ada", "email": f"{token_hex(6)}@example.com", "password": PASSWORD}
        answer = await http.post("/v1/auth/register", json=body, headers=headers)
        account: dict[str, str] = answer.json()["account"]
        return account


async def test_a_trusted_proxy_is_believed(platform: Platform) -> None:
    account = await sign_up(platform, "127.0.0.1", **{"CF-IPCountry": "jp"})
    assert (account["currency"], account["locale"], account["timezone"]) == ("JPY", "ja-JP", "Asia/Tokyo")


@pytest.mark.parametrize("country", ["XX", "T1", "Japan", "", "J\N{COMBINING ACUTE ACCENT}"])
async def test_what_names_no_country_is_ignored(platform: Platform, country: str) -> None:
    headers = {"CF-IPCountry": country.encode("ascii", "ignore").decode()}
    assert (await sign_up(platform, "127.0.0.1", **headers))["currency"] == "EUR"


async def test_nobody_else_is_believed(platform: Platform) -> None:
    spoofed = {"CF-IPCountry": "JP", "X-Forwarded-For": "127.0.0.1"}
    assert (await sign_up(platform, "203.0.113.7", **spoofed))["currency"] == "EUR"


async def test_what_the_operator_says_counts_more(platform: Platform) -> None:
    operator = await platform.new_operator(currency="USD", locale="en-US", timezone="America/New_York")
    assert operator.account["timezone"] == "America/New_York"


async def test_the_client_behind_a_proxy_is_written_down(platform: Platform) -> None:
    forwarded = {"X-Forwarded-For": "198.51.100.9"}
    account = await sign_up(platform, "127.0.0.1", **forwarded)
    statement = "SELECT ip FROM audit_events WHERE actor_id = :id"
    assert await platform.sql(statement, id=account["id"]) == [("198.51.100.9",)]


async def test_a_currency_that_does_not_exist_is_refused(platform: Platform) -> None:
    operator = await platform.new_operator()
    assert (await operator.call("PATCH", "/me", {"currency": "ABC"})).status_code == 422
