"""The photos of agents. Adds a table."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "agent_photos",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("workspace_id", sa.String(length=64), nullable=False),
        sa.Column("agent_id", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_agent_photos_workspace_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agent_photos")),
    )
    op.create_index(
        "uq_agent_photos_agent", "agent_photos", ["workspace_id", "agent_id"], unique=True
    )
