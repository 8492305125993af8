"""The conversations of this feature, and how its screens leave them."""

from handlers.kit.context import Context
from handlers.kit.reply import End, Keep

CHECK_IN, ROLL, CORRECTION, PAPERS = "check_in", "attend_list", "attend_note", "attend_file"
_FLOWS = frozenset({CHECK_IN, ROLL, CORRECTION, PAPERS})


def leave(ctx: Context) -> End | Keep:
    """Whoever goes back to a screen is asked nothing more; conversations of other features go on."""
    state = ctx.account.dialogue
    return End() if state is not None and state.flow in _FLOWS else Keep()
