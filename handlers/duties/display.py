"""How duties are written: their period, how a deadline was counted, what there is to do."""

import re
from typing import Any

from handlers.duties.board import Item
from handlers.duties.deadlines import Due
from handlers.duties.rules import Period, State
from handlers.kit.context import Work
from handlers.kit.duties import BesideEvent, Often, Rule
from storage import audiences

# Characters of a name on a button.
LABEL = 40
_FIELD = re.compile(r"\{\{\s*(\w+)\s*\}\}")


def period_text(work: Work, rule: Rule, period: Period) -> str:
    kind = "half" if rule.often is Often.HALF_YEARLY else "event" if period.number else "year"
    return work.label(f"duties/period_{kind}", year=period.year, number=period.number)


def how_text(work: Work, item: Item, due: Due) -> str:
    """Such as "5 working days before the dialogue on 15/12/2027"."""
    return work.label(
        f"duties/how_{due.how}",
        count=due.count,
        base=due.base,
        name=_base_name(work, item.rule),
    )


def waits_for(work: Work, item: Item) -> str:
    """What has to be known or done before there is a deadline; "" when there is one."""
    if item.state is not State.WAITING:
        return ""
    return work.label(f"duties/waits_for_{_kind_of_base(item)}", name=_base_name(work, item.rule))


def _hint(work: Work, item: Item) -> str:
    """How that comes about."""
    return work.label(f"duties/hint_{_kind_of_base(item)}") if item.state is State.WAITING else ""


def _kind_of_base(item: Item) -> str:
    return "event" if isinstance(item.rule.deadline, BesideEvent) else "duty"


def _base_name(work: Work, rule: Rule) -> str:
    """The duty from which this one's deadline is counted."""
    rules = work.services.duties
    base = rules.base_of(rule.slug)
    return rules.rules[base].name if base else ""


async def what_text(work: Work, rule: Rule) -> str:
    """What to do, with the branch's own numbers."""
    if not _FIELD.search(rule.what):
        return rule.what
    workers = await audiences.count(work.db, audiences.Kind.ALL)
    size = work.services.duties.representatives_of(workers)
    values = {
        "nguoi": str(workers),
        "dai_dien": work.label("duties/representatives", least=size.least, most=size.most),
    }
    return _FIELD.sub(lambda found: values[found[1]], rule.what)


async def values_of(work: Work, item: Item) -> dict[str, Any]:
    """What templates say about one duty."""
    return {
        "rule": item.rule,
        "duty": item.duty,
        "period": period_text(work, item.rule, item.period),
        "what": await what_text(work, item.rule),
        "state": item.state.value,
        "due_on": item.due_on,
        "how": how_text(work, item, item.due) if item.due else "",
        "waits_for": waits_for(work, item),
        "hint": _hint(work, item),
        "days_left": item.days_left(work.today),
    }


def label(text: str) -> str:
    """A name on a button."""
    return text if len(text) <= LABEL else f"{text[:LABEL].rsplit(' ', 1)[0]}…"
