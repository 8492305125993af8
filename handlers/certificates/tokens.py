"""The end of the address on a certificate: 28 letters and digits without look-alikes, worth 137 bits."""

from hashlib import sha256

from handlers.kit import invitations
from handlers.kit.clock import Chance

# Of the page.
PATH = "/gcn"
_LENGTH = 28


def new(chance: Chance) -> str:
    return invitations.new_code(chance, _LENGTH)


def digest(token: str) -> str:
    """By which it is looked up: the time that takes says nothing of tokens that are nearly right."""
    return sha256(token.encode()).hexdigest()


def read(typed: str) -> str | None:
    """The token that was typed or scanned, whatever stands between its groups; None for what is none."""
    compacted = invitations.compact(typed)
    return compacted if invitations.is_code(compacted, _LENGTH) else None


def shown(token: str) -> str:
    return invitations.shown(token)


def address(public_url: str, token: str) -> str:
    """The page that tells of the certificate; empty where the branch has no address."""
    return f"{public_url}{PATH}/{shown(token)}" if public_url else ""
