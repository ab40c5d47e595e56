"""What can be said of the images without building them; test_images runs what their steps make."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.deploy.dockerfile import DOCKERFILE, ROOT, stages, targets

HADOLINT = Path(sys.executable).with_name("hadolint")
PROCESSES = {
    *("api-backoffice", "api-main", "api-media"),
    *("worker-main", "worker-webhooks", "worker-relay", "worker-images", "worker-faces"),
    *("migrate", "web"),
}
BUILD_TOOLS = re.compile(r"\b(apt-get|apk add|gcc|build-essential|curl|uv|npm|node)\b")


def test_hadolint_finds_nothing() -> None:
    if not HADOLINT.is_file():
        pytest.skip("no hadolint for this machine")
    done = subprocess.run([HADOLINT, DOCKERFILE], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_there_is_a_target_for_every_process() -> None:
    assert set(targets()) == PROCESSES


@pytest.mark.parametrize("name", sorted(PROCESSES))
def test_an_image_runs_as_nobody_and_says_how_it_is(name: str) -> None:
    known = stages()
    stage = known[name]
    user = stage.all("USER") or known[stage.base].all("USER")
    assert user[-1] == "10001:10001"
    (health,) = stage.all("HEALTHCHECK")
    assert (health == "NONE") == (name == "migrate")
    assert "curl" not in health


@pytest.mark.parametrize("name", sorted(PROCESSES))
def test_an_image_that_runs_holds_nothing_that_builds(name: str) -> None:
    known = stages()
    stage = known[name]
    steps = [*stage.all("RUN"), *(known[stage.base].all("RUN") if stage.base in known else [])]
    assert [step for step in steps if BUILD_TOOLS.search(step)] == []
    assert stage.copied_stages[0].startswith(("install-", "build-web"))
    if stage.base == "runtime":
        assert any("pip uninstall" in step for step in steps)


@pytest.mark.parametrize("name", ["runtime", "web"])
def test_an_image_says_whose_it_is_and_not_what_its_base_says(name: str) -> None:
    stage = stages()[name]
    (text,) = stage.all("LABEL")
    labels = dict(re.findall(r'org\.opencontainers\.image\.(\w+)="([^"]*)"', text))
    assert (labels["title"], labels["licenses"]) == ("Acme Photo Platform", "LicenseRef-Proprietary")
    assert (labels["version"], stage.all("ARG")) == ("${ACME_VERSION}", ["ACME_VERSION"])
    assert {"description", "url", "source", "documentation"} < set(labels), "of Caddy's image"


def test_every_base_is_pinned_and_named_without_a_registry() -> None:
    bases = {stage.base.partition(" AS ")[0] for stage in stages().values()} - set(stages())
    assert all(":" in base and "." not in base.partition(":")[0] for base in bases)
    assert not any(base.endswith(":latest") for base in bases)


def test_what_is_copied_reaches_the_builder() -> None:
    """`.dockerignore` lets nothing through that it does not name."""
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    sources = [
        word
        for stage in stages().values()
        for text in stage.all("COPY")
        if "--from" not in text
        for word in text.split()[:-1]
    ]
    for source in sources:
        assert (ROOT / source).exists(), source
        assert any(source == name or source.startswith(f"{name}/") for name in allowed), source
