"""Answers that nobody is to be known by: they wait in memory, in no file, until they are written together."""

from collections.abc import Collection, Mapping

# A number isn't shown below this, and answers aren't written unless so many are written at once.
TOGETHER = 5


class Waiting:
    """By what they are about and by member. Lost with a restart: then the question stands there again."""

    def __init__(self) -> None:
        self._answers: dict[int, dict[int, int]] = {}

    def put(self, about: int, member_id: int, answer: int) -> bool:
        """False, and nothing changes, when the member's answer waits already."""
        waiting = self._answers.setdefault(about, {})
        if member_id in waiting:
            return False
        waiting[member_id] = answer
        return True

    def has(self, about: int, member_id: int) -> bool:
        return member_id in self._answers.get(about, {})

    def subjects(self) -> Collection[int]:
        """What any answer waits for."""
        return list(self._answers)

    def of(self, about: int) -> Mapping[int, int]:
        """Answers by member, as they wait now."""
        return dict(self._answers.get(about, {}))

    def forget(self, about: int, member_ids: Collection[int]) -> None:
        """Theirs are written, or of no use any more."""
        waiting = self._answers.get(about, {})
        for member_id in member_ids:
            waiting.pop(member_id, None)
        if not waiting:
            self._answers.pop(about, None)
