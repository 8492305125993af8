"""Evidence with its seals, each person's keys, and the heads that are signed over it."""

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, String, Table, Text

from storage.schema.base import UtcDateTime, id_column, member_column, metadata

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
