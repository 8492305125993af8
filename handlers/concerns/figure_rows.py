"""Figures of concerns as plain values, for those who show them: the command line and the desk."""

from dataclasses import asdict
from datetime import timedelta
from typing import Any

from handlers.concerns.figures import Figures, Share


def row(each: Figures) -> dict[str, Any]:
    """One window; what isn't shown is None."""
    window = each.window
    return {
        "window": window.name,
        "from": window.first_week.isoformat(),
        "to": (window.week_after - timedelta(days=1)).isoformat(),
        "due": window.due_on.isoformat(),
        "counted": each.is_counted,
        "total": each.total,
        "categories": each.categories,
        "others": each.others,
        "answers": each.answers,
        "answered_percent": _share(each.answered),
        "in_time_percent": _share(each.in_time),
        "satisfaction": each.satisfactions if window.quarter is None else None,
    }


def _share(share: Share | None) -> dict[str, int] | None:
    return asdict(share) if share else None
