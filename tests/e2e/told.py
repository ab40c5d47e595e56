"""What Prometheus would read of a running platform."""

import re
from collections.abc import Mapping

import httpx

from tests.deploy.test_observability import named

APIS = ("BACKOFFICE_API_URL", "MAIN_API_URL", "MEDIA_API_URL")
WORKERS = ("RELAY", "MAIN_WORKER", "IMAGES_WORKER", "FACES_WORKER", "WEBHOOKS_WORKER")


def told(settings: Mapping[str, str]) -> str:
    addresses = [f"{settings[name]}/metrics" for name in APIS]
    addresses += [settings[f"{name}_METRICS_URL"] for name in WORKERS]
    return "\n".join(httpx.get(address).raise_for_status().text for address in addresses)


def missing(settings: Mapping[str, str]) -> set[str]:
    """Metrics of rules and dashboards that no process has a value of."""
    text = told(settings)
    values = {name for name in named() if re.search(rf"^{name}(_count)?[{{ ]", text, re.MULTILINE)}
    return named() - values


def observed(settings: Mapping[str, str], histogram: str) -> float:
    """How often, in all processes and by all labels."""
    found = re.findall(rf"^{histogram}_count(?:{{[^}}]*}})? (\S+)$", told(settings), re.MULTILINE)
    return sum(map(float, found))
