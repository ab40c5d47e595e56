"""`python -m acme_media.worker images|faces`."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import boto3

from acme_config.jobs import JobName, QueueName
from acme_config.settings import FaceEngineName, FaceSettings
from acme_core.logs import configure_logging
from acme_jobs import catalogue
from acme_jobs.runner import handler
from acme_jobs.worker import Periodic, Times, WorkerPlan, run_worker
from acme_media.faces.engine import FaceEngine
from acme_media.faces.matching import Bands
from acme_media.jobs.backfill import BackfillJobs
from acme_media.jobs.context import JobContext
from acme_media.jobs.derivatives import DerivativeJobs
from acme_media.jobs.erasure import ErasureJobs
from acme_media.jobs.learning import LearningJobs
from acme_media.jobs.recognition import RecognitionJobs
from acme_media.jobs.reconcile import ReconcileJobs
from acme_media.jobs.selfies import SelfieJobs
from acme_media.jobs.sweep import SweepJobs
from acme_media.jobs.template_store import DatabaseTemplates
from acme_media.jobs.watermarks import WatermarkJobs
from acme_media.settings import MediaWorkerSettings
from acme_storage.gateway import ObjectStorage
from acme_web.resources import DataResources, open_data

SWEEP_TIMES = Times(seconds=frozenset(range(0, 60, 15)))
NIGHTLY = Times(hours=frozenset({3}), minutes=frozenset({17}))


def build_engine(settings: FaceSettings, context: JobContext) -> FaceEngine:
    match settings.engine:
        case FaceEngineName.LOCAL:
            from acme_media.faces.local_engine import LocalEngine

            return LocalEngine(DatabaseTemplates(context.sessions))
        case FaceEngineName.REKOGNITION:
            from acme_media.faces.rekognition import RekognitionEngine

            return RekognitionEngine(
                boto3.client(
                    "rekognition",
                    region_name=settings.aws_region,
                    endpoint_url=settings.rekognition_endpoint_url,
                )
            )


def plan_images(settings: MediaWorkerSettings, context: JobContext) -> WorkerPlan:
    derivatives, sweep = DerivativeJobs(context), SweepJobs(context)
    watermarks = WatermarkJobs(context)
    return WorkerPlan(
        queue=QueueName.IMAGES,
        handlers=[
            handler(catalogue.GENERATE_THUMBNAIL, derivatives.generate_thumbnail, derivatives.give_up),
            handler(catalogue.GENERATE_WATERMARK, derivatives.generate_watermark, derivatives.give_up),
            handler(catalogue.PURGE_PHOTO, derivatives.purge_photo),
            handler(catalogue.PURGE_DERIVATIVES, watermarks.purge_derivatives),
            handler(catalogue.RENEW_WATERMARKS, watermarks.renew_watermarks),
        ],
        periodic=[Periodic(JobName.SWEEP_UPLOADS, SWEEP_TIMES, sweep.sweep_uploads)],
        concurrency=_concurrency(settings),
    )


def plan_faces(settings: MediaWorkerSettings, context: JobContext) -> WorkerPlan:
    engine = build_engine(settings.faces, context)
    bands = Bands(settings.faces.confirm_confidence, settings.faces.review_confidence)
    recognition = RecognitionJobs(context, engine, bands)
    selfies, erasure = SelfieJobs(context, engine), ErasureJobs(context, engine)
    backfill = BackfillJobs(context, engine, recognition)
    learning = LearningJobs(context, engine)
    reconcile = ReconcileJobs(context, engine)
    return WorkerPlan(
        queue=QueueName.FACES,
        handlers=[
            handler(catalogue.RECOGNIZE_FACES, recognition.recognize_faces, recognition.give_up),
            handler(catalogue.PROCESS_SELFIE, selfies.process_selfie, selfies.give_up),
            handler(catalogue.BACKFILL_MATCHES, backfill.backfill_matches, backfill.give_up),
            handler(catalogue.REMATCH_PROJECT, backfill.rematch_project),
            handler(catalogue.LEARN_FACES, learning.learn_faces),
            handler(catalogue.INDEX_FACES, learning.index_faces),
            handler(catalogue.PURGE_BIOMETRICS, erasure.purge_biometrics),
        ],
        periodic=[Periodic(JobName.RECONCILE_FACES, NIGHTLY, reconcile.reconcile_faces, timeout_s=3600)],
        concurrency=_concurrency(settings),
    )


PLANS: dict[str, Callable[[MediaWorkerSettings, JobContext], WorkerPlan]] = {
    "images": plan_images,
    "faces": plan_faces,
}


@asynccontextmanager
async def open_context(
    settings: MediaWorkerSettings, name: str
) -> AsyncIterator[tuple[DataResources, JobContext]]:
    async with open_data(settings.database, settings.redis, name=name) as data:
        yield data, JobContext(data.sessions, ObjectStorage(settings.storage), settings.uploads)


async def work(settings: MediaWorkerSettings, kind: str) -> None:
    async with open_context(settings, f"worker-{kind}") as (data, context):
        await run_worker(PLANS[kind](settings, context), data.redis, data.sessions)


def _concurrency(settings: MediaWorkerSettings) -> int:
    return settings.worker.concurrency or os.cpu_count() or 1


def main() -> None:
    if len(sys.argv) != 2 or sys.argv[1] not in PLANS:  # noqa: PLR2004 - the one argument
        raise SystemExit(f"usage: python -m acme_media.worker {'|'.join(PLANS)}")
    settings = MediaWorkerSettings()
    configure_logging(level=settings.platform.log_level, as_json=settings.platform.log_json)
    asyncio.run(work(settings, sys.argv[1]))


if __name__ == "__main__":
    main()
