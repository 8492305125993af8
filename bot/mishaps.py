"""What is said and logged of what went wrong: never what people wrote."""

from handlers.kit import files
from handlers.kit.errors import FileUnavailableError, RefusedError, Unavailable

# Letters of a reference number: few enough to read over the telephone.
REFERENCE_BYTES = 4
_FILE_TEXTS = {
    Unavailable.TOO_LARGE: "home/file_too_large",
    Unavailable.NOT_GIVEN: "home/file_not_given",
}


def file_refusal(error: FileUnavailableError) -> RefusedError:
    return RefusedError(_FILE_TEXTS[error.reason], limit=files.LARGEST // files.MEGABYTE)


def place_of(error: BaseException) -> str:
    """Where it was raised, as file:line; the exception's own words may hold what a person wrote."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return ""
    return f"{trace.tb_frame.f_code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno}"
