"""Vectors of faces stand apart from the faces, and count their changes

Revision: 0013
Follows: 0012
"""

import sqlalchemy as sa
from pgvector.sqlalchemy import Vector

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

CHANGES = {
    "insert": "REFERENCING NEW TABLE AS changed",
    "update": "REFERENCING NEW TABLE AS changed",
    "delete": "REFERENCING OLD TABLE AS changed",
}
COUNT = (
    "INSERT INTO face_vector_versions (project_id, version) "
    "SELECT DISTINCT project_id, 1 FROM changed ORDER BY project_id "
    "ON CONFLICT (project_id) DO UPDATE SET version = face_vector_versions.version + 1"
)


def upgrade() -> None:
    _add_tables()
    for event, seen in CHANGES.items():
        name = f"count_face_vectors_{event}"
        op.execute(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql "
            f"AS $$ BEGIN {COUNT}; RETURN NULL; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {name} AFTER {event} ON face_vectors {seen} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {name}()"
        )
    # Only the local engine has ever handed vectors out.
    op.execute(
        "INSERT INTO face_vectors (face_id, photo_id, project_id, engine, embedding) "
        "SELECT id, photo_id, project_id, 'dlib-resnet-v1', embedding FROM photo_faces "
        "WHERE embedding IS NOT NULL ORDER BY project_id"
    )
    op.drop_index("ix_photo_faces_indexed", "photo_faces")
    op.drop_column("photo_faces", "embedding")


def _add_tables() -> None:
    op.create_table(
        "face_vectors",
        sa.Column("face_id", sa.Uuid(), nullable=False),
        sa.Column("photo_id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("engine", sa.String(length=40), nullable=False),
        sa.Column("embedding", Vector(128), nullable=False),
        sa.ForeignKeyConstraint(
            ["face_id"],
            ["photo_faces.id"],
            name=op.f("fk_face_vectors_face_id_photo_faces"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["photo_id"], ["photos.id"], name=op.f("fk_face_vectors_photo_id_photos"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name=op.f("fk_face_vectors_project_id_projects")
        ),
        sa.PrimaryKeyConstraint("face_id", name=op.f("pk_face_vectors")),
    )
    op.create_index(op.f("ix_face_vectors_photo_id"), "face_vectors", ["photo_id"])
    op.create_index(op.f("ix_face_vectors_project_id"), "face_vectors", ["project_id"])
    op.create_table(
        "face_vector_versions",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name=op.f("fk_face_vector_versions_project_id_projects")
        ),
        sa.PrimaryKeyConstraint("project_id", name=op.f("pk_face_vector_versions")),
    )


def downgrade() -> None:
    op.add_column("photo_faces", sa.Column("embedding", Vector(128), nullable=True))
    op.execute(
        "UPDATE photo_faces SET embedding = face_vectors.embedding "
        "FROM face_vectors WHERE face_vectors.face_id = photo_faces.id"
    )
    op.create_index(
        "ix_photo_faces_indexed",
        "photo_faces",
        ["project_id"],
        postgresql_where=sa.text("embedding IS NOT NULL"),
    )
    op.drop_table("face_vectors")
    op.drop_table("face_vector_versions")
    for event in CHANGES:
        op.execute(f"DROP FUNCTION count_face_vectors_{event}()")
