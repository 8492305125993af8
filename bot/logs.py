"""Structured lines on stderr. No secret and nothing that people wrote may stand in them."""

import logging
import re
import sys
from collections.abc import Iterable

import structlog
from structlog.typing import EventDict, WrappedLogger

# A Telegram token as it stands in URLs; other secrets are known by their values.
_TOKEN = re.compile(r"\b\d{3,}:[\w-]{20,}", re.ASCII)
# These print URLs, update ids or bodies; a level above what they use for that keeps them silent.
TALKATIVE = (
    "aiohttp",
    "aiosqlite",
    "apscheduler",
    "asyncio",
    "httpcore",
    "httpx",
    "markdown_it",
    "sqlalchemy",
    "telegram",
    "tzlocal",
)
MASK = "***"


class Masking:
    """A structlog processor that replaces every secret in every value."""

    def __init__(self, secrets: Iterable[str]) -> None:
        self._secrets = [secret for secret in secrets if secret]

    def __call__(self, _logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        return {key: self.text(value) if isinstance(value, str) else value for key, value in event.items()}

    def text(self, value: str) -> str:
        for secret in self._secrets:
            value = value.replace(secret, MASK)
        return _TOKEN.sub(MASK, value)


def configure(level: str, secrets: Iterable[str]) -> None:
    """One line for each event, for our own logs and the libraries' alike."""
    shared: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        Masking(secrets),
    ]
    structlog.configure(
        processors=[*shared, structlog.processors.JSONRenderer(ensure_ascii=False)],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared, processor=structlog.processors.JSONRenderer(ensure_ascii=False)
        )
    )
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
