"""What people attach, made anew without what it says about them: who wrote it, where, when, with what."""

from handlers.kit.cleaning.model import (
    LARGEST_ATTACHMENT,
    LIMITS,
    Cleaner,
    CleanFile,
    Ending,
    NotCleanableError,
    Reason,
)
from handlers.kit.cleaning.redrawing import clean_file

__all__ = [
    "LARGEST_ATTACHMENT",
    "LIMITS",
    "CleanFile",
    "Cleaner",
    "Ending",
    "NotCleanableError",
    "Reason",
    "clean_file",
]
