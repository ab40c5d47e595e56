from uuid import UUID

from sqlalchemy import Float, ForeignKey, Index
from sqlalchemy.dialects.postgresql import REAL
from sqlalchemy.orm import Mapped, mapped_column

from acme_core.faces import FaceBox
from acme_db.models.base import Base, CreatedAt, UuidPk


class PhotoFace(Base):
    """A face found in a photo: a box and the key of a private crop. Its vector, if any, is a `FaceVector`."""

    __tablename__ = "photo_faces"
    __table_args__ = (Index("uq_photo_faces_photo_id_ordinal", "photo_id", "ordinal", unique=True),)

    id: Mapped[UuidPk]
    photo_id: Mapped[UUID] = mapped_column(ForeignKey("photos.id", ondelete="CASCADE"))
    project_id: Mapped[UUID] = mapped_column(ForeignKey("projects.id"))
    """The photo's: what a search within the project goes by."""
    ordinal: Mapped[int]
    box_left: Mapped[float] = mapped_column(Float)
    """Of the picture's width, 0..1; likewise the other three."""
    box_top: Mapped[float] = mapped_column(Float)
    box_width: Mapped[float] = mapped_column(Float)
    box_height: Mapped[float] = mapped_column(Float)
    size_px: Mapped[float] = mapped_column(Float)
    """Longer side of the box in the full-size picture."""
    detection_score: Mapped[float] = mapped_column(Float)
    sharpness: Mapped[float] = mapped_column(Float)
    roll: Mapped[float | None] = mapped_column(REAL)
    """Degrees, clockwise positive."""
    yaw: Mapped[float | None] = mapped_column(REAL)
    """Degrees; 0 looks at the camera."""
    crop_key: Mapped[str]
    created_at: Mapped[CreatedAt]

    @property
    def box(self) -> FaceBox:
        return FaceBox(left=self.box_left, top=self.box_top, width=self.box_width, height=self.box_height)
