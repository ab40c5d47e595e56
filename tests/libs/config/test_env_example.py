"""`.env.example` names every setting, with the default that the classes have, and nothing else.

But for the passwords that docker-compose.yml gives its servers: these are no settings of ours.
"""

import re
from pathlib import Path

from acme_standalone.settings.environment import settings_defaults

ROOT = Path(__file__).resolve().parents[3]


def documented() -> dict[str, str]:
    lines = (ROOT / ".env.example").read_text().splitlines()
    pairs = (line.partition("=") for line in lines if line and not line.startswith("#"))
    return {name: value for name, _, value in pairs}


def of_compose() -> dict[str, str]:
    taken = re.findall(r"(?<!\$)\$\{([A-Z0-9_]+)", (ROOT / "docker-compose.yml").read_text())
    settings = {name for name, _ in settings_defaults()}
    return {name: "" for name in taken if name not in settings}


def test_the_example_names_every_setting_and_its_default() -> None:
    defaults = {name: value.replace(", ", ",") for name, value in settings_defaults()}
    assert defaults | of_compose() == documented()
    assert len(documented()) == len(defaults) + len(of_compose())
