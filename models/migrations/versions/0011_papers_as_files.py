"""papers as files: templates, copies, and who has opened them

Revision: 0011, after: 0010
"""

import sqlalchemy as sa
from alembic import op


revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "paper_templates",
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["published_by"], ["officers.id"], name=op.f("fk_paper_templates_published_by")),
        sa.PrimaryKeyConstraint("kind", "number", name=op.f("pk_paper_templates")),
    )
    op.create_table(
        "paper_drafts",
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["sent_by"], ["officers.id"], name=op.f("fk_paper_drafts_sent_by")),
        sa.PrimaryKeyConstraint("kind", name=op.f("pk_paper_drafts")),
    )
    op.create_table(
        "paper_copies",
        sa.Column("document_id", sa.String(length=40), nullable=False),
        sa.Column("template", sa.Integer(), nullable=False),
        sa.Column("sha", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f("fk_paper_copies_document_id")),
        sa.PrimaryKeyConstraint("document_id", name=op.f("pk_paper_copies")),
    )
    op.create_table(
        "addressees",
        sa.Column("document_id", sa.String(length=40), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f("fk_addressees_document_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_addressees_unit_id")),
        sa.PrimaryKeyConstraint("document_id", "unit_id", name=op.f("pk_addressees")),
    )
    op.create_index(op.f("ix_addressees_unit_id"), "addressees", ["unit_id"])
    op.create_index(op.f("ix_documents_to_unit_id"), "documents", ["to_unit_id"])
    op.create_table(
        "receipts",
        sa.Column("document_id", sa.String(length=40), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f("fk_receipts_document_id")),
        sa.ForeignKeyConstraint(["read_by"], ["officers.id"], name=op.f("fk_receipts_read_by")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_receipts_unit_id")),
        sa.PrimaryKeyConstraint("document_id", "unit_id", name=op.f("pk_receipts")),
    )
    op.add_column("documents", sa.Column("template", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("documents", "template")
    op.drop_index(op.f("ix_documents_to_unit_id"), table_name="documents")
    op.drop_index(op.f("ix_addressees_unit_id"), table_name="addressees")
    for table in ("receipts", "addressees", "paper_copies", "paper_drafts", "paper_templates"):
        op.drop_table(table)
