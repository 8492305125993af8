"""The canonical text of a document: what a version is the hash of, and what is kept of it for good."""

import json
from hashlib import sha256
from typing import Any

import msgspec

from handlers.kit.documents.model import Document
from handlers.kit.vietnamese import nfc

# Stands in every canonical text, so that a later form can be told from this one.
_FORMAT = 1


def canonical(document: Document) -> bytes:
    """JSON in UTF-8 with the fields in the order of the dataclasses, NFC, with line feeds as line ends and
    no blanks before them. Never change it: the hashes that members confirmed would no longer be found.
    """
    fields = _tidied({"format": _FORMAT, **msgspec.to_builtins(document)})
    return (json.dumps(fields, ensure_ascii=False, indent=1) + "\n").encode()


def version(document: Document) -> str:
    """SHA-256 of the canonical text, in hexadecimal."""
    return sha256(canonical(document)).hexdigest()


def from_canonical(data: bytes) -> Document:
    """The document that `canonical` was made of; ValueError for anything else."""
    fields = json.loads(data)
    if not isinstance(fields, dict) or fields.pop("format", None) != _FORMAT:
        raise ValueError("not a canonical document of a known format")
    try:
        return msgspec.convert(fields, Document)
    except msgspec.ValidationError as error:
        raise ValueError("not a canonical document") from error


def _tidied(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _tidied(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_tidied(item) for item in value]
    return _tidy(value) if isinstance(value, str) else value


def _tidy(text: str) -> str:
    """NFC with line feeds as line ends, no blanks before them, no blank lines at either end."""
    lines = nfc(text).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(line.rstrip() for line in lines).strip("\n")
