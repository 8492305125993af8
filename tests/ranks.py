"""Whether an order is found again in numbers."""

from collections.abc import Sequence


def correlation(places: Sequence[int]) -> float:
    """Spearman's, with the order 0, 1, 2, …; equal places share their rank."""
    ranks = [sum(other < place for other in places) + (places.count(place) - 1) / 2 for place in places]
    middle = (len(ranks) - 1) / 2
    together = sum((at - middle) * (rank - middle) for at, rank in enumerate(ranks))
    spread = sum((rank - middle) ** 2 for rank in ranks) * sum((at - middle) ** 2 for at in range(len(ranks)))
    return abs(together) / spread**0.5 if spread else 0.0
