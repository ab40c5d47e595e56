"""What is shown is kept first: a consent stays provable after its text has left the disk."""

from acme_db.engine import SessionFactory
from acme_db.unit_of_work import unit_of_work
from acme_main.consents import queries
from acme_main.consents.documents import ConsentTexts, ConsentTextsUnusableError


async def publish(sessions: SessionFactory, texts: ConsentTexts) -> None:
    """Raises `ConsentTextsUnusableError` where a text was changed under a published version."""
    async with unit_of_work(sessions) as session:
        await queries.add_documents(session, texts.documents)
        published = await queries.published_digests(session)
    for document in texts.documents:
        known = published[document.consent_type, document.version, document.language]
        if known != document.sha256:
            name = f"{document.consent_type}/{document.version}.{document.language}.md"
            raise ConsentTextsUnusableError(f"{name} is published and may not change: name a new version")
