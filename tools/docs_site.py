"""What mkdocs is told beyond mkdocs.yml: pages made at build time, links out of docs/, pages to come."""

import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from posixpath import normpath
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # mkdocs loads this file by its path

from tools.pages import api  # noqa: E402 - as said above

Nav = Sequence[Any]

OPTIONAL = {"metrics.md", "capacity.md", "retention.md", "soak.md", "trace.md", "scaling.md"}
"""Places kept for pages that others write: absent, they are left out, and nothing is missed."""
_LINK = re.compile(r"(?<!!)\[([^\]]+)\]\((?!\w+:|#)([^)#\s]+)(#[^)\s]*)?\)")


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    docs = Path(config.docs_dir)
    decisions = [
        {_title(path): f"decisions/{path.name}"} for path in sorted((docs / "decisions").glob("*.md"))
    ]
    config.nav = [*_present(config.nav or [], docs), {"Decisions": ["decisions.md", *decisions]}]
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    for name, text in api.pages(ROOT / "openapi").items():
        files.append(File.generated(config, f"reference/{name}", content=text))
    return files


def on_page_markdown(markdown: str, page: Page, **_: object) -> str:
    """A link to a file outside of docs/ becomes its path: the site does not hold it. It must be there."""
    here = f"docs/{page.file.src_uri}"

    def outside(link: re.Match[str]) -> str:
        text, target, _anchor = link.groups()
        path = normpath(f"{here.rpartition('/')[0]}/{target}")
        if path.startswith("docs/"):
            return link[0]
        if path.startswith("..") or not (ROOT / path).exists():
            raise PluginError(f"{here} links to {target}, which is not there")
        return f"{text} (`{path}`)" if text.strip("`") != path else f"`{path}`"

    return _LINK.sub(outside, markdown)


def _present(nav: Nav, docs: Path) -> list[Any]:
    found = []
    for item in nav:
        name, target = next(iter(item.items())) if isinstance(item, Mapping) else (None, item)
        if isinstance(target, str):
            if target not in OPTIONAL or (docs / target).is_file():
                found.append(item)
        elif below := _present(target, docs):
            found.append({name: below})
    return found


def _title(path: Path) -> str:
    return path.read_text().partition("\n")[0].removeprefix("# ")
