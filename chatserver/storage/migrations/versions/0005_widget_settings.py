"""What a site's owner sets about its widget, as one JSON text. Adds a column; nothing set."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("sites", sa.Column("widget", sa.Text(), nullable=False, server_default="{}"))
