"""stories beside drafts and versions

Revision: 0006, after: 0005
"""

import sqlalchemy as sa
from alembic import op


revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "story_files",
        sa.Column("process_id", sa.String(length=100), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["saved_by"], ["officers.id"], name=op.f("fk_story_files_saved_by")),
        sa.PrimaryKeyConstraint("process_id", "number", name=op.f("pk_story_files")),
    )


def downgrade() -> None:
    op.drop_table("story_files")
