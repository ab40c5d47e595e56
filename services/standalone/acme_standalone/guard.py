"""Stand-ins never serve real people."""

import os
from collections.abc import Mapping

from acme_config.settings import Environment


def refuse_production(environ: Mapping[str, str] = os.environ) -> None:
    """Ends the process with status 1 when ACME_ENV names anything but a local environment."""
    name = environ.get("ACME_ENV") or Environment.STANDALONE
    if name not in {environment.value for environment in Environment if environment.is_local}:
        raise SystemExit(f"This is a stand-in for a real service and does not start with ACME_ENV={name}.")
