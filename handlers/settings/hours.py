"""Quiet hours as people type them."""

import re

from handlers.kit.vietnamese import fold
from storage.preferences import Quiet

_HOUR = r"(\d{1,2}) ?(?:(?:h|g|gio|:)(?:00)?)?"
_FORM = re.compile(rf"(?:tu )?{_HOUR} ?(?:-|–|—|den|toi) ?{_HOUR}", re.ASCII)
_HOURS = 24


def parse_quiet(text: str) -> Quiet | None:
    """`22-6`, `22h - 6h`, `từ 22 giờ đến 6 giờ`; None for anything else, and for hours that take no time or a
    whole day.
    """
    found = _FORM.fullmatch(fold(text))
    if found is None:
        return None
    begin, end = (int(each) for each in found.groups())
    if max(begin, end) > _HOURS or begin % _HOURS == end % _HOURS:
        return None
    return Quiet(begin % _HOURS, end % _HOURS)
