"""How long what is kept: one list for the jobs, for the simulator, and for what the public is told."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Final, Self

from acme_config.settings import ConsentSettings, JobSettings, RetentionSettings, WebhookLogSettings

TEXTS: Final = Path(__file__).parent / "texts"


class RetentionRule(StrEnum):
    EVENT_FACES = "event_faces"
    INACTIVE_GUESTS = "inactive_guests"
    UNANSWERED_CONSENTS = "unanswered_consents"
    ARCHIVES = "archives"
    ADDRESSES = "addresses"
    RECIPIENTS = "recipients"
    DONE_JOBS = "done_jobs"
    FAILED_JOBS = "failed_jobs"
    WEBHOOK_LOG = "webhook_log"
    STRIPE_EVENTS = "stripe_events"


class PolicyLanguage(StrEnum):
    ENGLISH = "en"
    GERMAN = "de"


@dataclass(frozen=True)
class RetentionPolicy:
    days: Mapping[RetentionRule, int]

    @classmethod
    def of(
        cls,
        retention: RetentionSettings,
        consents: ConsentSettings,
        jobs: JobSettings,
        webhook_log: WebhookLogSettings,
    ) -> Self:
        return cls(
            {
                RetentionRule.EVENT_FACES: retention.event_faces_days,
                RetentionRule.INACTIVE_GUESTS: retention.inactive_days,
                RetentionRule.UNANSWERED_CONSENTS: consents.answer_days,
                RetentionRule.ARCHIVES: retention.archives_days,
                RetentionRule.ADDRESSES: retention.addresses_days,
                RetentionRule.RECIPIENTS: retention.recipients_days,
                RetentionRule.DONE_JOBS: jobs.done_kept_days,
                RetentionRule.FAILED_JOBS: jobs.failed_kept_days,
                RetentionRule.WEBHOOK_LOG: webhook_log.kept_days,
                RetentionRule.STRIPE_EVENTS: jobs.stripe_events_kept_days,
            }
        )

    @classmethod
    def from_environment(cls) -> Self:
        return cls.of(RetentionSettings(), ConsentSettings(), JobSettings(), WebhookLogSettings())

    def kept(self, rule: RetentionRule) -> timedelta:
        return timedelta(days=self.days[rule])

    def text(self, language: PolicyLanguage) -> str:
        """Markdown."""
        source = (TEXTS / f"retention.{language}.md").read_text("utf-8")
        return source.format_map({str(rule): days for rule, days in self.days.items()})

    @property
    def version(self) -> str:
        """Changes with every word and every number, in whichever language."""
        told = json.dumps([self.text(language) for language in PolicyLanguage])
        return hashlib.sha256(told.encode()).hexdigest()
