"""What the desk's page exports, read without this program: by `age`, a recovery sheet and the README."""

import json
import shlex
import tarfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from handlers.concerns import following
from handlers.concerns.rules import DraftFile
from tests.concerns.place import Place, draft
from tests.people import CHAIR
from tests.web.age import age, needs_age
from tests.web.deskpage import Desk, desk_of
from tests.web.house import House

pytestmark = [pytest.mark.browser, needs_age]
FAN = "Quạt ở xưởng hai hỏng đã một tháng, “nóng” lắm 😀.\nMong được xem sớm."
PAY = "Tăng ca ba tuần liền mà chưa thấy tính tiền làm thêm."
LIST = "Danh sách máy hỏng".encode()
REPLY, NOTE, ANSWER = "Hôm nay vẫn hỏng.", "Đã hỏi bên kỹ thuật.", "Thứ Năm này thay quạt mới."
README = "DOC-TRUOC.txt"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


async def test_the_program_age_opens_everything_that_was_exported(
    office: House, place: Place, tmp_path: Path
) -> None:
    async with desk_of(office, CHAIR) as desk:
        await desk.enter()
        sheet = await desk.make_key()
        await desk.is_in()
        fan, pay = await _two_cases(place)
        await desk.lock()
        await desk.unlock()
        await _note_and_answer(desk)
        folder = await _exported(desk, tmp_path)
    # As both the sheet and the README have it: the line and all groups, without spaces.
    (folder / "khoa.txt").write_text(sheet.replace(" ", "") + "\n", "ascii")
    words = (folder / README).read_text("utf-8")
    [command] = [line for line in words.splitlines() if line.startswith("age ")]
    opened = {
        str(path.relative_to(folder)): await _opened(folder, command, path)
        for path in sorted(folder.rglob("*.age"))
    }
    texts = {name: header["text"] for name, (header, _) in opened.items() if "text" in header}
    assert texts == {
        f"{fan}/01-concern.age": FAN,
        f"{fan}/03-reply.age": REPLY,
        f"{fan}/04-note.age": NOTE,
        f"{fan}/05-answer.age": ANSWER,
        f"{pay}/01-concern.age": PAY,
    }
    header, content = opened.pop(f"{fan}/02-file.age")
    assert (header["name"], content) == ("tep-1.txt", LIST)
    assert opened.keys() == texts.keys()


async def _two_cases(place: Place) -> tuple[str, str]:
    """Their ids; one has a file, and more was written to it."""
    file = DraftFile("tep-1.txt", "text/plain", LIST)
    fan = (await place.submit(replace(draft(place.world, FAN), files=(file,)))).receipt
    keys = await place.room.derive(fan)
    await following.write_again(await place.context(), place.room, keys.case_id, b"i" * 16, REPLY)
    pay = (await place.submit(draft(place.world, PAY, "pay"))).receipt
    return keys.case_id.hex(), (await place.case_of(pay)).id.hex()


async def _note_and_answer(desk: Desk) -> None:
    await desk.open_case("Quạt")
    await desk.page.get_by_text("Ghi chú nội bộ", exact=True).click()
    await desk.write(NOTE, "Lưu ghi chú")
    await desk.sees("Đã lưu ghi chú")
    await desk.page.get_by_text("Trả lời", exact=True).click()
    await desk.write(ANSWER)
    await desk.sees("Đã niêm và gửi")


async def _exported(desk: Desk, folder: Path) -> Path:
    """The folder into which the archive was unpacked that the page hands over."""
    await desk.turn_to("Khoá", "Khoá của tôi")
    async with desk.page.expect_download() as saved:
        await desk.page.get_by_role("button", name="Xuất toàn bộ kiến nghị").click()
    with tarfile.open(await (await saved.value).path()) as archive:
        archive.extractall(folder / "archive", filter="data")
    return folder / "archive"


async def _opened(folder: Path, command: str, sealed: Path) -> tuple[Mapping[str, Any], bytes]:
    """The header and the content, by the README's own command, taken apart as it says."""
    program, *words = shlex.split(command.replace("ten-tep.age", str(sealed)))
    assert program == "age"
    await age(folder, words)
    plain = (folder / "noi-dung.bin").read_bytes()
    header, rest = _piece(plain)
    content, zeros = _piece(rest)
    assert not zeros.strip(b"\0")
    return json.loads(header), content


def _piece(plain: bytes) -> tuple[bytes, bytes]:
    """What the first four bytes tell the length of, and what follows it."""
    end = 4 + int.from_bytes(plain[:4])
    return plain[4:end], plain[end:]
