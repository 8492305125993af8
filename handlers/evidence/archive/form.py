"""What stands in the files of an archive and in proofs."""

from collections.abc import Sequence

import msgspec

from storage.evidence_heads import PublishedKey, SignedHead

FORMAT = "caunoi evidence archive 1"
PROOF, GROWTH = "caunoi evidence proof 1", "caunoi evidence growth 1"
MANIFEST, README = "manifest.json", "README.txt"
ENTRIES, SEALS, FIELDS, PEOPLE = "entries.jsonl", "seals.txt", "statements.jsonl", "people.jsonl"
HEADS, KEYS, DOCUMENTS = "heads.jsonl", "keys.jsonl", "documents/"
# By the number of entries of the head that each is over.
STAMPS, STAMP_ENDING = "stamps/", ".tsr"
# The newest head once more, as openssl wants it.
HEAD_TEXT, HEAD_SIGNATURE, HEAD_KEY = "head.txt", "head.sig", "head-key.pem"


class File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    size: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`entries`: how many there are. `id` are the letters that stand in the branch's buttons."""

    format: str
    branch: str
    id: str
    entries: int
    made_at: str
    files: dict[str, File]


class Entry(msgspec.Struct, frozen=True):
    """What of an entry's line has to be looked at."""

    id: int
    kind: str
    at: str
    details: str = "{}"
    version_hash: str | None = None
    personal: str | None = None
    person_key: str | None = None


class Fields(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The personal fields of the entry in line `line`, as the person's key opens them."""

    line: int
    fields: dict[str, str]


class Person(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`key` is the SHA-256 of the secret, in hex; the secret opens personal fields, in base 64."""

    member: int
    key: str
    secret: bytes


class Signed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A head or the paper of a key. `key` is the one that it names or that signed it, 32 bytes in base 64."""

    text: str
    signature: bytes
    key: bytes


class Proven(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An entry's line, from 1, its text, and the hashes on the way to the head, from below, in hex."""

    line: int
    text: str
    path: list[str]


class Proof(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    format: str
    head: Signed
    keys: list[Signed]
    entries: list[Proven]
    people: list[Person]


class Growth(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    format: str
    old: Signed
    new: Signed
    keys: list[Signed]
    path: list[str]


def signed_heads(heads: Sequence[SignedHead], keys: Sequence[PublishedKey]) -> list[Signed]:
    public = {each.id: each.public for each in keys}
    return [Signed(each.text, each.signature, public[each.key_id]) for each in heads]


def signed_keys(keys: Sequence[PublishedKey]) -> list[Signed]:
    return [Signed(each.text, each.signature, each.public) for each in keys]
