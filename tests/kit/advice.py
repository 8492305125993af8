"""Tells of which kind a sentence about a mistake is, by the templates it was made from."""

import re

from handlers.kit.problem_texts import read_advice


def kind_of(area: str, sentence: str) -> str:
    """The one kind whose problem, alone or followed by its remedy, reads `sentence`."""
    kinds = [
        kind
        for kind, texts in read_advice(area).items()
        if any(
            re.fullmatch(_pattern(template), sentence)
            for template in (texts.problem, f"{texts.problem} {texts.remedy}")
        )
    ]
    assert len(kinds) == 1, f"{sentence!r} reads like {kinds}"
    return kinds[0]


def _pattern(template: str) -> str:
    return "(?s:.*)".join(re.escape(part) for part in re.split(r"\{\w+\}", template))
