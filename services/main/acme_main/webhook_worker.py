"""`python -m acme_main.webhook_worker`: tells operators' software what happened.

A process and a queue of their own: an endpoint that takes its time keeps no mail and no payment waiting,
and a network that may reach nothing but the outside needs to be drawn around this process only.
"""

import asyncio
from dataclasses import replace

from acme_config.jobs import QueueName
from acme_jobs import catalogue
from acme_jobs.runner import handler
from acme_jobs.worker import WorkerPlan, run_worker
from acme_main.jobs.webhooks import WebhookJobs
from acme_main.settings import WebhookWorkerSettings
from acme_telemetry.observed import observed_worker
from acme_web.resources import open_data
from acme_webhooks.secrets import SecretBox
from acme_webhooks.sending import WebhookSender
from acme_webhooks.targets import TargetPolicy


def plan(jobs: WebhookJobs, concurrency: int) -> WorkerPlan:
    return WorkerPlan(
        queue=QueueName.WEBHOOKS,
        handlers=[
            handler(catalogue.DELIVER_WEBHOOK, jobs.deliver_webhook, jobs.give_up),
            handler(catalogue.REPLAY_WEBHOOKS, jobs.replay_webhooks),
        ],
        concurrency=concurrency,
    )


async def work(settings: WebhookWorkerSettings) -> None:
    policy = TargetPolicy(is_open=settings.platform.environment.is_local)
    delivery = settings.delivery
    async with (
        open_data(settings.database, settings.redis, name="worker-webhooks") as data,
        WebhookSender(policy, delivery.timeout_s, delivery.concurrency) as sender,
    ):
        jobs = WebhookJobs(data.sessions, sender, SecretBox(settings.secrets), delivery)
        alive = replace(plan(jobs, delivery.concurrency), alive_file=settings.worker.alive_file)
        await run_worker(alive, data.redis, data.sessions)


def main() -> None:
    with observed_worker("acme-worker-webhooks"):
        asyncio.run(work(WebhookWorkerSettings()))


if __name__ == "__main__":
    main()
