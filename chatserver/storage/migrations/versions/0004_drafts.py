"""Whether agents of a site see what visitors write before it is sent. Adds a column; off."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column(
        "sites",
        sa.Column("drafts", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
