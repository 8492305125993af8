"""Checking an archive or a proof by itself: without a database, settings or a branch."""

from dataclasses import dataclass
from pathlib import Path

import typer
from cryptography.x509 import Certificate

from bot.cli.output import CommandError, fail, print_json, texts
from handlers.evidence import telling
from handlers.evidence.archive import (
    BrokenError,
    Checked,
    CheckedGrowth,
    CheckedProof,
    Trouble,
    Trusted,
    check_archive,
    check_proof,
)
from handlers.evidence.notes import NoteError, owner_of, read_public_pem
from handlers.evidence.stamps import read_certificates

_ZIP = b"PK"
# No proof is as large.
_LARGEST_PROOF = 1 << 26


@dataclass(frozen=True, slots=True)
class Brought:
    """What the inspector brings: the files of a public key and of certificates, and a head that was kept."""

    key: Path | None = None
    issuer: Path | None = None
    head: str | None = None


def verify_file(file: Path | None, brought: Brought, *, as_json: bool) -> None:
    if file is None:
        fail("evidence/key_without_file" if brought.key else "evidence/cert_without_file")
    public, owner = _read_key(brought.key) if brought.key else (None, "")
    issuers = _read_issuers(brought.issuer) if brought.issuer else []
    try:
        checked = _check(file, Trusted(public, brought.head, issuers))
    except OSError as error:
        fail("evidence/not_read", path=file, problem=error.strerror)
    except BrokenError as error:
        if as_json:
            print_json(telling.broken_summary(error))
        raise CommandError(telling.why_broken(texts(), error, owner)) from error
    if as_json:
        print_json(telling.summary_of(checked))
    else:
        typer.echo(telling.words_of(texts(), checked))


def _check(file: Path, trusted: Trusted) -> Checked | CheckedProof | CheckedGrowth:
    with file.open("rb") as opened:
        begin = opened.read(len(_ZIP))
    if begin == _ZIP:
        return check_archive(file, trusted)
    if file.stat().st_size > _LARGEST_PROOF:
        raise BrokenError(Trouble.UNREADABLE)
    return check_proof(file.read_bytes(), trusted)


def _read_key(path: Path) -> tuple[bytes, str]:
    """The key, and whose it is by the file's own words."""
    content = _read(path)
    try:
        return read_public_pem(content), owner_of(content)
    except NoteError:
        fail("evidence/not_a_key", path=path)


def _read_issuers(path: Path) -> list[Certificate]:
    try:
        return read_certificates(_read(path))
    except NoteError:
        fail("evidence/not_a_certificate", path=path)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        fail("evidence/not_read", path=path, problem=error.strerror)
