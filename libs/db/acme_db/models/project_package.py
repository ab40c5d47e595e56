from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from acme_db.models.base import Base


class ProjectPackage(Base):
    """A package on sale in a project."""

    __tablename__ = "project_packages"

    project_id: Mapped[UUID] = mapped_column(ForeignKey("projects.id"), primary_key=True)
    package_id: Mapped[UUID] = mapped_column(ForeignKey("packages.id"), primary_key=True, index=True)
