"""What logs and exceptions tell, as the most talkative logger would print it."""

import io
import logging
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import structlog


@contextmanager
def listening(silenced: Sequence[str] = ()) -> Iterator[io.StringIO]:
    """Everything that anybody but these libraries logs at DEBUG, tracebacks included."""
    levels = {name: logging.getLogger(name).level for name in silenced}
    for name in silenced:
        logging.getLogger(name).setLevel(logging.WARNING)
    lines = io.StringIO()
    handler = logging.StreamHandler(lines)
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    structlog.configure(
        processors=[
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=structlog.WriteLoggerFactory(lines),
    )
    try:
        yield lines
    finally:
        structlog.reset_defaults()
        root.removeHandler(handler)
        root.setLevel(level)
        for name, before in levels.items():
            logging.getLogger(name).setLevel(before)


def told(error: BaseException) -> str:
    """All that an exception and those before it say."""
    texts = ["".join(traceback.format_exception(error))]
    seen: BaseException | None = error
    while seen is not None:
        texts += [str(seen), repr(seen), repr(seen.args)]
        seen = seen.__cause__ or seen.__context__
    return "\n".join(texts)
