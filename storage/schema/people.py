"""The roster and how people come in: groups, members, accounts, invitations, consents."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
    false,
    true,
)

from storage.schema.base import UtcDateTime, id_column, member_column, metadata

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
    # Why pushes can't reach this account any more ("blocked", "gone", "window"); null while they do.
    Column("unreachable", String(40)),
    Column("wrong_codes", Integer, nullable=False, server_default="0"),
    Column("codes_blocked_until", UtcDateTime),
    # The last number given to a message of this account's web transcript.
    Column("transcript_seq", Integer, nullable=False, server_default="0"),
    Column("created_at", UtcDateTime, nullable=False),
    UniqueConstraint("channel", "address"),
    Index("ix_account_member_id", "member_id"),
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
