"""How often something may be tried: buckets of tokens that fill again with time; and how much at a time. In
memory only.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b

from handlers.kit.clock import Chance, Clock

# From this many on, buckets that are full again are forgotten.
_MANY = 10_000


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at: datetime


class Limiter:
    """`burst` tries at once, and `per_second` more with time, for each key.

    Keys are kept as digests under a seed of this process, so that not even its memory lists addresses.
    """

    def __init__(self, clock: Clock, chance: Chance, *, burst: int, per_second: float) -> None:
        self._clock = clock
        self._seed = chance.token(32)
        self._burst = burst
        self._per_second = per_second
        self._buckets: dict[bytes, _Bucket] = {}

    def allows(self, key: str) -> bool:
        """Whether one more try is allowed; it is counted."""
        now = self._clock.now()
        if len(self._buckets) >= _MANY:
            self._forget_full(now)
        bucket = self._buckets.setdefault(self._digest(key), _Bucket(self._burst, now))
        bucket.tokens = self._filled(bucket, now)
        bucket.at = now
        if bucket.tokens < 1:
            return False
        bucket.tokens -= 1
        return True

    def give_back(self, key: str) -> None:
        """The last try doesn't count: it failed, and not by whoever tried."""
        bucket = self._buckets.get(self._digest(key))
        if bucket is not None:
            bucket.tokens = min(self._burst, bucket.tokens + 1)

    def _filled(self, bucket: _Bucket, now: datetime) -> float:
        # A clock that was set back gives nothing, and takes nothing.
        passed = max((now - bucket.at).total_seconds(), 0.0)
        return min(self._burst, bucket.tokens + passed * self._per_second)

    def _forget_full(self, now: datetime) -> None:
        self._buckets = {
            key: bucket for key, bucket in self._buckets.items() if self._filled(bucket, now) < self._burst
        }

    def _digest(self, key: str) -> bytes:
        return blake2b(key.encode(), key=self._seed, digest_size=16).digest()


class Seats:
    """Room for what is heavy: at most `most` at a time, and `each` of one key."""

    def __init__(self, *, most: int, each: int) -> None:
        self._most = most
        self._each = each
        self._taken: Counter[str] = Counter()

    @contextmanager
    def taken(self, key: str) -> Iterator[bool]:
        """Whether there was a seat; it is given back at the end."""
        if self._taken.total() >= self._most or self._taken[key] >= self._each:
            yield False
            return
        self._taken[key] += 1
        try:
            yield True
        finally:
            self._taken[key] -= 1
            # Who has none is forgotten.
            self._taken += Counter()
