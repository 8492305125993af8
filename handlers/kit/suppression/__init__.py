"""Which of a table's figures may be shown, so that no small one can be worked out from them."""

from handlers.kit.suppression.network import Arc, Bounds, Network, agrees, can_be
from handlers.kit.suppression.showing import SMALLEST, Candidate, choose, is_safe

__all__ = [
    "SMALLEST",
    "Arc",
    "Bounds",
    "Candidate",
    "Network",
    "agrees",
    "can_be",
    "choose",
    "is_safe",
]
