"""The published texts, ready to show: parsed once, because a press must cost no parsing."""

from collections import OrderedDict
from dataclasses import dataclass

from markupsafe import Markup

from handlers.kit.context import Work
from handlers.kit.documents import Document, Question, card_html, from_canonical
from storage import campaigns

_KEPT = 32


@dataclass(frozen=True, slots=True)
class Reading:
    """A frozen version. `bodies` are the cards as neutral markup."""

    version: str
    document: Document
    bodies: tuple[Markup, ...]

    @property
    def cards(self) -> int:
        return len(self.bodies)

    def question(self, question_id: str) -> Question:
        quiz = self.document.quiz
        return next(each for each in (quiz.questions if quiz else ()) if each.id == question_id)


# A hash names one text for good, so what is kept never grows old.
_shelf: OrderedDict[str, Reading] = OrderedDict()


async def reading(work: Work, version: str) -> Reading:
    """The text that was frozen under this hash, which campaigns and attempts name."""
    found = _shelf.get(version)
    if found is None:
        found = _shelf[version] = await _load(work, version)
    _shelf.move_to_end(version)
    if len(_shelf) > _KEPT:
        _shelf.popitem(last=False)
    return found


async def _load(work: Work, version: str) -> Reading:
    frozen = await campaigns.frozen(work.db, version)
    if frozen is None:
        raise LookupError("a campaign or an attempt names a version that isn't there")
    document = from_canonical(frozen.canonical)
    bodies = tuple(Markup(card_html(card.body)) for card in document.cards)  # noqa: S704 - made escaped
    return Reading(version, document, bodies)
