"""A renewal as it is ordered and as it ends: what the program and the process that renews tell each other."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum

from bot.channels.zalo_oa.keeping import Kept, fingerprint


class Outcome(IntEnum):
    """The process's exit code."""

    # There is a newer pair on the disk, whoever has fetched it.
    RENEWED = 0
    # What Python ends with by itself: the process has failed.
    FAILED = 1
    # Zalo takes neither the operator's token nor the one that is kept; or there is none.
    REFUSED = 10
    # The question never left.
    UNREACHABLE = 11
    # Nobody knows whether the token was used up.
    UNANSWERED = 12
    # Another program is at it, and took too long.
    LOCKED = 13
    # Zalo wasn't asked, because its answer couldn't have been kept.
    NOT_WRITABLE = 14


@dataclass(frozen=True, slots=True)
class Account:
    """The app that writes for the account; `seed` is the operator's refresh token, `url` ends without `/`."""

    url: str
    app_id: str
    secret_key: str = field(repr=False)
    seed: str = field(default="", repr=False)

    def is_new_seed(self, kept: Kept) -> bool:
        """Whether the operator has put in a token that wasn't tried yet."""
        return bool(self.seed) and fingerprint(self.seed) not in kept.seeds and self._may_ask(self.seed, kept)

    def refresh_token(self, kept: Kept) -> str:
        """The token to ask with; empty where Zalo has refused all that there are."""
        if self.is_new_seed(kept):
            return self.seed
        return kept.refresh if self._may_ask(kept.refresh, kept) else ""

    def question(self, token: str) -> str:
        """What Zalo is asked with this token, as a fingerprint. With other keys it is another question."""
        return fingerprint(self.app_id, self.secret_key, token)

    def _may_ask(self, token: str, kept: Kept) -> bool:
        return self.question(token) not in kept.refused


@dataclass(frozen=True, slots=True)
class Order:
    """`replaces` is the access token to be done with; `folder` is absolute. The new token's time is counted
    from `now`, so that it is never taken for longer than it is.
    """

    folder: str
    account: Account
    replaces: str = field(repr=False)
    now: datetime

    def is_done(self, kept: Kept) -> bool:
        """Whether another program has renewed the pair meanwhile."""
        is_other = kept.access != self.replaces and kept.ends > self.now
        return is_other and not self.account.is_new_seed(kept)
