"""The calendar, meetings, duties, jobs with a set time, and what people choose for themselves."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    op.add_column("shared_message", sa.Column("tries", sa.Integer(), server_default="2", nullable=False))
    op.create_table(
        "watermark",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_watermark")),
    )
    op.create_table(
        "calendar_link",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_calendar_link_member_id_member")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_calendar_link")),
    )
    op.create_index(op.f("ix_calendar_link_member_id"), "calendar_link", ["member_id"], unique=False)
    op.create_table(
        "check_in_try",
        sa.Column("member_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("wrong", sa.Integer(), nullable=False),
        sa.Column("blocked_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_check_in_try_member_id_member")),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_check_in_try")),
    )
    op.create_table(
        "day_override",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("is_off", sa.Boolean(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("changed_by", sa.Integer(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["changed_by"], ["member.id"], name=op.f("fk_day_override_changed_by_member")
        ),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_day_override")),
    )
    op.create_table(
        "duty",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(length=40), nullable=False),
        sa.Column("period", sa.String(length=10), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("is_moved", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("is_dropped", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("note", sa.String(length=500), server_default="", nullable=False),
        sa.Column("changed_by", sa.Integer(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["changed_by"], ["member.id"], name=op.f("fk_duty_changed_by_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty")),
        sa.UniqueConstraint("rule", "period", name=op.f("uq_duty_rule_period")),
    )
    op.create_table(
        "preference",
        sa.Column("member_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("wants_holidays", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("wants_commemorations", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("greeting_hour", sa.Integer(), nullable=True),
        sa.Column("quiet_from", sa.Integer(), nullable=True),
        sa.Column("quiet_until", sa.Integer(), nullable=True),
        sa.Column("has_own_leads", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(quiet_from IS NULL) = (quiet_until IS NULL)", name=op.f("ck_preference_quiet_both")
        ),
        sa.CheckConstraint("greeting_hour BETWEEN 0 AND 23", name=op.f("ck_preference_greeting_hour")),
        sa.CheckConstraint(
            "quiet_from BETWEEN 0 AND 23 AND quiet_until BETWEEN 0 AND 23", name=op.f("ck_preference_quiet")
        ),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_preference_member_id_member")),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_preference")),
    )
    op.create_table(
        "meeting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("place", sa.String(length=300), nullable=False),
        sa.Column("agenda", sa.Text(), server_default="", nullable=False),
        sa.Column("audience", sa.String(length=400), nullable=False),
        sa.Column("starts_local", sa.DateTime(), nullable=False),
        sa.Column("zone", sa.String(length=60), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("recurrence", sa.String(length=200), nullable=True),
        sa.Column("leads", JSON, nullable=False),
        sa.Column("organiser_id", sa.Integer(), nullable=True),
        sa.Column("campaign_id", sa.Integer(), nullable=True),
        sa.Column("is_make_up", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("secret", sa.String(length=64), nullable=False),
        sa.Column("is_cancelled", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("sequence", sa.Integer(), server_default="0", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('cell','committee','group','conference','dialogue','study','other')",
            name=op.f("ck_meeting_kind"),
        ),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_meeting_minutes")),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_meeting_campaign_id_campaign")
        ),
        sa.ForeignKeyConstraint(["organiser_id"], ["member.id"], name=op.f("fk_meeting_organiser_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
        sa.UniqueConstraint("uid", name=op.f("uq_meeting_uid")),
    )
    op.create_table(
        "preferred_lead",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["preference.member_id"], name=op.f("fk_preferred_lead_member_id_preference")
        ),
        sa.PrimaryKeyConstraint("member_id", "minutes", name=op.f("pk_preferred_lead")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "meeting_occurrence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("recurs_at", sa.DateTime(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place", sa.String(length=300), nullable=True),
        sa.Column("is_cancelled", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("note", sa.String(length=300), server_default="", nullable=False),
        sa.Column("sequence", sa.Integer(), server_default="0", nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_meeting_occurrence_duration")),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_occurrence_meeting_id_meeting")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_occurrence")),
        sa.UniqueConstraint(
            "meeting_id", "recurs_at", name=op.f("uq_meeting_occurrence_meeting_id_recurs_at")
        ),
    )
    op.create_index("ix_meeting_occurrence_starts_at", "meeting_occurrence", ["starts_at"], unique=False)
    op.create_table(
        "check_in_display",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("occurrence_id", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["made_by"], ["member.id"], name=op.f("fk_check_in_display_made_by_member")),
        sa.ForeignKeyConstraint(
            ["occurrence_id"],
            ["meeting_occurrence.id"],
            name=op.f("fk_check_in_display_occurrence_id_meeting_occurrence"),
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_check_in_display")),
    )
    op.create_index(
        op.f("ix_check_in_display_occurrence_id"), "check_in_display", ["occurrence_id"], unique=False
    )
    op.create_table(
        "job",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=True),
        sa.Column("details", JSON, nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=10), server_default="waiting", nullable=False),
        sa.Column("shared_id", sa.Integer(), nullable=True),
        sa.Column("filled_to", sa.Integer(), server_default="0", nullable=True),
        sa.Column("late", sa.Integer(), server_default="0", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting','sending','done','missed','cancelled')", name=op.f("ck_job_state")
        ),
        sa.CheckConstraint("expires_at > due_at", name=op.f("ck_job_window")),
        sa.ForeignKeyConstraint(
            ["shared_id"], ["shared_message.id"], name=op.f("fk_job_shared_id_shared_message")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
        sa.UniqueConstraint("key", name=op.f("uq_job_key")),
    )
    op.create_index(
        "ix_job_due",
        "job",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_index("ix_job_kind_subject_id", "job", ["kind", "subject_id"], unique=False)
    op.create_index(
        "ix_job_open",
        "job",
        ["id"],
        unique=False,
        sqlite_where=sa.text("state = 'sending' OR (state = 'cancelled' AND finished_at IS NULL)"),
        postgresql_where=sa.text("state = 'sending' OR (state = 'cancelled' AND finished_at IS NULL)"),
    )
    op.create_index(
        "ix_job_untold",
        "job",
        ["id"],
        unique=False,
        sqlite_where=sa.text("(state = 'missed' OR late > 0) AND told_at IS NULL"),
        postgresql_where=sa.text("(state = 'missed' OR late > 0) AND told_at IS NULL"),
    )
    op.create_table(
        "meeting_answer",
        sa.Column("occurrence_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("is_coming", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=300), server_default="", nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_meeting_answer_member_id_member")
        ),
        sa.ForeignKeyConstraint(
            ["occurrence_id"],
            ["meeting_occurrence.id"],
            name=op.f("fk_meeting_answer_occurrence_id_meeting_occurrence"),
        ),
        sa.PrimaryKeyConstraint("occurrence_id", "member_id", name=op.f("pk_meeting_answer")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "meeting_attendance",
        sa.Column("occurrence_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("how", sa.String(length=8), nullable=False),
        sa.Column("is_present", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("note", sa.String(length=300), server_default="", nullable=False),
        sa.Column("entered_by", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["entered_by"], ["member.id"], name=op.f("fk_meeting_attendance_entered_by_member")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_meeting_attendance_member_id_member")
        ),
        sa.ForeignKeyConstraint(
            ["occurrence_id"],
            ["meeting_occurrence.id"],
            name=op.f("fk_meeting_attendance_occurrence_id_meeting_occurrence"),
        ),
        sa.PrimaryKeyConstraint("occurrence_id", "member_id", name=op.f("pk_meeting_attendance")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "meeting_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("occurrence_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("attachment_id", sa.String(length=32), nullable=False),
        sa.Column("added_by", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('agenda','minutes')", name=op.f("ck_meeting_file_kind")),
        sa.ForeignKeyConstraint(["added_by"], ["member.id"], name=op.f("fk_meeting_file_added_by_member")),
        sa.ForeignKeyConstraint(
            ["attachment_id"], ["attachment.id"], name=op.f("fk_meeting_file_attachment_id_attachment")
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_file_meeting_id_meeting")
        ),
        sa.ForeignKeyConstraint(
            ["occurrence_id"],
            ["meeting_occurrence.id"],
            name=op.f("fk_meeting_file_occurrence_id_meeting_occurrence"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_file")),
    )
    op.create_index(op.f("ix_meeting_file_meeting_id"), "meeting_file", ["meeting_id"], unique=False)
    # ### end Alembic commands ###
