"""The process in which one file is made anew, `python -I -B -m bot.cleaning_child`: the file on its input,
the frame on its output.

What libraries could be made to do by a file that is built for it, they could do here only: without
secrets, without writing a file, with bounded memory and time.
"""

import resource
import sys

from bot.cleaning_frame import pack
from handlers.kit.cleaning import LARGEST_ATTACHMENT, CleanFile, NotCleanableError, Reason, clean_file

# In seconds of work; the parent's patience is for the time that passes.
CPU_S = 20
_ADDRESS_SPACE = 2**30
# Not 0: a kernel that hands memory dumps to a program does so unless the limit is 1.
_NO_DUMP = 1


def confine() -> None:
    """Give up, for good, what making a picture anew doesn't need."""
    _limit(resource.RLIMIT_CORE, _NO_DUMP)
    _limit(resource.RLIMIT_CPU, CPU_S, CPU_S + 1)
    _limit(resource.RLIMIT_FSIZE, 0)
    _limit(resource.RLIMIT_NPROC, 0)
    # macOS doesn't hold this one, and takes no smaller value than is in use.
    if sys.platform != "darwin":
        _limit(resource.RLIMIT_AS, _ADDRESS_SPACE)


def close_doors() -> None:
    """From now on it reads its input and writes its output, and can open neither a file nor a connection."""
    _limit(resource.RLIMIT_NOFILE, 0)


def main() -> None:
    confine()
    content = sys.stdin.buffer.read(LARGEST_ATTACHMENT + 1)
    sys.stdout.buffer.write(pack(_outcome(content)))


def _limit(kind: int, soft: int, hard: int | None = None) -> None:
    resource.setrlimit(kind, (soft, soft if hard is None else hard))


def _outcome(content: bytes) -> CleanFile | Reason:
    try:
        return clean_file(content, close_doors)
    except NotCleanableError as error:
        return error.reason


if __name__ == "__main__":
    main()
