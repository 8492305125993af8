"""Items of a case as they are stored: packages of fixed sizes, sealed to those who may read."""

from handlers.kit.sealing.age import (
    SealingError,
    check_recipient,
    identity_from,
    open_with,
    recipient_of,
    seal_to,
)
from handlers.kit.sealing.package import KINDS, SIZES, Package, PackageError, decode, encode

__all__ = [
    "KINDS",
    "SIZES",
    "Package",
    "PackageError",
    "SealingError",
    "check_recipient",
    "decode",
    "encode",
    "identity_from",
    "open_with",
    "recipient_of",
    "seal_to",
]
