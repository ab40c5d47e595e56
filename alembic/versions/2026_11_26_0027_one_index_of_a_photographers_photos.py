"""A photographer's photos have one index: the other was the beginning of it

Revision: 0027
Follows: 0025
"""

from acme_db.online import create_index_online, drop_index_online

revision = "0027"
down_revision = "0025"
branch_labels = None
depends_on = None

NEEDLESS = "ix_photos_photographer_id"
"""`ix_photos_photographer_id_uploaded_at_id` begins with the same column, and holds every photo too."""


def upgrade() -> None:
    drop_index_online(NEEDLESS)


def downgrade() -> None:
    create_index_online(NEEDLESS, "photos", ["photographer_id"])
