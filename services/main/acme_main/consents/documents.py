"""The texts that guests consent to, in each language. A changed text is a new version, and asks again."""

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from acme_db.models.user_consent import ConsentType
from acme_main.consents.schemas import DocumentLanguage

_VERSIONS = {ConsentType.BIOMETRIC_PROCESSING: "2026-11"}


@dataclass(frozen=True)
class ConsentDocument:
    consent_type: ConsentType
    language: DocumentLanguage
    version: str
    text: str
    """Markdown."""
    sha256: str


@cache
def current_document(consent_type: ConsentType, language: DocumentLanguage) -> ConsentDocument:
    path = Path(__file__).parent / "texts" / f"{consent_type}.{language}.md"
    text = path.read_text("utf-8")
    digest = hashlib.sha256(text.encode()).hexdigest()
    return ConsentDocument(consent_type, language, _VERSIONS[consent_type], text, digest)
