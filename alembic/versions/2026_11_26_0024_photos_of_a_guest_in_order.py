"""The photos of a guest in an event, in their order

Revision: 0024
Follows: 0023
"""

from acme_db.online import create_index_online, drop_index_online

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

COLUMNS = ["user_id", "project_id", "review_status", "photo_uploaded_at", "photo_id"]


def upgrade() -> None:
    create_index_online("ix_photo_tags_seen", "photo_tags", COLUMNS)


def downgrade() -> None:
    drop_index_online("ix_photo_tags_seen")
