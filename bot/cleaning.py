"""Makes attached files anew, each in a process of its own that is gone afterwards."""

import asyncio
import os
import signal
import sys
from asyncio import StreamReader, StreamWriter
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Sequence
from contextlib import suppress
from typing import cast

from bot.cleaning_frame import LARGEST_FRAME, unpack
from handlers.kit.cleaning import LARGEST_ATTACHMENT, CleanFile, NotCleanableError, Reason

# Without the settings and folders of whoever starts it, and without writing compiled modules.
_PROGRAM = (sys.executable, "-I", "-B", "-m", "bot.cleaning_child")
# Each may take some hundred megabytes for a moment.
_AT_ONCE = 2
_PATIENCE_S = 30.0
_PIECE = 2**16


class ChildCleaner:
    """A `Cleaner`. Nothing about a file is logged or written to a disk, here or in the process."""

    def __init__(self, program: Sequence[str] = _PROGRAM, patience_s: float = _PATIENCE_S) -> None:
        self._program = program
        self._patience_s = patience_s
        self._free = asyncio.Semaphore(_AT_ONCE)

    async def clean(self, content: bytes) -> CleanFile:
        if len(content) > LARGEST_ATTACHMENT:
            raise NotCleanableError(Reason.TOO_LARGE)
        async with self._free:
            process = await self._start()
            try:
                async with asyncio.timeout(self._patience_s):
                    return unpack(await _answer(process, content))
            except TimeoutError:
                raise NotCleanableError(Reason.TOOK_TOO_LONG) from None
            finally:
                await _end(process)

    async def _start(self) -> Process:
        """The process, in a session of its own and with an empty environment: it inherits no secret."""
        return await asyncio.create_subprocess_exec(
            *self._program, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env={}, cwd="/", start_new_session=True
        )


async def _answer(process: Process, content: bytes) -> bytes:
    """What it writes until its end; NotCleanableError when that wasn't an orderly one."""
    await _feed(cast("StreamWriter", process.stdin), content)
    answer = bytearray()
    while piece := await _output(process).read(_PIECE):
        answer += piece
        if len(answer) > LARGEST_FRAME:
            raise NotCleanableError(Reason.DAMAGED)
    code = await process.wait()
    if code:
        raise NotCleanableError(Reason.TOOK_TOO_LONG if code == -signal.SIGXCPU else Reason.DAMAGED)
    return bytes(answer)


async def _feed(sink: StreamWriter, content: bytes) -> None:
    # One that ended before it had read everything says why not in its answer.
    with suppress(BrokenPipeError, ConnectionResetError):
        sink.write(content)
        await sink.drain()
    sink.close()


def _output(process: Process) -> StreamReader:
    return cast("StreamReader", process.stdout)


async def _end(process: Process) -> None:
    """Whatever it still does, and whatever it started; of most nothing is left by now."""
    # On a Mac one that has just ended belongs to nobody.
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    # An end counts as one only when everything has been read that was said before it.
    while await _output(process).read(_PIECE):
        pass
    await process.wait()
