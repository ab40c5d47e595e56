"""Old webhooks are found, to be removed

Revision: 0021
Follows: 0020
"""

from acme_db.online import create_index_online, drop_index_online

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_index_online("ix_stripe_events_received_at", "stripe_events", ["received_at"])


def downgrade() -> None:
    drop_index_online("ix_stripe_events_received_at")
