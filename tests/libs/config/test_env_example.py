"""`.env.example` names every setting, with the default that the classes have, and nothing else."""

from pathlib import Path

from acme_standalone.settings.environment import settings_defaults

ROOT = Path(__file__).resolve().parents[3]


def documented() -> dict[str, str]:
    lines = (ROOT / ".env.example").read_text().splitlines()
    pairs = (line.partition("=") for line in lines if line and not line.startswith("#"))
    return {name: value for name, _, value in pairs}


def test_the_example_names_every_setting_and_its_default() -> None:
    assert {name: value.replace(", ", ",") for name, value in settings_defaults()} == documented()
