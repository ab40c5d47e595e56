"""deploy/Dockerfile as its stages."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCKERFILE = ROOT / "deploy" / "Dockerfile"


@dataclass
class Stage:
    name: str
    base: str
    instructions: list[tuple[str, str]] = field(default_factory=list)

    def all(self, keyword: str) -> list[str]:
        return [text for word, text in self.instructions if word == keyword]

    def command(self, keyword: str = "CMD") -> list[str]:
        """The last one, which must be in the form that needs no shell."""
        command: list[str] = json.loads(self.all(keyword)[-1])
        return command

    @property
    def health(self) -> list[str]:
        command: list[str] = json.loads(self.all("HEALTHCHECK")[-1].partition(" CMD ")[2])
        return command

    @property
    def variables(self) -> dict[str, str]:
        return dict(pair.split("=", 1) for text in self.all("ENV") for pair in text.split())

    @property
    def copied_stages(self) -> list[str]:
        return re.findall(r"--from=(\S+)", "\n".join(self.all("COPY")))


def stages() -> dict[str, Stage]:
    found: dict[str, Stage] = {}
    for word, text in _instructions():
        if word == "FROM":
            base, _, name = text.partition(" AS ")
            found[name] = Stage(name, base)
        elif found:
            next(reversed(found.values())).instructions.append((word, text))
    return found


def targets() -> dict[str, Stage]:
    """Those that run: built on `runtime`, and the web apps."""
    return {name: stage for name, stage in stages().items() if stage.base == "runtime" or name == "web"}


def _instructions() -> Iterator[tuple[str, str]]:
    lines = [line for line in DOCKERFILE.read_text().splitlines() if not line.startswith("#")]
    for line in re.sub(r"\\\n\s*", "", "\n".join(lines)).splitlines():
        if line.strip():
            word, _, text = line.partition(" ")
            yield word, text.strip()
