"""Faces: pose, what late guests are searched by, and where photos may be cropped

Revision: 0008
Follows: 0007
"""

import sqlalchemy as sa
from pgvector.sqlalchemy import Vector

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("photo_faces", sa.Column("roll", sa.REAL(), nullable=True))
    op.add_column("photo_faces", sa.Column("yaw", sa.REAL(), nullable=True))
    op.add_column("photo_faces", sa.Column("project_id", sa.Uuid(), nullable=True))
    op.execute(
        "UPDATE photo_faces SET project_id = photos.project_id "
        "FROM photos WHERE photos.id = photo_faces.photo_id"
    )
    op.alter_column("photo_faces", "project_id", nullable=False)
    op.create_foreign_key(
        op.f("fk_photo_faces_project_id_projects"), "photo_faces", "projects", ["project_id"], ["id"]
    )
    op.create_index(
        "ix_photo_faces_indexed",
        "photo_faces",
        ["project_id"],
        postgresql_where=sa.text("embedding IS NOT NULL"),
    )
    op.add_column("photos", sa.Column("focus_x", sa.REAL(), nullable=True))
    op.add_column("photos", sa.Column("focus_y", sa.REAL(), nullable=True))
    op.add_column("projects", sa.Column("face_index_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("projects", sa.Column("face_index_by", sa.Uuid(), nullable=True))
    op.add_column("projects", sa.Column("face_index_attestation", sa.Text(), nullable=True))
    op.add_column("project_members", sa.Column("backfill_templates", sa.String(length=64), nullable=True))
    op.add_column("project_members", sa.Column("backfill_before", sa.DateTime(timezone=True), nullable=True))
    op.add_column("project_members", sa.Column("backfill_before_id", sa.Uuid(), nullable=True))
    op.create_table(
        "face_templates",
        sa.Column("face_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("embedding", Vector(128), nullable=False),
        sa.Column("engine", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["face_id"],
            ["photo_faces.id"],
            name=op.f("fk_face_templates_face_id_photo_faces"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name=op.f("fk_face_templates_project_id_projects")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_face_templates_user_id_users")),
        sa.PrimaryKeyConstraint("face_id", name=op.f("pk_face_templates")),
    )
    op.create_index(op.f("ix_face_templates_user_id"), "face_templates", ["user_id"])
    op.create_index(op.f("ix_face_templates_project_id"), "face_templates", ["project_id"])


def downgrade() -> None:
    op.drop_table("face_templates")
    for column in ("backfill_before_id", "backfill_before", "backfill_templates"):
        op.drop_column("project_members", column)
    for column in ("face_index_attestation", "face_index_by", "face_index_at"):
        op.drop_column("projects", column)
    op.drop_column("photos", "focus_y")
    op.drop_column("photos", "focus_x")
    op.drop_index("ix_photo_faces_indexed", "photo_faces")
    for column in ("project_id", "yaw", "roll"):
        op.drop_column("photo_faces", column)
