"""What a site's owner sets about its widget, as one JSON text; the pictures of it; and how often
each greeting was shown. Adds a column and two tables."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("sites", sa.Column("widget", sa.Text(), nullable=False, server_default="{}"))
    op.create_table(
        "site_pictures",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("workspace_id", sa.String(length=64), nullable=False),
        sa.Column("site_id", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_site_pictures_workspace_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site_pictures")),
    )
    op.create_index("ix_site_pictures_site", "site_pictures", ["workspace_id", "site_id"])
    op.create_table(
        "greeting_counts",
        sa.Column("workspace_id", sa.String(length=64), nullable=False),
        sa.Column("site_id", sa.String(length=64), nullable=False),
        sa.Column("greeting", sa.String(length=64), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("shown", sa.Integer(), nullable=False),
        sa.Column("dismissed", sa.Integer(), nullable=False),
        sa.Column("opened", sa.Integer(), nullable=False),
        sa.Column("chats", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_greeting_counts_workspace_id")
        ),
        sa.PrimaryKeyConstraint(
            "workspace_id", "site_id", "greeting", "day", name=op.f("pk_greeting_counts")
        ),
    )
