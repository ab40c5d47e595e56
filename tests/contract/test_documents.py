"""What the OpenAPI documents promise is tried: whatever is sent, they declare what is answered.

`make test` tries a bounded, always equal choice; `make fuzz` goes on for longer, and differently each time.
"""

import json
import os
import re
from datetime import timedelta
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis import CheckContext, Response
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from acme_auth.principals import Role
from tests.architecture.access import ACCESS, ANYBODY
from tests.contract.conftest import SERVICES, Served

DECLARED_CODES = re.compile(r"`([a-z0-9_]+)`:")
FOLDER = Path(__file__).resolve().parents[2] / "openapi"
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "0"))
BOUNDED = settings(
    max_examples=EXAMPLES or 8,
    derandomize=not EXAMPLES,
    database=None,
    deadline=timedelta(seconds=20),
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate],
)


def code_conformance(ctx: CheckContext, response: Response, case: schemathesis.Case[Any]) -> None:
    """A problem's code is one of those that the route declares for its status."""
    declared = case.operation.definition.raw["responses"].get(str(response.status_code))
    is_problem = "application/problem+json" in response.headers.get("content-type", [""])[0]
    if is_problem and declared is not None:
        code = response.json()["code"]
        codes = DECLARED_CODES.findall(declared["description"])
        assert code in codes, f"{response.status_code} {code} is not declared"


CHECKS = [
    not_a_server_error,
    code_conformance,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
ENDS_THE_CALLER = {"DELETE /v1/me"}
"""Tried where they are tested: here they would leave everybody after them signed out."""
ENDLESS = {"GET /v1/events"}

Case = schemathesis.Case[Any]


def _schema(service: str) -> schemathesis.BaseSchema:
    document = json.loads((FOLDER / f"{service}.json").read_text())
    return schemathesis.openapi.from_dict(document)


backoffice, main, media = (_schema(service) for service in SERVICES)


def _try(case: Case, served: Served, service: str) -> None:
    name = f"{case.method.upper()} {case.operation.path}"
    if name in ENDS_THE_CALLER | ENDLESS:
        pytest.skip("tried elsewhere")
    _name_what_exists(case, served.ids)
    headers = _authorization(case, served, service)
    case.call_and_validate(base_url=served.urls[service], headers=headers, checks=CHECKS)


def _name_what_exists(case: Case, ids: dict[str, str]) -> None:
    """Every other case is about things that exist: with made-up ids all would end in 404."""
    if case.path_parameters and crc32(repr(case.path_parameters).encode()) % 2:
        known = {name: ids[name] for name in case.path_parameters if name in ids}
        case.path_parameters = {**case.path_parameters, **known}


def _authorization(case: Case, served: Served, service: str) -> dict[str, str]:
    callers = ACCESS[service].get(f"{case.method.upper()} {case.operation.path.removeprefix('/v1')}", {})
    roles = [role for role in callers if role != ANYBODY]
    if not roles:
        return {}
    return {"Authorization": f"Bearer {served.token(service, Role(roles[-1]))}"}


@backoffice.parametrize()
@BOUNDED
def test_backoffice(case: Case, served: Served) -> None:
    _try(case, served, "backoffice")


@main.parametrize()
@BOUNDED
def test_main(case: Case, served: Served) -> None:
    _try(case, served, "main")


@media.parametrize()
@BOUNDED
def test_media(case: Case, served: Served) -> None:
    _try(case, served, "media")
