"""The budget of a plan that sets no limit, for tests that are about something else."""

from storage.outbox import Priority


class Unlimited:
    is_spent = False

    def may_send(self, priority: Priority, parts: int) -> bool:  # noqa: ARG002 - the protocol's
        return True

    def count(self, parts: int, *, ephemeral: bool = False) -> None:
        """Nobody asks."""
