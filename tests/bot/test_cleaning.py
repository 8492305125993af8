"""Files made anew in a process of their own: what it may do, and what becomes of one that goes wrong."""

import asyncio
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import psutil
import pytest
from PIL import Image

from bot.cleaning import ChildCleaner
from bot.cleaning_frame import LARGEST_FRAME, pack, unpack
from handlers.kit.cleaning import (
    LARGEST_ATTACHMENT,
    CleanFile,
    Ending,
    NotCleanableError,
    Reason,
    clean_file,
)
from tests.kit.cleaning.files import (
    PICTURES,
    archive,
    bomb_pdf,
    locked_pdf,
    plain_pdf,
    png_header,
    saved,
    telling_jpeg,
    telling_pdf,
    tells,
)

_SHORT_S = 0.5
_EXAMPLES: dict[str, Callable[[], bytes]] = {**PICTURES, "pdf": telling_pdf, "text": "Tổ 3".encode}


def program(code: str) -> Sequence[str]:
    return (sys.executable, "-I", "-B", "-c", code)


async def outcome(cleaner: ChildCleaner, content: bytes = b"a") -> Reason:
    with pytest.raises(NotCleanableError) as caught:
        await cleaner.clean(content)
    return caught.value.reason


def children() -> list[psutil.Process]:
    return psutil.Process().children(recursive=True)


def sizes(folder: Path) -> set[int]:
    """How large its files are."""
    return {path.stat().st_size for path in folder.iterdir()}


async def run(code: str) -> str:
    """What a confined process prints that runs this code."""
    process = await asyncio.create_subprocess_exec(
        *program(
            f"from bot.cleaning_child import close_doors, confine\nimport os, resource, tempfile\n{code}"
        ),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    printed, problems = await process.communicate()
    return printed.decode() + problems.decode()


@pytest.mark.parametrize("kind", _EXAMPLES)
async def test_the_process_makes_the_same_as_the_function(kind: str) -> None:
    sent = _EXAMPLES[kind]()
    cleaned = await ChildCleaner().clean(sent)
    assert cleaned == clean_file(sent)
    assert not tells(cleaned.content)


async def test_one_cleaner_cleans_many() -> None:
    cleaner, sent = ChildCleaner(), telling_jpeg()
    assert len({(await cleaner.clean(sent)).content for _ in range(3)}) == 1
    assert len(set(await asyncio.gather(*(cleaner.clean(sent) for _ in range(5))))) == 1


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", Reason.EMPTY),
        (bytes(LARGEST_ATTACHMENT + 1), Reason.TOO_LARGE),
        (b"a" * LARGEST_ATTACHMENT, Reason.TEXT_TOO_LONG),
        (archive("a.txt"), Reason.ARCHIVE),
        (archive("[Content_Types].xml", "word/document.xml"), Reason.OFFICE),
        (locked_pdf(), Reason.LOCKED),
        (png_header(60_000, 60_000), Reason.TOO_MANY_PIXELS),
        (telling_jpeg()[:300], Reason.DAMAGED),
    ],
)
async def test_the_reason_comes_through(content: bytes, reason: Reason) -> None:
    assert await outcome(ChildCleaner(), content) is reason


async def test_the_largest_pictures_fit_into_the_process() -> None:
    cleaner = ChildCleaner()
    for form, size in (("JPEG", (8192, 6144)), ("WEBP", (6144, 4096))):
        mode = "RGB" if form == "JPEG" else "RGBA"
        fast = {"method": 0} if form == "WEBP" else {}
        cleaned = await cleaner.clean(saved(Image.new(mode, size, "navy"), form, **fast))
        assert len(cleaned.content) < LARGEST_ATTACHMENT


async def test_a_pdf_that_inflates_is_drawn_or_refused_within_the_limits() -> None:
    bomb = bomb_pdf(2**30)
    assert len(bomb) < LARGEST_ATTACHMENT
    assert await outcome(ChildCleaner(), bomb) in {Reason.DAMAGED, Reason.TOOK_TOO_LONG}
    assert (await ChildCleaner().clean(plain_pdf())).ending is Ending.PDF


# What the process may do.

# Root may do more than others; nobody runs the bot as root.
_AS_NOBODY = "if os.getuid() == 0: os.setuid(65534)\n"
_ATTEMPTS = {
    "write": ("open(path, 'wb', 0).write(b'a')", "File too large"),
    "write a temporary file": ("tempfile.TemporaryFile()", "No usable temporary directory"),
    "take two gigabytes": ("import mmap\nmmap.mmap(-1, 2**31)", "Cannot allocate memory"),
    "read a file": ("open('/dev/null')", "Too many open files"),
    "make room to open one": ("os.close(0)\nopen('/dev/null')", "Too many open files"),
    "reach anybody": ("import _socket\n_socket.socket()", "Too many open files"),
    "get its memory dumped": ("print(resource.getrlimit(resource.RLIMIT_CORE))", "(1, 1)"),
    "work on and on": ("print(resource.getrlimit(resource.RLIMIT_CPU))", "(20, 21)"),
    "take its limits back": (f"{_AS_NOBODY}resource.setrlimit(resource.RLIMIT_FSIZE, (9, 9))", "not allowed"),
    "start another": (f"{_AS_NOBODY}os.fork()", "BlockingIOError"),
}


@pytest.mark.parametrize("attempt", _ATTEMPTS)
async def test_the_process_cant(attempt: str, tmp_path: Path) -> None:
    code, said = _ATTEMPTS[attempt]
    code = f"path = {str(tmp_path / 'a')!r}\n{code}"
    assert said in await run(f"confine()\n{code}") + await run(f"confine()\nclose_doors()\n{code}")
    assert sizes(tmp_path) <= {0}
    assert said not in await run(code)


async def test_the_process_gets_no_secret_and_nothing_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAUNOI_TELEGRAM_TOKEN", "42:secret")
    code = """
import os, sys
from bot.cleaning_frame import pack
from handlers.kit.cleaning import CleanFile, Ending
files = [os.readlink(f"/proc/self/fd/{each}") for each in sorted(map(int, os.listdir("/proc/self/fd")[:-1]))]
seen = [dict(os.environ), os.getcwd(), os.getsid(0) == os.getpid(), len(files)]
sys.stdout.buffer.write(pack(CleanFile(Ending.TXT, repr(seen).encode())))
"""
    cleaned = await ChildCleaner(program(code)).clean(b"a")
    environment, *others = eval(cleaned.content)  # noqa: S307 - what the code above has written
    assert set(environment) <= {"LC_CTYPE"}
    assert others == ["/", True, 3]


@pytest.mark.parametrize("kind", ["jpeg", "pdf", "text"])
async def test_the_process_opens_no_file_to_write(kind: str) -> None:
    watching = """
import os, sys
def watch(event, given):
    if event == "open" and (given[2] or 0) & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
        os._exit(9)
sys.addaudithook(watch)
"""
    work = "from bot.cleaning_child import main\nmain()\n"
    sent = _EXAMPLES[kind]()
    assert await ChildCleaner(program(watching + work)).clean(sent) == clean_file(sent)
    # The watch is awake.
    seen = ChildCleaner(program(f"{watching}open('/dev/null', 'w')\n{work}"))
    assert await outcome(seen, sent) is Reason.DAMAGED


# What becomes of one that goes wrong.

_FRAME = pack(CleanFile(Ending.TXT, b"abc"))
_WRONG = {
    "killed": "import os\nos.kill(os.getpid(), 9)",
    "crashed": "import os\nos.abort()",
    "failed": "1 / 0",
    "silent": "",
    "babbling": "print('xin chao' * 99)",
    "half done": f"import os\nos.write(1, {_FRAME[:-1]!r})",
    "done and failed": f"import os\nos.write(1, {_FRAME!r})\nexit(1)",
    "endless": "import sys\nwhile True: sys.stdout.buffer.write(bytes(2**20))",
}


@pytest.mark.parametrize("how", _WRONG)
async def test_a_process_that_goes_wrong_is_a_damaged_file(how: str) -> None:
    content = b"a" if how == "endless" else b"a" * LARGEST_ATTACHMENT
    assert await outcome(ChildCleaner(program(_WRONG[how])), content) is Reason.DAMAGED
    assert children() == []


async def test_one_that_works_too_long_is_stopped() -> None:
    code = "import resource\nresource.setrlimit(resource.RLIMIT_CPU, (1, 2))\nwhile True: pass"
    assert await outcome(ChildCleaner(program(code))) is Reason.TOOK_TOO_LONG


@pytest.mark.parametrize(
    "code",
    [
        "import time\ntime.sleep(60)",
        "import signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\ntime.sleep(60)",
        "import subprocess\nsubprocess.run(['sleep', '60'])",
        "import subprocess\nsubprocess.Popen(['sleep', '60'])",
        "import os\nwhile True: os.write(1, bytes(2**20))",
    ],
)
async def test_one_that_hangs_is_stopped_with_all_it_started(code: str) -> None:
    cleaner = ChildCleaner(program(code), patience_s=_SHORT_S)
    assert await outcome(cleaner, b"a" * LARGEST_ATTACHMENT) is Reason.TOOK_TOO_LONG
    assert children() == []


async def test_nobody_waits_for_one_that_nobody_wants_any_more() -> None:
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(ChildCleaner(program("import time\ntime.sleep(60)")).clean(b"a"), _SHORT_S)
    assert children() == []


async def test_no_more_than_two_work_at_once() -> None:
    cleaner = ChildCleaner(program("import time\ntime.sleep(60)"), patience_s=_SHORT_S)
    waiting = asyncio.gather(*(outcome(cleaner) for _ in range(5)))
    most = 0
    while not waiting.done():
        most = max(most, len(children()))
        await asyncio.sleep(0.01)
    assert most == 2
    assert set(await waiting) == {Reason.TOOK_TOO_LONG}


# The frame, and what is loaded.


@pytest.mark.parametrize("ending", Ending)
def test_a_file_goes_through_the_frame(ending: Ending) -> None:
    file = CleanFile(ending, b"abc")
    assert unpack(pack(file)) == file


@pytest.mark.parametrize("reason", Reason)
def test_a_reason_goes_through_the_frame(reason: Reason) -> None:
    with pytest.raises(NotCleanableError) as caught:
        unpack(pack(reason))
    assert caught.value.reason is reason


@pytest.mark.parametrize(
    "frame", [b"", b"\0\0\0", b"\xff\0\0\0\1a", b"\0\0\0\0\2a", b"\0\0\0\0\0", b"\0\0\0\0\1ab"]
)
def test_a_frame_that_makes_no_sense_is_a_damaged_file(frame: bytes) -> None:
    with pytest.raises(NotCleanableError) as caught:
        unpack(frame)
    assert caught.value.reason is Reason.DAMAGED
    assert len(frame) < LARGEST_FRAME


def test_the_bot_itself_loads_no_library_for_pictures_and_papers() -> None:
    heavy = ("PIL", "pypdfium2", "docx", "lxml", "openpyxl", "xlsxwriter", "typst")
    code = f"import sys, bot.main, bot.cleaning\nprint([m for m in {heavy} if m in sys.modules])"
    assert subprocess.run(program(code), capture_output=True, check=True).stdout == b"[]\n"


def test_the_process_loads_little_more_than_python() -> None:
    code = (
        "import sys, bot.cleaning_child\nprint([m for m in ('PIL', 'asyncio', 'jinja2') if m in sys.modules])"
    )
    assert subprocess.run(program(code), capture_output=True, check=True).stdout == b"[]\n"
