import hashlib
from typing import Annotated

from fastapi import APIRouter, Depends, Request

from acme_core.retention import PolicyLanguage, RetentionPolicy
from acme_main.privacy.schemas import RetentionPolicyOut, RetentionRuleOut
from acme_web.problems import ValidationFailed, problems

router = APIRouter(prefix="/privacy", tags=["privacy"], responses=problems(ValidationFailed))


async def _policy(request: Request) -> RetentionPolicy:
    policy: RetentionPolicy = request.app.state.retention
    return policy


@router.get("/retention-policy")
async def get_retention_policy(
    policy: Annotated[RetentionPolicy, Depends(_policy)], language: PolicyLanguage = PolicyLanguage.ENGLISH
) -> RetentionPolicyOut:
    """How long what is kept, by the settings that the jobs go by."""
    text = policy.text(language)
    return RetentionPolicyOut(
        version=policy.version,
        language=language,
        text=text,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        rules=[RetentionRuleOut(rule=rule, kept_days=days) for rule, days in policy.days.items()],
    )
