from acme_core.retention import PolicyLanguage, RetentionRule
from acme_core.schemas import ResponseBody


class RetentionRuleOut(ResponseBody):
    rule: RetentionRule
    kept_days: int


class RetentionPolicyOut(ResponseBody):
    version: str
    """A digest of what it says, in all languages: another policy has another."""
    language: PolicyLanguage
    text: str
    """Markdown."""
    sha256: str
    """Of the text."""
    rules: list[RetentionRuleOut]
