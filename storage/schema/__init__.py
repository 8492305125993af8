"""Every table, once: the migrations are tested against this description on both databases.

Times are UTC. On SQLite they are stored as ISO text by :class:`UtcDateTime`; on PostgreSQL as `timestamptz`.
"""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
    true,
)

from storage.schema import certificates, concerns, desk, registers, rounds, themes
from storage.schema.base import JsonValue, UtcDateTime, id_column, member_column, metadata

__all__ = ["UtcDateTime", "certificates", "concerns", "desk", "metadata", "registers", "rounds", "themes"]

branch = Table(
    "branch",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("name", String(200), nullable=False),
    # Stands in every button, so that a press from another branch's chat is recognised.
    Column("tag", String(4), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    CheckConstraint("id = 1", name="one"),
)

union_group = Table(
    "union_group",
    metadata,
    id_column(),
    Column("name", String(100), nullable=False),
    # Letters without diacritics or case: two spellings of one group are one group.
    Column("folded", String(100), nullable=False, unique=True),
)

member = Table(
    "member",
    metadata,
    id_column(),
    Column("code", String(32), nullable=False, unique=True),
    Column("full_name", String(100), nullable=False),
    Column("folded_name", String(100), nullable=False, index=True),
    Column("group_id", Integer, ForeignKey("union_group.id"), nullable=False),
    Column("position", String(100), nullable=False, server_default=""),
    Column("is_union_member", Boolean, nullable=False),
    Column("is_party_member", Boolean, nullable=False),
    Column("is_group_leader", Boolean, nullable=False, server_default=false()),
    Column("is_committee", Boolean, nullable=False, server_default=false()),
    Column("is_chair", Boolean, nullable=False, server_default=false()),
    Column("is_cell_committee", Boolean, nullable=False, server_default=false()),
    Column("is_employer", Boolean, nullable=False, server_default=false()),
    Column("started_on", Date),
    # People who left stay as rows, because their evidence names them.
    Column("is_active", Boolean, nullable=False, server_default=true()),
    Column("created_at", UtcDateTime, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
    # Counting an audience by group reads this and not the rows: 8 ms instead of 180 for 100,000 people.
    Index(
        "ix_member_scope",
        "group_id",
        "is_active",
        "is_union_member",
        "is_party_member",
        "is_group_leader",
        "is_committee",
        "is_chair",
    ),
)

account = Table(
    "account",
    metadata,
    id_column(),
    Column("channel", String(20), nullable=False),
    # The platform's id of the person; for the web chat a random one.
    Column("address", String(64), nullable=False),
    member_column(nullable=True),
    Column("linked_at", UtcDateTime),
    # Why pushes can't reach this account any more ("blocked", "gone"); null while they do.
    Column("unreachable", String(40)),
    Column("wrong_codes", Integer, nullable=False, server_default="0"),
    Column("codes_blocked_until", UtcDateTime),
    # The last number given to a message of this account's web transcript.
    Column("transcript_seq", Integer, nullable=False, server_default="0"),
    Column("created_at", UtcDateTime, nullable=False),
    UniqueConstraint("channel", "address"),
    Index("ix_account_member_id", "member_id"),
)

dialogue = Table(
    "dialogue",
    metadata,
    Column("account_id", Integer, ForeignKey("account.id", ondelete="CASCADE"), primary_key=True),
    Column("flow", String(40), nullable=False),
    Column("step", String(40), nullable=False),
    Column("data", JsonValue, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
)

processed_event = Table(
    "processed_event",
    metadata,
    Column("channel", String(20), primary_key=True),
    Column("event", String(100), primary_key=True),
    # On which it came, in UTC. A time beside the platform's numbers would tell who was there between two.
    Column("day", Date, nullable=False, index=True),
    sqlite_with_rowid=False,
)

invitation = Table(
    "invitation",
    metadata,
    id_column(),
    member_column(),
    Column("code_hash", String(64), nullable=False, unique=True),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("used_at", UtcDateTime),
    Column("revoked_at", UtcDateTime),
    Index("ix_invitation_member_id", "member_id"),
)

consent = Table(
    "consent",
    metadata,
    id_column(),
    member_column(),
    Column("account_id", Integer, ForeignKey("account.id"), nullable=False),
    # SHA-256 of the words that were shown.
    Column("wording_hash", String(64), nullable=False),
    Column("given_at", UtcDateTime, nullable=False),
    Column("withdrawn_at", UtcDateTime),
    Index("ix_consent_member_id", "member_id"),
)

attachment = Table(
    "attachment",
    metadata,
    Column("id", String(32), primary_key=True),
    # Whom it was sent to; null: everybody who was sent a shared message with it.
    Column("account_id", Integer, ForeignKey("account.id")),
    Column("name", String(120), nullable=False),
    Column("mime", String(100), nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("created_at", UtcDateTime, nullable=False, index=True),
)

# What many people are sent, kept once. Its rows of the outbox are claimed only while it is open.
shared_message = Table(
    "shared_message",
    metadata,
    id_column(),
    # The topic of its rows, whose keys are made of it and the member.
    Column("topic", String(60), nullable=False, unique=True),
    # As in the outbox, with merge fields in the text.
    Column("message", JsonValue, nullable=False),
    # "send", or "edit" or "delete" for what was sent before; see `storage.shared`.
    Column("deed", String(6), nullable=False, server_default="send"),
    Column("priority", Integer, nullable=False, server_default="30"),
    # How often each copy is sent at most while nobody knows whether it arrived.
    Column("tries", Integer, nullable=False, server_default="2"),
    Column("attachment_id", String(32), ForeignKey("attachment.id", ondelete="SET NULL")),
    Column("state", String(4), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    CheckConstraint("state IN ('open','held','over')", name="state"),
)

outbox = Table(
    "outbox",
    metadata,
    id_column(),
    # One row for each occasion and recipient: a second run of the same job adds nothing.
    Column("key", String(120), nullable=False, unique=True),
    # What it belongs to, such as "study:3:first"; figures are counted by it.
    Column("topic", String(60), nullable=False),
    member_column(nullable=True),
    # Null for somebody who has no account that can be reached.
    Column("account_id", Integer, ForeignKey("account.id")),
    Column("priority", Integer, nullable=False),
    Column("message", JsonValue),
    Column("attachment_id", String(32), ForeignKey("attachment.id", ondelete="SET NULL")),
    # A shared message stands in place of the row's own; the channel is the account's then.
    Column("shared_id", Integer, ForeignKey("shared_message.id")),
    Column("channel", String(20)),
    Column("state", String(12), nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("not_before", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime),
    Column("lease_until", UtcDateTime),
    Column("created_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),
    # The platform's id of what was sent, or of what is to be edited or deleted; see `storage.numbers`.
    Column("channel_message", String(64)),
    # Why it was not sent, or not yet.
    Column("problem", String(200)),
    CheckConstraint(
        "state IN ('pending','sending','sent','unreachable','failed','unknown','expired','cancelled')",
        name="state",
    ),
    CheckConstraint("(message IS NULL) <> (shared_id IS NULL)", name="one_message"),
    CheckConstraint("account_id IS NOT NULL OR state = 'unreachable'", name="recipient"),
    # With the member, so that what was sent can be gone through in steps.
    Index("ix_outbox_topic_state_member_id", "topic", "state", "member_id"),
    # Shared messages have an index of their own: a million of them must not stand in the others' way.
    Index(
        "ix_outbox_due",
        "priority",
        "id",
        sqlite_where=text("state IN ('pending','sending') AND shared_id IS NULL"),
        postgresql_where=text("state IN ('pending','sending') AND shared_id IS NULL"),
    ),
    Index(
        "ix_outbox_shared",
        "shared_id",
        "channel",
        "state",
        "id",
        sqlite_where=text("finished_at IS NULL AND shared_id IS NOT NULL"),
        postgresql_where=text("finished_at IS NULL AND shared_id IS NOT NULL"),
    ),
)

web_session = Table(
    "web_session",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("account_id", Integer, ForeignKey("account.id"), nullable=False, index=True),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
)

web_message = Table(
    "web_message",
    metadata,
    Column("account_id", Integer, ForeignKey("account.id"), primary_key=True),
    Column("id", String(64), primary_key=True),
    # Grows with every change of the transcript; an edited message gets a new one.
    Column("seq", Integer, nullable=False),
    # Where the message stands among the others; an edit keeps it.
    Column("place", Integer, nullable=False),
    Column("author", String(4), nullable=False),
    Column("html", Text, nullable=False),
    Column("buttons", JsonValue, nullable=False),
    Column("attachment_id", String(32), ForeignKey("attachment.id", ondelete="SET NULL")),
    Column("at", UtcDateTime, nullable=False),
    UniqueConstraint("account_id", "seq"),
)

document_version = Table(
    "document_version",
    metadata,
    # SHA-256 of the canonical text, in hex.
    Column("hash", String(64), primary_key=True),
    Column("slug", String(80), nullable=False, index=True),
    Column("edition", Integer, nullable=False),
    Column("title", String(300), nullable=False),
    Column("canonical", LargeBinary, nullable=False),
    Column("frozen_at", UtcDateTime, nullable=False),
)

campaign = Table(
    "campaign",
    metadata,
    id_column(),
    Column("slug", String(80), nullable=False, index=True),
    Column("version_hash", String(64), ForeignKey("document_version.hash"), nullable=False),
    Column("title", String(300), nullable=False),
    Column("audience", String(400), nullable=False),
    # The last day to study, in the branch's time zone.
    Column("deadline", Date),
    # Percent of right answers that a quiz needs; 0: the acknowledgement is enough.
    Column("pass_mark", Integer, nullable=False),
    Column("state", String(12), nullable=False, server_default="open"),
    member_column("published_by", nullable=True),
    Column("published_at", UtcDateTime, nullable=False),
    Column("closed_at", UtcDateTime),
    CheckConstraint("state IN ('open','closed','superseded')", name="state"),
    CheckConstraint("pass_mark BETWEEN 0 AND 100", name="pass_mark"),
    # One document is studied in one open campaign at a time.
    Index(
        "uq_campaign_open_slug",
        "slug",
        unique=True,
        sqlite_where=text("state = 'open'"),
        postgresql_where=text("state = 'open'"),
    ),
)

study = Table(
    "study",
    metadata,
    Column("campaign_id", Integer, ForeignKey("campaign.id"), primary_key=True),
    Column("member_id", Integer, ForeignKey("member.id"), primary_key=True),
    # The furthest card that was shown, counted from 1.
    Column("card", Integer, nullable=False, server_default="0"),
    # The version whose cards were shown; a corrected one may follow in the same campaign.
    Column("version_hash", String(64), ForeignKey("document_version.hash")),
    Column("opened_at", UtcDateTime),
    Column("acknowledged_at", UtcDateTime),
    Column("best_score", Integer),
    Column("passed_at", UtcDateTime),
    Column("waived_at", UtcDateTime),
    # Studied outside the chat: "attendance" of a study meeting, or "make_up"; entered by an officer.
    Column("credit", String(12)),
    Column("credited_at", UtcDateTime),
    # The evidence entry of the latest acknowledgement, waiver or credit.
    Column("evidence_id", Integer, ForeignKey("evidence.id")),
    sqlite_with_rowid=False,
)

quiz_attempt = Table(
    "quiz_attempt",
    metadata,
    id_column(),
    Column("campaign_id", Integer, ForeignKey("campaign.id"), nullable=False),
    member_column(),
    Column("number", Integer, nullable=False),
    Column("version_hash", String(64), ForeignKey("document_version.hash"), nullable=False),
    # [{"id": question, "order": [2, 0, 1, 3]}]: the shuffled options, 0 being the right one.
    Column("questions", JsonValue, nullable=False),
    # The option chosen for each question answered so far, as an index into the unshuffled options.
    Column("answers", JsonValue, nullable=False),
    # Percent, once finished.
    Column("score", Integer),
    Column("started_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),
    UniqueConstraint("campaign_id", "member_id", "number"),
    Index("ix_quiz_attempt_member_id", "member_id"),
)

evidence = Table(
    "evidence",
    metadata,
    id_column(),
    Column("kind", String(20), nullable=False),
    # Nobody's, when a campaign was published by command.
    member_column(nullable=True),
    # The member's code as the roster had it: their row alone could be passed to somebody else. Since format 2
    # it is among the personal fields.
    Column("member_code", String(32)),
    # Who did it: the member, or the officer who entered it.
    member_column("actor_id", nullable=True),
    Column("campaign_id", Integer, ForeignKey("campaign.id")),
    Column("version_hash", String(64)),
    # SHA-256 of the words that were stated; since format 2 among the personal fields.
    Column("statement_hash", String(64)),
    Column("channel", String(20), nullable=False),
    Column("attempts", Integer),
    # What else belongs to it, as canonical JSON text.
    Column("details", Text, nullable=False, server_default="{}"),
    Column("at", UtcDateTime, nullable=False),
    # How the entry is hashed; see `storage.evidence`.
    Column("format", Integer, nullable=False, server_default="1"),
    # What tells who the member is, under a key of their own, in base 64; and that key's SHA-256.
    Column("personal", Text),
    Column("person_key", String(64)),
    Index("ix_evidence_member_id", "member_id"),
    sqlite_autoincrement=True,
)

evidence_seal = Table(
    "evidence_seal",
    metadata,
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("evidence_id", Integer, ForeignKey("evidence.id"), nullable=False, unique=True),
    # SHA-256 in hex, over the entry before and this entry's canonical text.
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    Column("sealed_at", UtcDateTime, nullable=False),
)

# What opens the personal fields of a member's entries. A row that is deleted makes them unreadable for good.
person_key = Table(
    "person_key",
    metadata,
    # SHA-256 of the secret, in hex.
    Column("fingerprint", String(64), primary_key=True),
    member_column(),
    Column("secret", LargeBinary(64), nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Index("ix_person_key_member_id", "member_id"),
)

# The keys that sign heads, their public halves; the private ones are files. `text` says so, signed by the key
# before, or by the key itself where there was none to sign.
evidence_key = Table(
    "evidence_key",
    metadata,
    id_column(),
    Column("public", LargeBinary(32), nullable=False, unique=True),
    Column("text", Text, nullable=False),
    Column("signature", LargeBinary(64), nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
)

# Signed tree heads: the tree over the first `size` sealed entries.
evidence_head = Table(
    "evidence_head",
    metadata,
    Column("size", Integer, primary_key=True, autoincrement=False),
    # What was signed; it holds the root.
    Column("text", Text, nullable=False),
    Column("signature", LargeBinary(64), nullable=False),
    Column("key_id", Integer, ForeignKey("evidence_key.id"), nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
)

# What a service for time stamps (RFC 3161) answered over a head's text, as it came.
evidence_stamp = Table(
    "evidence_stamp",
    metadata,
    Column("size", Integer, ForeignKey("evidence_head.size"), primary_key=True, autoincrement=False),
    Column("reply", LargeBinary, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
)

# The tree's larger complete subtrees, so that a proof needn't read all entries.
evidence_node = Table(
    "evidence_node",
    metadata,
    Column("level", Integer, primary_key=True, autoincrement=False),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("hash", LargeBinary(32), nullable=False),
    sqlite_with_rowid=False,
)

announcement = Table(
    "announcement",
    metadata,
    id_column(),
    # Null when it was made by command.
    member_column("author_id", nullable=True),
    Column("audience", String(400), nullable=False),
    # Neutral markup with merge fields.
    Column("text", Text, nullable=False),
    Column("attachment_id", String(32), ForeignKey("attachment.id", ondelete="SET NULL")),
    Column("is_urgent", Boolean, nullable=False),
    # Whether people are asked to say that they have taken note.
    Column("wants_receipt", Boolean, nullable=False),
    Column("state", String(10), nullable=False),
    Column("send_at", UtcDateTime, nullable=False),
    Column("shared_id", Integer, ForeignKey("shared_message.id")),
    # The last member whose row stands in the outbox; null when everybody's does.
    Column("filled_to", Integer, server_default="0"),
    # The second officer, where one has to agree.
    member_column("approved_by", nullable=True),
    Column("created_at", UtcDateTime, nullable=False),
    Column("started_at", UtcDateTime),
    Column("finished_at", UtcDateTime),
    CheckConstraint(
        "state IN ('proposed','scheduled','sending','paused','sent','cancelled','withdrawn')", name="state"
    ),
)

announcement_receipt = Table(
    "announcement_receipt",
    metadata,
    Column("announcement_id", Integer, ForeignKey("announcement.id"), primary_key=True),
    Column("member_id", Integer, ForeignKey("member.id"), primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    sqlite_with_rowid=False,
)

# What is done about an announcement that was sent: a correction, a withdrawal, a reminder to take note.
announcement_followup = Table(
    "announcement_followup",
    metadata,
    id_column(),
    Column("announcement_id", Integer, ForeignKey("announcement.id"), nullable=False, index=True),
    Column("kind", String(10), nullable=False),
    # Null when it was made by command.
    member_column("author_id", nullable=True),
    # The corrected text, as neutral markup with merge fields.
    Column("text", Text),
    Column("send_at", UtcDateTime, nullable=False),
    Column("shared_id", Integer, ForeignKey("shared_message.id")),
    # The last member whose row stands in the outbox; null when everybody's does.
    Column("filled_to", Integer, server_default="0"),
    Column("created_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),
    CheckConstraint("kind IN ('correction','withdrawal','reminder','missed','unknown')", name="kind"),
)

# Whoever couldn't be reached and was told in person.
announcement_told = Table(
    "announcement_told",
    metadata,
    Column("announcement_id", Integer, ForeignKey("announcement.id"), primary_key=True),
    Column("member_id", Integer, ForeignKey("member.id"), primary_key=True),
    member_column("told_by"),
    Column("at", UtcDateTime, nullable=False),
    sqlite_with_rowid=False,
)

# An announcement that asks for an opinion.
poll = Table(
    "poll",
    metadata,
    Column("announcement_id", Integer, ForeignKey("announcement.id"), primary_key=True, autoincrement=False),
    # The answers to choose from, as a list of texts.
    Column("options", JsonValue, nullable=False),
    Column("is_named", Boolean, nullable=False),
    Column("closed_at", UtcDateTime),
)

# Who chose what, of named polls only.
poll_answer = Table(
    "poll_answer",
    metadata,
    Column("announcement_id", Integer, ForeignKey("poll.announcement_id"), primary_key=True),
    Column("member_id", Integer, ForeignKey("member.id"), primary_key=True),
    # Counted from 0.
    Column("option", Integer, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    sqlite_with_rowid=False,
)

# Of unnamed polls: who has answered, without a time, and apart from it how often each answer was given.
poll_voter = Table(
    "poll_voter",
    metadata,
    Column("announcement_id", Integer, ForeignKey("poll.announcement_id"), primary_key=True),
    Column("member_id", Integer, ForeignKey("member.id"), primary_key=True),
    sqlite_with_rowid=False,
)
poll_count = Table(
    "poll_count",
    metadata,
    Column("announcement_id", Integer, ForeignKey("poll.announcement_id"), primary_key=True),
    Column("option", Integer, primary_key=True, autoincrement=False),
    Column("number", Integer, nullable=False),
    sqlite_with_rowid=False,
)

# Who sends for a bot token, until when: one process at a time.
sender_lease = Table(
    "sender_lease",
    metadata,
    Column("name", String(80), primary_key=True),
    Column("holder", String(64), nullable=False),
    Column("until", UtcDateTime, nullable=False),
)

# Days that are off or worked against the rule, as an officer has entered them.
day_override = Table(
    "day_override",
    metadata,
    Column("day", Date, primary_key=True),
    Column("is_off", Boolean, nullable=False),
    Column("name", String(200), nullable=False),
    # Null when it was entered by command.
    member_column("changed_by", nullable=True),
    Column("changed_at", UtcDateTime, nullable=False),
)

# What a person has chosen for themselves; who has no row has the defaults of these columns.
preference = Table(
    "preference",
    metadata,
    Column("member_id", Integer, ForeignKey("member.id"), primary_key=True, autoincrement=False),
    Column("wants_holidays", Boolean, nullable=False, server_default=true()),
    Column("wants_commemorations", Boolean, nullable=False, server_default=true()),
    # The hour of the day, in the branch's time zone, at which greetings come; null: the usual one.
    Column("greeting_hour", Integer),
    # Hours of the day between which nothing comes by itself; both null: no hours of their own.
    Column("quiet_from", Integer),
    Column("quiet_until", Integer),
    # Whether meetings are reminded of at the times in `preferred_lead` and not at the meeting's own.
    Column("has_own_leads", Boolean, nullable=False, server_default=false()),
    Column("changed_at", UtcDateTime, nullable=False),
    CheckConstraint("greeting_hour BETWEEN 0 AND 23", name="greeting_hour"),
    CheckConstraint("quiet_from BETWEEN 0 AND 23 AND quiet_until BETWEEN 0 AND 23", name="quiet"),
    CheckConstraint("(quiet_from IS NULL) = (quiet_until IS NULL)", name="quiet_both"),
)

# How many minutes before a meeting its owner wants to be reminded.
preferred_lead = Table(
    "preferred_lead",
    metadata,
    Column("member_id", Integer, ForeignKey("preference.member_id"), primary_key=True),
    Column("minutes", Integer, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)

# What goes to several people at a set time: a greeting, an invitation, a reminder.
job = Table(
    "job",
    metadata,
    id_column(),
    # One row for each occasion, however often it is planned; the topic of its rows in the outbox.
    Column("key", String(60), nullable=False, unique=True),
    # Who renders it, such as "greeting".
    Column("kind", String(20), nullable=False),
    # What it is about, in the kind's own table; null where there is none.
    Column("subject_id", Integer),
    Column("details", JsonValue, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    # The end of its window: what hasn't gone out by then goes out no more.
    Column("expires_at", UtcDateTime, nullable=False),
    Column("state", String(10), nullable=False, server_default="waiting"),
    Column("shared_id", Integer, ForeignKey("shared_message.id")),
    # The last member whose row stands in the outbox; null when everybody's does.
    Column("filled_to", Integer, server_default="0"),
    # How many people it didn't reach within its window, because their turn came too late.
    Column("late", Integer, nullable=False, server_default="0"),
    Column("created_at", UtcDateTime, nullable=False),
    Column("started_at", UtcDateTime),
    Column("finished_at", UtcDateTime),
    # When whoever is responsible was told that it was missed.
    Column("told_at", UtcDateTime),
    CheckConstraint("state IN ('waiting','sending','done','missed','cancelled')", name="state"),
    CheckConstraint("expires_at > due_at", name="window"),
    # Finding what is due reads this, however many rows there are.
    Index(
        "ix_job_due",
        "due_at",
        sqlite_where=text("state = 'waiting'"),
        postgresql_where=text("state = 'waiting'"),
    ),
    Index(
        "ix_job_open",
        "id",
        sqlite_where=text("state = 'sending' OR (state = 'cancelled' AND finished_at IS NULL)"),
        postgresql_where=text("state = 'sending' OR (state = 'cancelled' AND finished_at IS NULL)"),
    ),
    Index(
        "ix_job_untold",
        "id",
        sqlite_where=text("(state = 'missed' OR late > 0) AND told_at IS NULL"),
        postgresql_where=text("(state = 'missed' OR late > 0) AND told_at IS NULL"),
    ),
    Index("ix_job_kind_subject_id", "kind", "subject_id"),
)

# Up to when something was done, by name.
watermark = Table(
    "watermark",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("at", UtcDateTime, nullable=False),
)

# A meeting, or a series of them.
meeting = Table(
    "meeting",
    metadata,
    id_column(),
    # The identity that calendars know it by.
    Column("uid", String(40), nullable=False, unique=True),
    Column("kind", String(12), nullable=False),
    Column("title", String(200), nullable=False),
    # A room or a link.
    Column("place", String(300), nullable=False),
    Column("agenda", Text, nullable=False, server_default=""),
    Column("audience", String(400), nullable=False),
    # The first one's begin, as a clock on the wall of `zone` shows it.
    Column("starts_local", DateTime, nullable=False),
    Column("zone", String(60), nullable=False),
    Column("minutes", Integer, nullable=False),
    # "RRULE:…" of RFC 5545, or "LUNAR:…"; null for a single one.
    Column("recurrence", String(200)),
    # How many minutes before each one people are reminded, as a list.
    Column("leads", JsonValue, nullable=False),
    # Null when it was made by command.
    member_column("organiser_id", nullable=True),
    # The campaign that a study meeting is about, and whether attending makes up for what was missed.
    Column("campaign_id", Integer, ForeignKey("campaign.id")),
    Column("is_make_up", Boolean, nullable=False, server_default=false()),
    # What check-in codes are made of, in base 32.
    Column("secret", String(64), nullable=False),
    Column("is_cancelled", Boolean, nullable=False, server_default=false()),
    # Counts changes, as calendars do.
    Column("sequence", Integer, nullable=False, server_default="0"),
    Column("created_at", UtcDateTime, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
    CheckConstraint(
        "kind IN ('cell','committee','group','conference','dialogue','study','other')", name="kind"
    ),
    CheckConstraint("minutes > 0", name="minutes"),
)

# One date of a meeting.
meeting_occurrence = Table(
    "meeting_occurrence",
    metadata,
    id_column(),
    Column("meeting_id", Integer, ForeignKey("meeting.id"), nullable=False),
    # When the series says that it begins, on the wall: it stays the same when this one is moved.
    Column("recurs_at", DateTime, nullable=False),
    Column("starts_at", UtcDateTime, nullable=False),
    Column("ends_at", UtcDateTime, nullable=False),
    # In place of the series' place, for this one.
    Column("place", String(300)),
    Column("is_cancelled", Boolean, nullable=False, server_default=false()),
    # Why it was moved or cancelled.
    Column("note", String(300), nullable=False, server_default=""),
    Column("sequence", Integer, nullable=False, server_default="0"),
    Column("changed_at", UtcDateTime, nullable=False),
    # When the attendance was closed.
    Column("closed_at", UtcDateTime),
    UniqueConstraint("meeting_id", "recurs_at"),
    CheckConstraint("ends_at > starts_at", name="duration"),
    Index("ix_meeting_occurrence_starts_at", "starts_at"),
)

meeting_answer = Table(
    "meeting_answer",
    metadata,
    Column("occurrence_id", Integer, ForeignKey("meeting_occurrence.id"), primary_key=True),
    Column("member_id", Integer, ForeignKey("member.id"), primary_key=True),
    Column("is_coming", Boolean, nullable=False),
    # Why not.
    Column("reason", String(300), nullable=False, server_default=""),
    Column("at", UtcDateTime, nullable=False),
    sqlite_with_rowid=False,
)

# Who was there.
meeting_attendance = Table(
    "meeting_attendance",
    metadata,
    Column("occurrence_id", Integer, ForeignKey("meeting_occurrence.id"), primary_key=True),
    Column("member_id", Integer, ForeignKey("member.id"), primary_key=True),
    # "code", or "officer" for whoever was ticked off by hand.
    Column("how", String(8), nullable=False),
    # False for whoever was struck off after the attendance was closed; before that the row goes.
    Column("is_present", Boolean, nullable=False, server_default=true()),
    # Why it was corrected after that.
    Column("note", String(300), nullable=False, server_default=""),
    member_column("entered_by", nullable=True),
    Column("at", UtcDateTime, nullable=False),
    sqlite_with_rowid=False,
)

# Wrong check-in codes of one person, so that nobody tries them all.
check_in_try = Table(
    "check_in_try",
    metadata,
    Column("member_id", Integer, ForeignKey("member.id"), primary_key=True, autoincrement=False),
    Column("wrong", Integer, nullable=False),
    Column("blocked_until", UtcDateTime),
)

# The page that shows a meeting's check-in code on the wall.
check_in_display = Table(
    "check_in_display",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("occurrence_id", Integer, ForeignKey("meeting_occurrence.id"), nullable=False, index=True),
    member_column("made_by"),
    Column("expires_at", UtcDateTime, nullable=False),
)

# Papers of a meeting: of all its dates, or of one.
meeting_file = Table(
    "meeting_file",
    metadata,
    id_column(),
    Column("meeting_id", Integer, ForeignKey("meeting.id"), nullable=False, index=True),
    Column("occurrence_id", Integer, ForeignKey("meeting_occurrence.id")),
    Column("kind", String(8), nullable=False),
    Column("attachment_id", String(32), ForeignKey("attachment.id"), nullable=False),
    member_column("added_by"),
    Column("at", UtcDateTime, nullable=False),
    CheckConstraint("kind IN ('agenda','minutes')", name="kind"),
)

# A duty of one period, of a rule in `content/duties/`.
duty = Table(
    "duty",
    metadata,
    id_column(),
    Column("rule", String(40), nullable=False),
    # Such as "2027" or "2027-1".
    Column("period", String(10), nullable=False),
    # The last day, once it is known; entered by hand where `is_moved`.
    Column("due_on", Date),
    Column("is_moved", Boolean, nullable=False, server_default=false()),
    Column("planned_on", Date),
    Column("done_on", Date),
    Column("is_dropped", Boolean, nullable=False, server_default=false()),
    # What was done, or why it falls away.
    Column("note", String(500), nullable=False, server_default=""),
    member_column("changed_by", nullable=True),
    Column("changed_at", UtcDateTime, nullable=False),
    UniqueConstraint("rule", "period"),
)

# A secret address under which a member's calendar can be subscribed to.
calendar_link = Table(
    "calendar_link",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("member_id", Integer, ForeignKey("member.id"), nullable=False, index=True),
    Column("created_at", UtcDateTime, nullable=False),
    Column("revoked_at", UtcDateTime),
)
