"""Uploaded files. Adds a table, changes none."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "files",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("workspace_id", sa.String(length=64), nullable=False),
        sa.Column("author_kind", sa.String(length=16), nullable=False),
        sa.Column("author_id", sa.String(length=64), nullable=False),
        sa.Column("upload_id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("type", sa.String(length=128), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("preview_bytes", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("conversation_id", sa.String(length=64), nullable=True),
        sa.Column("seq", sa.Integer(), nullable=True),
        sa.Column("private", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_files_workspace_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_files")),
    )
    op.create_index(
        "uq_files_upload",
        "files",
        ["workspace_id", "author_kind", "author_id", "upload_id"],
        unique=True,
    )
    op.create_index(
        "ix_files_author",
        "files",
        ["workspace_id", "author_kind", "author_id", "created_at"],
        unique=False,
    )
    op.create_index(
        "ix_files_workspace_id_bytes",
        "files",
        ["workspace_id", "bytes", "preview_bytes"],
        unique=False,
    )
    op.create_index("ix_files_conversation_id", "files", ["conversation_id"], unique=False)
    op.create_index(
        "ix_files_unsent",
        "files",
        ["created_at"],
        unique=False,
        sqlite_where=sa.text("conversation_id IS NULL"),
        postgresql_where=sa.text("conversation_id IS NULL"),
    )
