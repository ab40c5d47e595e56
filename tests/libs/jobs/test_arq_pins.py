"""What our worker relies on in arq beside its documented interface.

One of these failing means: arq changed there. Read the change against `acme_jobs.batching`, follow it where
it matters, and only then write the new digest down.
"""

import hashlib
import inspect
from collections.abc import Callable
from importlib.metadata import version
from importlib.resources import files
from typing import Any

import pytest
from arq import constants, jobs
from arq.connections import ArqRedis
from arq.utils import poll
from arq.worker import Worker

from acme_jobs.batching.scripts import TRIES_KEPT_S

CALLED = {
    Worker.__init__: "edfb0cd7e05e77cf",
    Worker.main: "45ca1591c9717466",
    Worker._cancel_aborted_jobs: "54575eaf8682f95b",
    Worker._jobs_started: "c5643370c110c7cd",
    Worker.heart_beat: "2e9959bea66dc551",
    Worker.run_cron: "7d2d3784e6567fb2",
    Worker.record_health: "108f4b8686c9402d",
    Worker.handle_sig: "985ff7ba01aa8f04",
    Worker.handle_sig_wait_for_completion: "8f161d86834cc74e",
    Worker._wait_for_tasks_to_complete: "c186389a00b11500",
    Worker.close: "5bcc9cb356680829",
    jobs.serialize_job: "1fc854cc50e16e5c",
    jobs.deserialize_job_raw: "f330dfaff8e2160f",
    poll: "d8cc8542a1ab2bc3",
}
REWRITTEN = {
    Worker._poll_iteration: "f8d39d823a0a59f2",
    Worker.start_jobs: "b45797cfa40bed7f",
    Worker.run_job: "589a19059ff84ee7",
    Worker.finish_job: "903f09c92830d3fd",
    Worker.finish_failed_job: "3e16087f318a7acf",
    ArqRedis.enqueue_job: "7da8706a747c1171",
}


def test_the_version_is_the_one_that_was_read() -> None:
    assert version("arq").startswith("0.28."), "read the changes of arq against acme_jobs.batching"


@pytest.mark.parametrize("function", CALLED | REWRITTEN, ids=lambda function: function.__qualname__)
def test_arq_is_as_it_was_read(function: Callable[..., Any]) -> None:
    digest = hashlib.sha256(inspect.getsource(function).encode()).hexdigest()[:16]
    use = "is called" if function in CALLED else "is done otherwise"
    told = f"arq's {function.__qualname__}, which {use} by acme_jobs.batching, has changed: read it"
    assert digest == (CALLED | REWRITTEN)[function], told


def test_the_scripts_use_arqs_keys() -> None:
    assert (constants.job_key_prefix, constants.result_key_prefix) == ("arq:job:", "arq:result:")
    assert (constants.in_progress_key_prefix, constants.retry_key_prefix) == (
        "arq:in-progress:",
        "arq:retry:",
    )
    assert constants.abort_jobs_ss == "arq:abort"
    assert str(TRIES_KEPT_S) in inspect.getsource(Worker.run_job)


def test_the_scripts_name_no_other_keys() -> None:
    known = {"arq:job:", "arq:result:", "arq:in-progress:", "arq:retry:", "arq:abort"}
    package = files("acme_jobs.batching")
    for name in ("push", "claim", "renew", "finish"):
        words = package.joinpath(f"{name}.lua").read_text().split("'")[1::2]
        assert {word for word in words if word.startswith("arq")} <= known
