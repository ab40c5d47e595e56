"""Asks the registries what they know to be wrong with the locked packages; `make audit`.

Status 1 where something is known. A registry that does not answer is told of, and is no failure: a change is
not worse because the network is away.
"""

import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
TIMEOUT_S = 120
PIP_AUDIT = "pip-audit>=2.9,<3"
LEAST_SEVERITY = ("high", "critical")
"""Of npm's: what builds the web apps is not what serves them."""


@dataclass(frozen=True)
class Answer:
    findings: tuple[str, ...] = ()
    skipped: str | None = None
    """Why nothing can be said."""


def read_pip(output: str) -> Answer:
    """`pip-audit --format json`: one line for each package, and what is known of it."""
    try:
        packages = json.loads(output)["dependencies"]
    except (ValueError, KeyError, TypeError):
        return Answer(skipped="the Python registry did not answer")
    if not [package for package in packages if "skip_reason" not in package]:
        return Answer(skipped="the Python registry knows none of the locked packages")
    return Answer(
        tuple(
            f"{package['name']} {package['version']}: {known['id']}"
            for package in packages
            for known in package.get("vulns", ())
        )
    )


def read_npm(output: str) -> Answer:
    """`npm audit --json`: an error in its place where the registry has no such service, or is away."""
    try:
        known: dict[str, Any] = json.loads(output)["vulnerabilities"]
    except (ValueError, KeyError, TypeError):
        return Answer(skipped="the npm registry did not answer")
    return Answer(
        tuple(
            f"{name}: {item['severity']}"
            for name, item in sorted(known.items())
            if item["severity"] in LEAST_SEVERITY
        )
    )


def audit_python(uv: str) -> Answer:
    exported = _output(
        [uv, "export", "--frozen", "--all-packages", "--no-emit-workspace", "--no-hashes", "-q"]
    )
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as requirements:
        requirements.write(exported)
        requirements.flush()
        audit = ["pip-audit", "--no-deps", "--disable-pip", "--format", "json", "--requirement"]
        return read_pip(
            _output([uv, "tool", "run", "--quiet", "--from", PIP_AUDIT, *audit, requirements.name])
        )


def audit_npm() -> Answer:
    return read_npm(_output([str(ROOT / "tools" / "npm"), "audit", "--json"], ROOT / "frontends"))


def report(name: str, answer: Answer) -> bool:
    """Whether something is known."""
    if answer.skipped is not None:
        print(f"{name}: skipped, {answer.skipped}")
    elif not answer.findings:
        print(f"{name}: nothing is known")
    for finding in answer.findings:
        print(f"{name}: {finding}")
    return bool(answer.findings)


def _output(command: list[str], folder: Path = ROOT) -> str:
    """What it printed, however it ended; nothing where it took too long."""
    try:
        ended = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, timeout=TIMEOUT_S, check=False
        )
    except subprocess.TimeoutExpired:
        return ""
    return ended.stdout


if __name__ == "__main__":
    known = [report("Python", audit_python(sys.argv[1])), report("npm", audit_npm())]
    raise SystemExit(int(any(known)))
