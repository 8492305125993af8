"""Where the templates of papers lie: a branch may have its own in place of ours."""

from importlib.resources import files
from pathlib import Path

from handlers.kit.context import Work

OURS = Path(str(files("content") / "reports"))
FONTS = Path(str(files("content") / "fonts"))


def paper(work: Work, *names: str) -> Path:
    """The branch's own file of the first of these names that there is; else ours of the last one."""
    own = (work.services.papers / name for name in names)
    return next((path for path in own if path.is_file()), OURS / names[-1])
