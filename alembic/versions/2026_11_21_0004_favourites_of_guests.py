"""Favourites of guests

Revision: 0004
Follows: 0003
"""

import sqlalchemy as sa

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "favourites",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("photo_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["photo_id"], ["photos.id"], name=op.f("fk_favourites_photo_id_photos"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_favourites_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "photo_id", name=op.f("pk_favourites")),
    )
    op.create_index(op.f("ix_favourites_photo_id"), "favourites", ["photo_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_favourites_photo_id"), table_name="favourites")
    op.drop_table("favourites")
