"""A project's scores, and the raw files among its photos, are counted by their own indexes

Revision: 0014
Follows: 0013
"""

import sqlalchemy as sa

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

RAW = (
    "('image/x-canon-cr2', 'image/x-canon-cr3', 'image/x-nikon-nef', "
    "'image/x-sony-arw', 'image/x-adobe-dng', 'image/x-fuji-raf')"
)


def upgrade() -> None:
    op.add_column("match_scores", sa.Column("project_id", sa.Uuid(), nullable=True))
    op.execute("UPDATE match_scores s SET project_id = p.project_id FROM photos p WHERE p.id = s.photo_id")
    op.alter_column("match_scores", "project_id", nullable=False)
    op.execute(
        "CREATE TRIGGER set_score_project BEFORE INSERT ON match_scores "
        "FOR EACH ROW EXECUTE FUNCTION set_tag_project()"
    )
    op.create_index(
        "ix_match_scores_project_id",
        "match_scores",
        ["project_id"],
        postgresql_include=["photo_id", "user_id", "confidence", "is_capped"],
    )
    op.create_index(
        "ix_photo_tags_decided",
        "photo_tags",
        ["project_id"],
        postgresql_include=["photo_id", "user_id", "review_status"],
        postgresql_where=sa.text("reviewed_at IS NOT NULL"),
    )
    op.create_index(
        "ix_photos_deleted",
        "photos",
        ["project_id", "id"],
        postgresql_where=sa.text("deleted_at IS NOT NULL"),
    )
    op.create_index(
        "ix_photos_raw",
        "photos",
        ["project_id"],
        postgresql_where=sa.text(f"deleted_at IS NULL AND content_type IN {RAW}"),
    )


def downgrade() -> None:
    op.drop_index("ix_photos_raw", "photos")
    op.drop_index("ix_photos_deleted", "photos")
    op.drop_index("ix_photo_tags_decided", "photo_tags")
    op.drop_index("ix_match_scores_project_id", "match_scores")
    op.execute("DROP TRIGGER set_score_project ON match_scores")
    op.drop_column("match_scores", "project_id")
