"""Time stamps as in RFC 3161, by a service outside: that a head's text was there at a time it didn't choose.

The library that reads them is memory that a branch without such a service need not hold: it is imported where
it is used.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from cryptography.x509 import Certificate, load_pem_x509_certificates

from handlers.evidence.notes import NoteError, can_be_shown

_SHA256 = "2.16.840.1.101.3.4.2.1"


class StampError(Exception):
    """This is no time stamp over the text, or none was to be had; its words are for a log."""


@dataclass(frozen=True, slots=True)
class Request:
    """What the service is asked; it sees the text's SHA-256 alone."""

    content: bytes
    # A number that its answer has to repeat.
    nonce: int


def request(text: str) -> Request:
    from rfc3161_client import HashAlgorithm, TimestampRequestBuilder  # noqa: PLC0415

    made = TimestampRequestBuilder().data(text.encode()).hash_algorithm(HashAlgorithm.SHA256).build()
    if made.nonce is None:
        raise AssertionError("the builder makes one unless it is told not to")
    return Request(made.as_bytes(), made.nonce)


def read_stamp(reply: bytes, text: str, nonce: int | None = None) -> datetime:
    """The time that the service says it is; whose word that is remains open. StampError when the reply isn't
    a stamp over the text, or not the answer to the request with this number.
    """
    try:
        return _read(reply, text, nonce)
    except ValueError as error:
        raise StampError("no time stamp") from error


def _read(reply: bytes, text: str, nonce: int | None) -> datetime:
    from rfc3161_client import PKIStatus, decode_timestamp_response  # noqa: PLC0415

    said = decode_timestamp_response(reply)
    if said.status != PKIStatus.GRANTED:
        raise StampError("refused")
    info = said.tst_info
    over, algorithm = info.message_imprint.message, info.message_imprint.hash_algorithm.dotted_string
    if algorithm != _SHA256 or over != sha256(text.encode()).digest():
        raise StampError("other text")
    if nonce is not None and info.nonce != nonce:
        raise StampError("other request")
    if not can_be_shown(info.gen_time):
        raise StampError("no such time")
    return info.gen_time


def require_issuer(reply: bytes, text: str, trusted: Sequence[Certificate]) -> None:
    """StampError unless the stamp is signed for stamping by a certificate under one of the trusted ones."""
    from rfc3161_client import VerificationError, VerifierBuilder, decode_timestamp_response  # noqa: PLC0415

    try:
        verifier = VerifierBuilder(roots=list(trusted)).build()
        verifier.verify_message(decode_timestamp_response(reply), text.encode())
    except (VerificationError, ValueError) as error:
        raise StampError("other issuer") from error


def read_certificates(content: bytes) -> list[Certificate]:
    """Those in a PEM file, one or more; NoteError when it holds none."""
    try:
        return load_pem_x509_certificates(content)
    except ValueError as error:
        raise NoteError from error
