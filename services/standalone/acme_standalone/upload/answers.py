"""What an answer says: its JSON, or the server's reason against the request."""

import re
from typing import Any

import httpx

from acme_standalone.upload.errors import RefusedError

LONGEST_DETAIL = 300


def json_of(answer: httpx.Response, *expected: str) -> dict[str, Any]:
    """Raises `RefusedError`, also when what answers is not our API."""
    body = _parsed(answer)
    if not answer.is_success:
        code = str(body.get("code") or f"http_{answer.status_code}")
        fields = [error["loc"] for error in body.get("errors", ())]
        raise RefusedError(answer.status_code, code, _detail(body) or _location(answer), fields)
    if not body.keys() >= set(expected):
        raise RefusedError(
            answer.status_code, "not_understood", f"{answer.request.url} does not answer as the API does"
        )
    return body


def problem_text(problem: dict[str, Any]) -> str:
    """`code: detail` of a problem+json."""
    detail = _detail(problem)
    return f"{problem['code']}: {detail}" if detail else str(problem["code"])


def store_refusal(answer: httpx.Response) -> RefusedError:
    """Object stores answer in XML."""
    parts = {
        name: match[1] if (match := re.search(f"<{name}>([^<]*)</{name}>", answer.text)) else ""
        for name in ("Code", "Message")
    }
    return RefusedError(
        answer.status_code,
        parts["Code"] or f"http_{answer.status_code}",
        parts["Message"] or "from the object store",
    )


def _parsed(answer: httpx.Response) -> dict[str, Any]:
    try:
        body = answer.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _detail(problem: dict[str, Any]) -> str:
    said = [str(problem.get("detail") or problem.get("title") or "")]
    said += [f"{'.'.join(map(str, error['loc'][1:]))}: {error['msg']}" for error in problem.get("errors", ())]
    return "; ".join(part for part in said if part)[:LONGEST_DETAIL]


def _location(answer: httpx.Response) -> str:
    return f"redirected to {answer.headers['Location']}" if "Location" in answer.headers else ""
