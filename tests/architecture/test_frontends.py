"""Each web app knows the services that it may call, and no other."""

import re
from pathlib import Path

import pytest

FRONTENDS = Path(__file__).resolve().parents[2] / "frontends"
FORBIDDEN = {"main": "backoffice", "backoffice": "main"}


@pytest.mark.parametrize("app", FORBIDDEN)
def test_an_app_imports_no_client_of_another(app: str) -> None:
    sources = list((FRONTENDS / app / "src").rglob("*.ts*"))
    assert len(sources) > 50, "the sources are found"
    clients = {
        name for source in sources for name in re.findall(r'from "@acme/api/(\w+)"', source.read_text())
    }
    assert {app, "media"} <= clients
    assert FORBIDDEN[app] not in clients


@pytest.mark.parametrize("app", FORBIDDEN)
def test_nothing_is_kept_where_every_script_reads_it(app: str) -> None:
    folders = [FRONTENDS / app / "src", FRONTENDS / "packages"]
    sources = [
        source
        for folder in folders
        for source in folder.rglob("*.ts*")
        if "node_modules" not in source.parts and "generated" not in source.parts
    ]
    offenders = [
        str(source) for source in sources if re.search(r"\b(local|session)Storage\b", source.read_text())
    ]
    assert offenders == []
