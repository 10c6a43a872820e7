"""Which team has it is not named to its sender once somebody has passed it on"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Named: the team that took it in, the sender's own choice, what the router found, and a desk."""
    op.add_column(
        "referral", sa.Column("owner_named", sa.Boolean(), server_default=sa.text("true"), nullable=False)
    )
    op.execute(
        """
        update referral set owner_named = false
        where routing_state <> 'unrouted'
          and (owner_team_id <> received_team_id or discreet)
          and service_id is distinct from target_service_id
          and exists (
            select 1 from move
            where move.referral_id = referral.id and act in ('route', 'redirect') and by_kind <> 'system'
          )
        """
    )


def downgrade() -> None:
    """Every team is named again."""
    op.drop_column("referral", "owner_named")
