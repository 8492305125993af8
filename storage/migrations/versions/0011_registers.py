"""How the roster stood, officers' training, admissions, collective agreements."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_OPEN_PERIOD = sa.text("until IS NULL")
_OPEN_ADMISSION = sa.text("state IN ('begun','signed')")
# What is kept of everybody from now on, and was as far as anybody knows since they came.
_STANDING = """
    code, full_name, group_id, position, is_union_member, is_party_member, is_group_leader, is_committee,
    is_chair, is_cell_committee, is_employer, started_on
"""


def upgrade() -> None:
    op.create_table(
        "roster_period",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cause", sa.String(length=10), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("full_name", sa.String(length=100), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.String(length=100), nullable=False),
        sa.Column("is_union_member", sa.Boolean(), nullable=False),
        sa.Column("is_party_member", sa.Boolean(), nullable=False),
        sa.Column("is_group_leader", sa.Boolean(), nullable=False),
        sa.Column("is_committee", sa.Boolean(), nullable=False),
        sa.Column("is_chair", sa.Boolean(), nullable=False),
        sa.Column("is_cell_committee", sa.Boolean(), nullable=False),
        sa.Column("is_employer", sa.Boolean(), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=True),
        sa.CheckConstraint("until >= since", name=op.f("ck_roster_period_order")),
        sa.ForeignKeyConstraint(
            ["group_id"], ["union_group.id"], name=op.f("fk_roster_period_group_id_union_group")
        ),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_roster_period_member_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_period")),
    )
    op.create_index("ix_roster_period_member_id", "roster_period", ["member_id"], unique=False)
    op.create_index(
        "uq_roster_period_open",
        "roster_period",
        ["member_id"],
        unique=True,
        sqlite_where=_OPEN_PERIOD,
        postgresql_where=_OPEN_PERIOD,
    )
    op.create_table(
        "training",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("course", sa.String(length=150), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("certificate", sa.String(length=60), nullable=False),
        sa.Column("attachment_id", sa.String(length=32), nullable=True),
        sa.Column("entered_by", sa.Integer(), nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["attachment_id"],
            ["attachment.id"],
            name=op.f("fk_training_attachment_id_attachment"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(["entered_by"], ["member.id"], name=op.f("fk_training_entered_by_member")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_training_member_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training")),
        sa.UniqueConstraint(
            "member_id", "course", "held_on", name=op.f("uq_training_member_id_course_held_on")
        ),
    )
    op.create_table(
        "admission",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("wording_hash", sa.String(length=64), nullable=True),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("decision", sa.String(length=60), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(length=300), server_default="", nullable=False),
        sa.Column("changed_by", sa.Integer(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(decision IS NULL) = (decided_on IS NULL)", name=op.f("ck_admission_decision")),
        sa.CheckConstraint(
            "state IN ('begun','signed','admitted','refused','withdrawn')", name=op.f("ck_admission_state")
        ),
        sa.ForeignKeyConstraint(["changed_by"], ["member.id"], name=op.f("fk_admission_changed_by_member")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_admission_member_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_admission")),
    )
    op.create_index("ix_admission_member_id", "admission", ["member_id"], unique=False)
    op.create_index(
        "uq_admission_open",
        "admission",
        ["member_id"],
        unique=True,
        sqlite_where=_OPEN_ADMISSION,
        postgresql_where=_OPEN_ADMISSION,
    )
    op.create_table(
        "agreement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("entered_by", sa.Integer(), nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("valid_until >= signed_on", name=op.f("ck_agreement_order")),
        sa.ForeignKeyConstraint(["entered_by"], ["member.id"], name=op.f("fk_agreement_entered_by_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement")),
        sa.UniqueConstraint("signed_on", name=op.f("uq_agreement_signed_on")),
    )
    _begin_history()


def _begin_history() -> None:
    """Who left before left when their row was changed last; a clock may have gone back in between."""
    op.execute(
        f"""
        INSERT INTO roster_period (member_id, since, until, cause, {_STANDING})
        SELECT id, created_at,
          CASE WHEN is_active THEN NULL WHEN changed_at < created_at THEN created_at ELSE changed_at END,
          'before', {_STANDING}
        FROM member
        """  # noqa: S608 - of constants
    )
