"""Customers, the keys their sites vouch for them with, and what visitors say of themselves. Adds
tables and columns; visitors and conversations stay whose they are."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    _customers()
    _identity_keys()
    _visitor_profiles()
    op.add_column("visitors", sa.Column("phone", sa.String(length=40), nullable=True))
    op.add_column("visitors", sa.Column("customer_id", sa.String(length=64), nullable=True))
    op.add_column("visitors", sa.Column("merged_into", sa.String(length=64), nullable=True))
    op.add_column("visitors", sa.Column("merged_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("uq_visitors_customer", "visitors", ["site_id", "customer_id"], unique=True)
    op.create_index("ix_visitors_customer_id", "visitors", ["customer_id"], unique=False)
    op.create_index("ix_visitors_merged_into", "visitors", ["merged_into"], unique=False)


def _customers() -> None:
    op.create_table(
        "customers",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("workspace_id", sa.String(length=64), nullable=False),
        sa.Column("external_id", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("phone", sa.String(length=40), nullable=True),
        sa.Column("attributes", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("identified_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_customers_workspace_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customers")),
    )
    op.create_index(
        "uq_customers_external_id", "customers", ["workspace_id", "external_id"], unique=True
    )


def _identity_keys() -> None:
    op.create_table(
        "identity_keys",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("workspace_id", sa.String(length=64), nullable=False),
        sa.Column("site_id", sa.String(length=64), nullable=False),
        sa.Column("algorithm", sa.String(length=8), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_identity_keys_workspace_id")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_identity_keys_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_keys")),
    )
    op.create_index("ix_identity_keys_site_id", "identity_keys", ["site_id"], unique=False)


def _visitor_profiles() -> None:
    op.create_table(
        "visitor_profiles",
        sa.Column("visitor_id", sa.String(length=64), nullable=False),
        sa.Column("workspace_id", sa.String(length=64), nullable=False),
        sa.Column("attributes", sa.Text(), nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("consent_version", sa.String(length=40), nullable=True),
        sa.Column("consent_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["visitor_id"], ["visitors.id"], name=op.f("fk_visitor_profiles_visitor_id")
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_visitor_profiles_workspace_id")
        ),
        sa.PrimaryKeyConstraint("visitor_id", name=op.f("pk_visitor_profiles")),
    )
