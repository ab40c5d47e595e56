"""What the server made of the photos after it had them: some turn out not to be pictures."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace

from acme_standalone.upload.client import MediaApi
from acme_standalone.upload.report import Outcome, Report, State

LOOK_EVERY_S = 1.0


async def wait_for_verdicts(
    api: MediaApi, report: Report, tell: Callable[[Outcome], None], wait_s: float
) -> bool:
    """Adds to the report, and tells, what failed. False when the time was over before all were processed.

    The newest are processed last: while one of ours is among those, it is not over.
    Raises `RefusedError`, `UnreachableError`.
    """
    ours = {outcome.photo_id: outcome for outcome in report.outcomes.values() if outcome.photo_id}
    deadline = time.monotonic() + wait_s
    while is_busy := any(photo["id"] in ours for photo in await api.newest("processing")):
        if time.monotonic() >= deadline:
            break
        await asyncio.sleep(LOOK_EVERY_S)
    async for photo in api.failed():
        outcome = ours.get(photo["id"])
        if outcome is not None and outcome.state is not State.FAILED:
            failed = replace(outcome, state=State.FAILED, note=str(photo["failure_code"]))
            report.add(failed)
            tell(failed)
    return not is_busy
