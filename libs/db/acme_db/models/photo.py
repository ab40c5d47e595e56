from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, Computed, ForeignKey, Index, String, Text, and_, func, text
from sqlalchemy.dialects.postgresql import REAL
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column

from acme_core.faces import Focus, focus_at
from acme_core.photos import RAW_CONTENT_TYPES
from acme_db.models.base import Base, CreatedAt, StorageKey, UuidPk, one_of, text_enum


class PhotoStatus(StrEnum):
    PROCESSING = "processing"
    READY = "ready"
    FAILED = "failed"


class UploadState(StrEnum):
    """Where the file is, told apart from what became of it."""

    ISSUED = "issued"
    UPLOADED = "uploaded"
    VERIFIED = "verified"
    EXPIRED = "expired"


class RecognitionState(StrEnum):
    """Of its own, so that a face outage never hides a photo."""

    PENDING = "pending"
    DONE = "done"
    FAILED = "failed"


def files_version(design: str, blur: str | None) -> str:
    return design if blur is None else f"{design}-{blur}"


IS_RAW = f"content_type IN ({', '.join(repr(name) for name in RAW_CONTENT_TYPES)})"


IS_HELD = "deleted_at IS NULL AND status <> 'failed'"
"""As its index has it: of a parameter, a plan for all values does not know that this serves. Of one digest a
project holds one photo."""


class Photo(Base):
    __tablename__ = "photos"
    __table_args__ = (
        one_of("status", PhotoStatus),
        one_of("upload_state", UploadState),
        one_of("recognition_state", RecognitionState),
        Index(
            "ix_photos_project_id_shown",
            "project_id",
            "uploaded_at",
            "id",
            postgresql_where=text("deleted_at IS NULL"),
        ),
        Index(
            "ix_photos_photographer_id_shown",
            "photographer_id",
            "uploaded_at",
            "id",
            postgresql_where=text("deleted_at IS NULL"),
        ),
        *(
            Index(
                f"ix_photos_{owner}_status",
                owner,
                "status",
                "uploaded_at",
                "id",
                postgresql_where=text("deleted_at IS NULL"),
            )
            for owner in ("project_id", "photographer_id")
        ),
        Index(
            "uq_photos_project_id_sha256",
            "project_id",
            "sha256",
            unique=True,
            postgresql_where=text(IS_HELD),
        ),
        Index("ix_photos_project_id_photographer_id_stem", "project_id", "photographer_id", "stem"),
        Index("ix_photos_raw", "project_id", postgresql_where=text(f"deleted_at IS NULL AND {IS_RAW}")),
        Index("ix_photos_deleted", "project_id", "id", postgresql_where=text("deleted_at IS NOT NULL")),
        Index("ix_photos_issued", "upload_expires_at", postgresql_where=text("upload_state = 'issued'")),
    )

    id: Mapped[UuidPk]
    project_id: Mapped[UUID] = mapped_column(ForeignKey("projects.id"), index=True)
    photographer_id: Mapped[UUID] = mapped_column(ForeignKey("photographers.id"), index=True)
    storage_key: Mapped[StorageKey]
    thumbnail_key: Mapped[str | None] = mapped_column(String(512))
    """400 px on the long side."""
    watermarked_key: Mapped[str | None] = mapped_column(String(512))
    """The full-size branded deliverable."""
    status: Mapped[PhotoStatus] = mapped_column(
        text_enum(PhotoStatus, 20), server_default=text(f"'{PhotoStatus.PROCESSING}'")
    )
    uploaded_at: Mapped[datetime] = mapped_column(server_default=func.now())
    # additions
    created_at: Mapped[CreatedAt]
    preview_key: Mapped[str | None] = mapped_column(String(512))
    """2048 px with a tiled watermark: what is shown before a purchase."""
    filename: Mapped[str] = mapped_column(String(255))
    stem: Mapped[str] = mapped_column(Text, Computed(r"lower(regexp_replace(filename, '\.[^.]*$', ''))"))
    """What the files of one shot have in common: a raw file and its JPEG."""
    content_type: Mapped[str] = mapped_column(String(100))
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str | None] = mapped_column(String(64))
    width: Mapped[int | None]
    """Of the upright picture."""
    height: Mapped[int | None]
    thumbhash: Mapped[str | None] = mapped_column(String(64))
    focus_x: Mapped[float | None] = mapped_column(REAL)
    """Where the faces are, of the picture's width, 0..1: what a square crop keeps in its middle."""
    focus_y: Mapped[float | None] = mapped_column(REAL)
    taken_at: Mapped[datetime | None]
    camera: Mapped[str | None] = mapped_column(String(255))
    lens: Mapped[str | None] = mapped_column(String(255))
    serial_number: Mapped[str | None] = mapped_column(String(255))
    """Of the camera's body."""
    perceptual_hash: Mapped[int | None] = mapped_column(BigInteger)
    """64 bits; pictures of one moment differ in few of them."""
    watermark_version: Mapped[str | None] = mapped_column(String(16))
    """Of the design that its derivatives carry; null = made before designs were."""
    withheld_at: Mapped[datetime | None]
    """No guest is shown it any more: somebody in it has asked for that, and the operator agreed."""
    blur_version: Mapped[str | None] = mapped_column(String(12))
    """Of the faces that are blurred in its derivatives; null = none."""
    cleared_key: Mapped[str | None] = mapped_column(String(512))
    """In full size and without a mark, its faces blurred: in the original's place for who has bought that."""
    upload_state: Mapped[UploadState] = mapped_column(
        text_enum(UploadState, 20), server_default=text(f"'{UploadState.ISSUED}'")
    )
    upload_expires_at: Mapped[datetime]
    recognition_state: Mapped[RecognitionState] = mapped_column(
        text_enum(RecognitionState, 20), server_default=text(f"'{RecognitionState.PENDING}'")
    )
    failure_code: Mapped[str | None] = mapped_column(String(50))
    deleted_at: Mapped[datetime | None]

    @property
    def files_version(self) -> str | None:
        """What its derivatives lie under; null = made before designs were."""
        return (
            None
            if self.watermark_version is None
            else files_version(self.watermark_version, self.blur_version)
        )

    @property
    def clear_key(self) -> str:
        """Of what a buyer of the original gets."""
        return self.cleared_key or self.storage_key

    @property
    def focus(self) -> Focus | None:
        """None where no face was found, or looked for."""
        return focus_at(self.focus_x, self.focus_y)

    @hybrid_property
    def is_retryable(self) -> bool:
        """Failed, but its file is here: it can be worked on again without another upload."""
        return self.status is PhotoStatus.FAILED and self.upload_state is UploadState.VERIFIED

    @is_retryable.inplace.expression
    @classmethod
    def _is_retryable(cls) -> ColumnElement[bool]:
        return and_(cls.status == PhotoStatus.FAILED, cls.upload_state == UploadState.VERIFIED)
