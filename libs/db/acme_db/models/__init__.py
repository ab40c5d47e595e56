"""Every table, one file per entity. Importing this package fills `Base.metadata`."""

from acme_db.models.audit_event import AuditAction, AuditEvent
from acme_db.models.auth_session import AuthSession, RefreshToken
from acme_db.models.base import Base
from acme_db.models.consent_document import ConsentDocument
from acme_db.models.erasure_receipt import ErasureCause, ErasureReceipt, ErasureState
from acme_db.models.face_call import FaceCall
from acme_db.models.face_template import FaceTemplate
from acme_db.models.face_vector import FaceVector, FaceVectorVersion
from acme_db.models.favourite import Favourite
from acme_db.models.figure import Figure, FigureKind, FigureMark, FigureTotal
from acme_db.models.hide_request import HideKind, HideRequest, HideState
from acme_db.models.match_score import MatchScore
from acme_db.models.one_time_token import OneTimeToken, TokenPurpose
from acme_db.models.operator import Operator
from acme_db.models.outbox_job import JobState, OutboxJob
from acme_db.models.package import Deliverable, Package
from acme_db.models.photo import Photo, PhotoStatus, RecognitionState, UploadState
from acme_db.models.photo_face import PhotoFace
from acme_db.models.photo_tag import PhotoTag, ReviewStatus, TagSource
from acme_db.models.photographer import Photographer
from acme_db.models.project import Project
from acme_db.models.project_coach import ProjectCoach
from acme_db.models.project_member import BackfillState, ProjectMember
from acme_db.models.project_package import ProjectPackage
from acme_db.models.project_photographer import ProjectPhotographer
from acme_db.models.provider_face import ProviderFace
from acme_db.models.purchase import Purchase, PurchaseStatus
from acme_db.models.purchase_archive import ArchiveState, PurchaseArchive
from acme_db.models.purchase_photo import PurchasePhoto
from acme_db.models.qr_token import QrToken, QrTokenKind
from acme_db.models.refund_request import RefundRequest
from acme_db.models.second_factor import RecoveryCode, SecondFactor
from acme_db.models.selfie import Selfie, SelfieStatus
from acme_db.models.selfie_conflict import SelfieConflict
from acme_db.models.shadow_result import ShadowResult
from acme_db.models.stripe_event import StripeEvent
from acme_db.models.superadmin import Superadmin
from acme_db.models.user import User
from acme_db.models.user_consent import ConsentType, UserConsent
from acme_db.models.watermark import Watermark
from acme_db.models.webhook_delivery import WebhookAttempt, WebhookDelivery, WebhookDeliveryState
from acme_db.models.webhook_endpoint import (
    WebhookDisabledReason,
    WebhookEndpoint,
    WebhookEvent,
    WebhookSubscription,
)

__all__ = [
    "ArchiveState",
    "AuditAction",
    "AuditEvent",
    "AuthSession",
    "BackfillState",
    "Base",
    "ConsentDocument",
    "ConsentType",
    "Deliverable",
    "ErasureCause",
    "ErasureReceipt",
    "ErasureState",
    "FaceCall",
    "FaceTemplate",
    "FaceVector",
    "FaceVectorVersion",
    "Favourite",
    "Figure",
    "FigureKind",
    "FigureMark",
    "FigureTotal",
    "HideKind",
    "HideRequest",
    "HideState",
    "JobState",
    "MatchScore",
    "OneTimeToken",
    "Operator",
    "OutboxJob",
    "Package",
    "Photo",
    "PhotoFace",
    "PhotoStatus",
    "PhotoTag",
    "Photographer",
    "Project",
    "ProjectCoach",
    "ProjectMember",
    "ProjectPackage",
    "ProjectPhotographer",
    "ProviderFace",
    "Purchase",
    "PurchaseArchive",
    "PurchasePhoto",
    "PurchaseStatus",
    "QrToken",
    "QrTokenKind",
    "RecognitionState",
    "RecoveryCode",
    "RefreshToken",
    "RefundRequest",
    "ReviewStatus",
    "SecondFactor",
    "Selfie",
    "SelfieConflict",
    "SelfieStatus",
    "ShadowResult",
    "StripeEvent",
    "Superadmin",
    "TagSource",
    "TokenPurpose",
    "UploadState",
    "User",
    "UserConsent",
    "Watermark",
    "WebhookAttempt",
    "WebhookDelivery",
    "WebhookDeliveryState",
    "WebhookDisabledReason",
    "WebhookEndpoint",
    "WebhookEvent",
    "WebhookSubscription",
]
