"""The words around every report that a branch may have in its own way."""

import msgspec
import yaml

from handlers.kit.context import Work
from handlers.kit.errors import RefusedError
from handlers.kit.vietnamese import nfc
from handlers.reports.papers import paper

NAME = "letterhead.yaml"


class Letterhead(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    # The body above the branch; empty: it isn't named.
    superior: str
    # Number and sign, such as "Số: 12/BC-CĐCS".
    number: str
    # Where it is signed.
    place: str
    recipients: tuple[str, ...]
    on_behalf: str
    signer: str


def load(work: Work) -> Letterhead:
    """RefusedError where the branch's own file can't be read."""
    path = paper(work, NAME)
    try:
        return msgspec.convert(yaml.safe_load(nfc(path.read_text("utf-8"))), Letterhead)
    except (OSError, UnicodeDecodeError, yaml.YAMLError, msgspec.ValidationError) as error:
        raise RefusedError("reports/bad_letterhead", file=path, problem=_problem(error)) from error


def _problem(error: Exception) -> str:
    return str(error).splitlines()[0]
