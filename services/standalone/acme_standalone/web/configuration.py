"""`/config.json`: what an app must know at run time, so that one build serves every deployment."""

from acme_standalone.web.settings import Addresses, WebApp

Configuration = dict[str, str | dict[str, str]]


def configuration(app: WebApp, addresses: Addresses) -> Configuration:
    apis: Configuration = {f"{app}_api": addresses.own_api, "media_api": addresses.media_api}
    return apis | {"payments": _payments(addresses)} if app is WebApp.MAIN else apis


def _payments(addresses: Addresses) -> dict[str, str]:
    if addresses.payments_stand_in is None:
        return {"kind": "stripe"}
    return {"kind": "stand_in", "base_url": addresses.payments_stand_in}
