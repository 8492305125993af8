"""Where the templates of papers lie, and how their words are read: a branch may have its own of each."""

from importlib.resources import files
from pathlib import Path
from typing import TypeVar

import msgspec
import yaml

from handlers.kit.context import Work
from handlers.kit.errors import RefusedError
from handlers.kit.vietnamese import nfc

OURS = Path(str(files("content") / "reports"))
FONTS = Path(str(files("content") / "fonts"))
S = TypeVar("S", bound=msgspec.Struct)


def paper(work: Work, *names: str) -> Path:
    """The branch's own file of the first of these names that there is; else ours of the last one."""
    own = (work.services.papers / name for name in names)
    return next((path for path in own if path.is_file()), OURS / names[-1])


def read_words(work: Work, name: str, form: type[S]) -> S:
    """A file of words, such as the letterhead. RefusedError where the branch's own one can't be read."""
    path = paper(work, name)
    try:
        return msgspec.convert(yaml.safe_load(nfc(path.read_text("utf-8"))), form)
    except (OSError, UnicodeDecodeError, yaml.YAMLError, msgspec.ValidationError) as error:
        problem = str(error).splitlines()[0]
        raise RefusedError("reports/bad_words", file=path, ours=name, problem=problem) from error
