"""`python -m acme_media.worker images|faces`."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import boto3
from botocore.config import Config

from acme_config.jobs import JobName, QueueName
from acme_config.settings import FaceEngineName, FaceSettings
from acme_core.retention import RetentionPolicy
from acme_jobs import catalogue
from acme_jobs.runner import handler
from acme_jobs.worker import Periodic, Times, WorkerPlan, run_worker
from acme_media.faces.engine import FaceEngine
from acme_media.faces.looking import look_at
from acme_media.faces.matching import Bands
from acme_media.faces.rekognition import RekognitionEngine
from acme_media.jobs.backfill import BackfillJobs
from acme_media.jobs.collections import CollectionJobs
from acme_media.jobs.context import JobContext
from acme_media.jobs.derivatives import DerivativeJobs
from acme_media.jobs.erasure import ErasureJobs
from acme_media.jobs.learning import LearningJobs
from acme_media.jobs.lookalikes import Lookalikes
from acme_media.jobs.metering import JobMeter, metered
from acme_media.jobs.old_faces import OldFaceJobs
from acme_media.jobs.pace import SharedPace
from acme_media.jobs.recognition import RecognitionJobs
from acme_media.jobs.reconcile import ReconcileJobs
from acme_media.jobs.selfies import SelfieJobs
from acme_media.jobs.shadow import ShadowJobs, no_shadow, shadowed
from acme_media.jobs.shadow_templates import ShadowTemplates
from acme_media.jobs.sweep import SweepJobs
from acme_media.jobs.template_store import DatabaseTemplates
from acme_media.jobs.watermarks import WatermarkJobs
from acme_media.settings import MediaWorkerSettings
from acme_storage.gateway import ObjectStorage
from acme_telemetry.observed import observed_worker
from acme_web.resources import DataResources, open_data

PROVIDER_CONNECT_S = 5.0
PROVIDER_ANSWER_S = 30.0
SWEEP_TIMES = Times(seconds=frozenset(range(0, 60, 15)))
NIGHTLY = Times(hours=frozenset({3}), minutes=frozenset({17}))
LATER_AT_NIGHT = Times(hours=frozenset({3}), minutes=frozenset({47}))


def build_engine(name: FaceEngineName, provider: RekognitionEngine, context: JobContext) -> FaceEngine:
    match name:
        case FaceEngineName.LOCAL:
            from acme_media.faces.local_engine import LocalEngine

            return LocalEngine(DatabaseTemplates(context.sessions))
        case FaceEngineName.REKOGNITION:
            return provider


def build_provider(settings: FaceSettings, context: JobContext) -> RekognitionEngine:
    """Calls nobody by itself, and needs credentials only when it does."""
    client = boto3.client(
        "rekognition",
        region_name=settings.aws_region,
        endpoint_url=settings.rekognition_endpoint_url,
        # One try at a time: the engine's own tries keep to the quota and are counted.
        config=Config(
            retries={"total_max_attempts": 1},
            connect_timeout=PROVIDER_CONNECT_S,
            read_timeout=PROVIDER_ANSWER_S,
        ),
    )
    pace = SharedPace(context.redis, settings.rekognition_calls_per_s) if context.redis else None
    return RekognitionEngine(client, pace, JobMeter())


def build_shadow(
    settings: FaceSettings, provider: RekognitionEngine, context: JobContext, primary: FaceEngine
) -> ShadowJobs | None:
    if settings.shadow_engine is None:
        return None
    shadow = build_engine(settings.shadow_engine, provider, context)
    templates = ShadowTemplates(context, shadow, settings.shadow_engine)
    return ShadowJobs(context, primary, shadow, templates, _bands(settings))


def plan_images(settings: MediaWorkerSettings, context: JobContext) -> WorkerPlan:
    derivatives, sweep = DerivativeJobs(context), SweepJobs(context)
    watermarks = WatermarkJobs(context)
    return WorkerPlan(
        queue=QueueName.IMAGES,
        handlers=[
            handler(
                catalogue.GENERATE_THUMBNAIL,
                derivatives.generate_thumbnail,
                derivatives.give_up,
                derivatives.revive,
            ),
            handler(
                catalogue.GENERATE_WATERMARK,
                derivatives.generate_watermark,
                derivatives.give_up,
                derivatives.revive,
            ),
            handler(catalogue.PURGE_PHOTO, derivatives.purge_photo),
            handler(catalogue.PURGE_DERIVATIVES, watermarks.purge_derivatives),
            handler(catalogue.BLUR_PHOTO, watermarks.blur_photo),
            handler(catalogue.RENEW_WATERMARKS, watermarks.renew_watermarks),
        ],
        periodic=[Periodic(JobName.SWEEP_UPLOADS, SWEEP_TIMES, sweep.sweep_uploads)],
        concurrency=_concurrency(settings),
        alive_file=settings.worker.alive_file,
    )


def plan_faces(settings: MediaWorkerSettings, context: JobContext) -> WorkerPlan:
    provider = build_provider(settings.faces, context)
    engine = build_engine(settings.faces.engine, provider, context)
    shadow = build_shadow(settings.faces, provider, context, engine)
    in_use = provider if FaceEngineName.REKOGNITION in settings.faces.engines else None
    recognition = RecognitionJobs(context, engine, _bands(settings.faces))
    selfies, erasure = SelfieJobs(context, engine), ErasureJobs(context, provider)
    lookalikes = Lookalikes(context, engine, settings.faces.confirm_confidence)
    backfill = BackfillJobs(context, engine, recognition, lookalikes=lookalikes)
    learning = LearningJobs(context, engine)
    collections = CollectionJobs(context, in_use, is_primary=engine is provider)
    reconcile = ReconcileJobs(context, in_use)
    policy = RetentionPolicy.of(settings.retention, settings.consents, settings.jobs, settings.webhook_log)
    old_faces = OldFaceJobs(context, policy)
    recognize = (
        recognition.recognize_faces if shadow is None else shadowed(context, recognition.recognize_faces)
    )
    return WorkerPlan(
        queue=QueueName.FACES,
        handlers=[
            handler(
                catalogue.RECOGNIZE_FACES,
                metered(context, recognize),
                recognition.give_up,
                recognition.revive,
            ),
            handler(catalogue.PROCESS_SELFIE, metered(context, selfies.process_selfie), selfies.give_up),
            handler(
                catalogue.BACKFILL_MATCHES, metered(context, backfill.backfill_matches), backfill.give_up
            ),
            handler(catalogue.REMATCH_PROJECT, metered(context, backfill.rematch_project)),
            handler(catalogue.LEARN_FACES, metered(context, learning.learn_faces)),
            handler(catalogue.INDEX_FACES, learning.index_faces),
            handler(catalogue.SHADOW_FACES, metered(context, shadow.shadow_faces if shadow else no_shadow)),
            handler(catalogue.SETTLE_COLLECTION, collections.settle_collection),
            handler(catalogue.PURGE_BIOMETRICS, erasure.purge_biometrics),
        ],
        checks={"faces": lambda: look_at(engine)},
        periodic=[
            Periodic(JobName.RECONCILE_FACES, NIGHTLY, reconcile.reconcile_faces, timeout_s=3600),
            Periodic(JobName.ERASE_OLD_FACES, LATER_AT_NIGHT, old_faces.erase_old_faces, timeout_s=3600),
        ],
        concurrency=_concurrency(settings),
        alive_file=settings.worker.alive_file,
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
        yield data, JobContext(data.sessions, ObjectStorage(settings.storage), settings.uploads, data.redis)


async def work(settings: MediaWorkerSettings, kind: str) -> None:
    async with open_context(settings, f"worker-{kind}") as (data, context):
        await run_worker(PLANS[kind](settings, context), data.redis, data.sessions)


def _bands(settings: FaceSettings) -> Bands:
    return Bands(settings.confirm_confidence, settings.review_confidence)


def _concurrency(settings: MediaWorkerSettings) -> int:
    return settings.worker.concurrency or os.cpu_count() or 1


def main() -> None:
    if len(sys.argv) != 2 or sys.argv[1] not in PLANS:  # noqa: PLR2004 - the one argument
        raise SystemExit(f"usage: python -m acme_media.worker {'|'.join(PLANS)}")
    with observed_worker(f"acme-worker-{sys.argv[1]}"):
        asyncio.run(work(MediaWorkerSettings(), sys.argv[1]))


if __name__ == "__main__":
    main()
