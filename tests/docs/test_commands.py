"""What the pages tell people to type is typed here, page by page, in one shell each."""

import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

import pytest
from typer.core import TyperGroup
from typer.main import get_command

from acme_standalone.cli import app
from tests.docs.blocks import (
    LANGUAGES,
    NEEDS,
    ROOT,
    Block,
    Kind,
    blocks,
    in_sentences,
    indented,
    of_interest,
    pages,
)
from tests.e2e.running import FOREIGN, Running

BIN = Path(sys.executable).parent
BASH = shutil.which("bash") or "bash"
PAGES = [page for page in pages() if any(block.is_command for block in of_interest(page))]
COMMANDS = [block for page in PAGES for block in of_interest(page) if block.is_command]
RUN_PAGES = [page for page in PAGES if any(block.kind is Kind.RUN for block in of_interest(page))]
TRIED = [block for block in COMMANDS if block.kind is Kind.TRY]
LONGEST_S = 240
MOSTLY = 20
"""So many blocks at least are run."""


def _name(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.fixture(scope="module")
def platform_data(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """One platform for all pages, as `make up` starts it."""
    running = Running(tmp_path_factory.mktemp("docs") / "data")
    running.settings()
    yield running.data.path
    running.stop()


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """The repository's root, except that what is written there is nobody's."""
    for item in ROOT.iterdir():
        if item.name not in {".data", "site"}:
            (tmp_path / item.name).symlink_to(item)
    return tmp_path


def environment(data: Path) -> Mapping[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in FOREIGN}
    return {**kept, "ACME_DATA_DIR": str(data), "PATH": f"{BIN}:{os.environ['PATH']}"}


def script_of(blocks: Sequence[Block]) -> str:
    """Each block says where it stands, so that a failure says so too."""
    parts = [f"echo '--- {block}' >&2\n{block.text}" for block in blocks if block.kind is Kind.RUN]
    return "set -euo pipefail\n" + "\n".join(parts)


@pytest.mark.timeout(LONGEST_S + 200)
@pytest.mark.parametrize("page", RUN_PAGES, ids=_name)
def test_a_pages_commands_work(page: Path, checkout: Path, platform_data: Path) -> None:
    blocks = of_interest(page)
    for block in blocks:
        if block.kind is Kind.FILE:
            (checkout / block.argument).write_text(block.text)
    code, said = typed(script_of(blocks), checkout, environment(platform_data))
    assert code == 0, said[-6000:]


def typed(script: str, folder: Path, environment: Mapping[str, str]) -> tuple[int, str]:
    """What it leaves running is ended with it: it would hold what it writes to open for ever."""
    log = folder / "typed.log"
    with log.open("wb") as output:
        shell = subprocess.Popen(
            [BASH, "-c", script],
            cwd=folder,
            env=environment,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
        try:
            code = shell.wait(LONGEST_S)
        except subprocess.TimeoutExpired:
            code = -1
        with suppress(ProcessLookupError):
            os.killpg(shell.pid, signal.SIGKILL)
        shell.wait()
    return code, log.read_text()


@pytest.mark.parametrize("block", TRIED, ids=str)
def test_what_never_ends_or_takes_long_is_there(block: Block, checkout: Path, tmp_path: Path) -> None:
    """`make` resolves its targets; `acme` knows command and options, Python the module, npm the script."""
    lines = [line for line in _commands(block.text) if line]
    assert lines
    for words in lines:
        _try(words, checkout, tmp_path)


@pytest.mark.parametrize("page", [page for page in pages() if any(in_sentences(page))], ids=_name)
def test_a_command_that_a_sentence_names_is_there(page: Path, checkout: Path, tmp_path: Path) -> None:
    for command in dict.fromkeys(in_sentences(page)):
        _try(shlex.split(command), checkout, tmp_path)


@pytest.mark.parametrize("page", pages(), ids=_name)
def test_no_command_hides_where_it_is_not_looked_for(page: Path) -> None:
    """Every block has a fence and a language that is known; of shells there is one name."""
    assert indented(page) == []
    assert {block.language for block in blocks(page)} <= LANGUAGES


def _commands(text: str) -> Iterator[list[str]]:
    for line in text.replace("\\\n", " ").splitlines():
        yield shlex.split(line, comments=True)


def _try(words: Sequence[str], checkout: Path, home: Path) -> None:
    program, *arguments = words
    match Path(program).name:
        case "make":
            done = _said("make", "--dry-run", *arguments, cwd=checkout, home=home)
            assert done.returncode == 0, done.stderr
        case "acme":
            known = _known_options(arguments)
            given = {word.partition("=")[0] for word in arguments if word.startswith("--")}
            assert given <= known, f"acme {shlex.join(arguments)}: {given - known}"
        case "python":
            assert find_spec(arguments[arguments.index("-m") + 1]) is not None, words
        case "npm":
            scripts = json.loads((checkout / "frontends" / "package.json").read_text())["scripts"]
            assert arguments[-1] in {*scripts, "ci"}, words
        case other:
            pytest.fail(f"{other} is not tried: run it, or say what it needs")


def _known_options(words: Sequence[str]) -> set[str]:
    """Of the command that the words begin with, however deep it lies."""
    command, rest = get_command(app), [word for word in words if not word.startswith("-")]
    while isinstance(command, TyperGroup) and rest:
        name = rest.pop(0)
        assert name in command.commands, f"there is no acme {shlex.join(words)}"
        command = command.commands[name]
    return {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}


def _said(*command: str, cwd: Path, home: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "HOME": str(home), "COLUMNS": "200", "NO_COLOR": "1"}
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)


def test_every_command_is_counted(record_property: Callable[[str, object], None]) -> None:
    """A mark that is misspelt, or a new kind of need, is seen here."""
    kinds = Counter(block.kind for block in COMMANDS)
    assert kinds[Kind.FILE] == 0, "a file is no command"
    needs = [block for block in COMMANDS if block.kind is Kind.NEEDS]
    assert {block.argument for block in needs} <= NEEDS
    for kind in Kind:
        record_property(kind.value, kinds[kind])
    assert kinds[Kind.RUN] >= MOSTLY
    assert kinds[Kind.RUN] + kinds[Kind.TRY] + len(needs) == len(COMMANDS)


@pytest.mark.parametrize(
    "command",
    [
        "make nothing",
        "acme nothing",
        "acme jobs nothing",
        "acme verify --nothing",
        "python -m acme_main.nothing",
    ],
)
def test_a_command_that_is_not_there_is_noticed(command: str, checkout: Path, tmp_path: Path) -> None:
    with pytest.raises(AssertionError):
        _try(shlex.split(command), checkout, tmp_path)


def test_a_command_without_a_fence_is_noticed(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("Type\n\n    acme up\n\n1. or\n\n    on with the list\n\n```sh\n    true\n```\n")
    assert indented(page) == [3]


def test_a_command_that_fails_is_noticed(checkout: Path) -> None:
    page = ROOT / "README.md"
    blocks = [Block(page, 1, "sh", "true | false\n", Kind.RUN), Block(page, 2, "sh", "echo on\n", Kind.RUN)]
    code, said = typed(script_of(blocks), checkout, os.environ)
    assert code != 0
    assert said == "--- README.md:1\n"
