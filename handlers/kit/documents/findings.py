"""Collects the mistakes of one file while it is read to its end."""

from handlers.kit.documents.model import Problem
from handlers.kit.problem_texts import advise


class Findings:
    def __init__(self, file: str) -> None:
        self._file = file
        self.problems: list[Problem] = []

    def add(self, line: int, kind: str, **values: object) -> None:
        """Note a mistake at `line`; `kind` names its sentences, `values` fill their placeholders. A kind of
        another area than the documents' is written with it, such as "duties/cycle".
        """
        area, _, name = kind.rpartition("/")
        advice = advise(area or "check", name, **values)
        problem = Problem(self._file, line, advice.problem, advice.remedy)
        # The opening and the closing HTML tag of a line are one mistake to whoever mends it.
        if problem not in self.problems:
            self.problems.append(problem)
