"""The texts that guests consent to, in each language: `<type>/<version>.<language>.md`.

A changed text is a new version: a file beside the old ones, which stay. The newest, by the order of their
names, is the one that is asked for.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from acme_config.settings import ConsentSettings
from acme_db.models.user_consent import ConsentType
from acme_main.consents.schemas import DocumentLanguage

BUILT_IN: Final = Path(__file__).parent / "texts"


class ConsentTextsUnusableError(Exception):
    """Says which text is missing, or was changed under its old version."""


@dataclass(frozen=True)
class ConsentDocument:
    consent_type: ConsentType
    language: DocumentLanguage
    version: str
    text: str
    """Markdown."""
    sha256: str


@dataclass(frozen=True)
class ConsentTexts:
    documents: Sequence[ConsentDocument]
    """Of all versions."""

    @classmethod
    def read(cls, settings: ConsentSettings) -> Self:
        """Raises `ConsentTextsUnusableError` where a version lacks a language."""
        found = [
            document
            for consent_type in ConsentType
            for document in _documents_of(consent_type, settings.texts_dir or BUILT_IN)
        ]
        return cls(found)

    def current(self, consent_type: ConsentType, language: DocumentLanguage) -> ConsentDocument:
        matching = (
            document
            for document in self.documents
            if (document.consent_type, document.language) == (consent_type, language)
        )
        return max(matching, key=lambda document: document.version)

    def current_version(self, consent_type: ConsentType) -> str:
        return self.current(consent_type, DocumentLanguage.ENGLISH).version


def _documents_of(consent_type: ConsentType, folder: Path) -> Iterator[ConsentDocument]:
    versions = {path.name.split(".")[0] for path in (folder / consent_type).glob("*.md")}
    if not versions:
        raise ConsentTextsUnusableError(f"there is no text of {consent_type} in {folder}")
    for version in sorted(versions):
        for language in DocumentLanguage:
            path = folder / consent_type / f"{version}.{language}.md"
            if not path.is_file():
                raise ConsentTextsUnusableError(f"{path} is missing: a version is shown in every language")
            text = path.read_text("utf-8")
            digest = hashlib.sha256(text.encode()).hexdigest()
            yield ConsentDocument(consent_type, language, version, text, digest)
