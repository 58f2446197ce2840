"""What comes after a chat: ratings, mails to visitors who left, reply times. Adds tables."""

from datetime import datetime

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "ratings",
        *_of("conversation_id", "site_id", "visitor_id"),
        _id("agent_id", nullable=True),
        sa.Column("score", sa.SmallInteger(), nullable=False),
        sa.Column("resolved", sa.Boolean(), nullable=True),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        _time("rated_at"),
        sa.Column("position", sa.BigInteger(), nullable=False),
        *_keys("ratings", "conversation_id"),
    )
    _index("ratings", "score")
    _index("ratings", "rated_at")
    op.create_table(
        "resume_links",
        _id("digest"),
        *_of("conversation_id", "site_id", "visitor_id"),
        _id("customer_id", nullable=True),
        _time("created_at"),
        _time("expires_at"),
        _time("used_at", nullable=True),
        *_keys("resume_links", "digest"),
    )
    op.create_index("ix_resume_links_expires_at", "resume_links", ["expires_at"], unique=False)
    op.create_table(
        "absent_mails",
        *_of("visitor_id", "conversation_id"),
        sa.Column("seq", sa.Integer(), nullable=False),
        _time("mailed_at"),
        *_keys("absent_mails", "visitor_id"),
    )
    op.create_table(
        "mail_refusals",
        _id("digest"),
        *_of(),
        _time("refused_at"),
        *_keys("mail_refusals", "digest"),
    )
    op.create_table(
        "reply_times",
        *_of("conversation_id", "site_id"),
        _time("asked_at"),
        sa.Column("seconds", sa.Integer(), nullable=True),
        *_keys("reply_times", "conversation_id"),
    )
    op.create_index(
        "ix_reply_times_site_id", "reply_times", ["workspace_id", "site_id", "asked_at"]
    )


def _id(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=64), nullable=nullable)


def _time(name: str, *, nullable: bool = False) -> sa.Column[datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _of(*names: str) -> list[sa.Column[str]]:
    return [_id(name) for name in (*names, "workspace_id")]


def _keys(table: str, primary: str) -> list[sa.Constraint]:
    return [
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f(f"fk_{table}_workspace_id")
        ),
        sa.PrimaryKeyConstraint(primary, name=op.f(f"pk_{table}")),
    ]


def _index(table: str, column: str) -> None:
    op.create_index(f"ix_{table}_workspace_id_{column}", table, ["workspace_id", column])
