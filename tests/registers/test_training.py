"""Officers' training: who attended what, who lacks it, what the target counts."""

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest

from handlers.kit.errors import RefusedError, StaleError
from handlers.kit.payload import encode
from handlers.registers.training import actions
from storage import members
from storage.outbox import Attached
from storage.registers import training as kept
from storage.registers.training import Training
from storage.schema.messages import attachment
from tests.people import CHAIR, COMMITTEE, LEADER, OTHER_LEADER, WORKER
from tests.registers.office import TODAY, do, person
from tests.talk import Shown
from tests.world import BRANCH, ZONE, World

COURSE = "Nghiệp vụ công đoàn cơ sở"
PNG = b"\x89PNG\r\n\x1a\n"
PICTURE = Attached("chung-nhan.png", "image/png", PNG + b"picture")


async def _note(world: World, codes: str, course: str = COURSE, day: date = TODAY) -> list[Training]:
    return await do(world, lambda work: actions.note(work, None, codes, course, day))


async def test_officers_are_those_of_the_day(branch_world: World) -> None:
    await _note(branch_world, f"{CHAIR}, {WORKER.lower()}", day=TODAY - timedelta(days=30))
    await _note(branch_world, f"{COMMITTEE}; {CHAIR}", "Lớp hai")
    standing = await do(branch_world, actions.look)
    assert (standing.share.part, standing.share.whole, standing.is_reached) == (2, 4, False)
    assert [each.code for each in standing.lacking] == [LEADER, OTHER_LEADER]
    assert [each.course for each in standing.courses] == ["Lớp hai", "Lớp hai", COURSE, COURSE]
    later = TODAY + timedelta(days=60)
    branch_world.clock.forward(days=30)
    leader = await person(branch_world, LEADER)
    async with branch_world.database.write() as tx:
        await members.change(
            tx, [{"b_id": leader.id, "is_group_leader": False, "changed_at": branch_world.clock.now()}]
        )
        await members.mark_left(tx, [OTHER_LEADER], branch_world.clock.now())
    async with branch_world.database.read() as tx:
        now, then = await kept.trained(tx, later, ZONE), await kept.trained(tx, TODAY, ZONE)
        before = await kept.trained(tx, TODAY - timedelta(days=1), ZONE)
        lacked = await kept.lacking(tx, TODAY, ZONE)
    assert [(each.part, each.whole) for each in (now, then, before)] == [(2, 2), (2, 4), (0, 0)]
    assert {each.code for each in lacked} == {LEADER, OTHER_LEADER}
    assert (await do(branch_world, actions.look)).is_reached


async def test_who_stands_there_already_stays_and_others_are_added(branch_world: World) -> None:
    [first] = await _note(branch_world, CHAIR)
    [second] = await _note(branch_world, f"{CHAIR} {COMMITTEE}")
    assert (second.full_name, second.id != first.id) == ("Trần Văn Bình", True)
    with pytest.raises(RefusedError, match="trained_already"):
        await _note(branch_world, CHAIR)


@pytest.mark.parametrize(
    ("codes", "course", "shift", "why"),
    [
        ("", COURSE, 0, "how_many_people"),
        (" ".join(f"X{number}" for number in range(201)), COURSE, 0, "how_many_people"),
        (f"{CHAIR} KHONG-CO", COURSE, 0, "unknown_codes"),
        (CHAIR, "  ", 0, "length"),
        (CHAIR, "x" * 151, 0, "length"),
        (CHAIR, COURSE, 1, "day_out_of_reach"),
    ],
)
async def test_what_is_refused(branch_world: World, codes: str, course: str, shift: int, why: str) -> None:
    with pytest.raises(RefusedError, match=why):
        await _note(branch_world, codes, course, TODAY + timedelta(days=shift))
    assert (await do(branch_world, actions.look)).courses == []


async def _files(world: World) -> int:
    async with world.database.read() as tx:
        return len(await tx.all(attachment.select()))


async def test_a_certificate_with_its_picture(branch_world: World) -> None:
    [found] = await _note(branch_world, CHAIR)
    numbered = await do(branch_world, lambda work: actions.set_certificate(work, found.id, " 12/CN "))
    assert numbered.certificate == "12/CN"
    cleared = await do(branch_world, lambda work: actions.set_certificate(work, found.id, "-"))
    assert cleared.certificate == ""
    await do(branch_world, lambda work: actions.set_file(work, found.id, PICTURE))
    other = Attached("khac.png", "image/png", PNG + b"other")
    pictured = await do(branch_world, lambda work: actions.set_file(work, found.id, other))
    async with branch_world.database.read() as tx:
        assert await kept.file_of(tx, pictured) == other
    assert await _files(branch_world) == 1
    await do(branch_world, lambda work: actions.remove(work, found.id))
    assert await _files(branch_world) == 0
    with pytest.raises(StaleError):
        await do(branch_world, lambda work: actions.remove(work, found.id))


async def test_ones_own_certificate_with_ones_own_data(branch_world: World) -> None:
    found, other = await _note(branch_world, f"{CHAIR} {COMMITTEE}")
    async with branch_world.database.write() as tx:
        for each in (found, other):
            file = replace(PICTURE, content=PNG + each.code.encode())
            await actions.set_file(branch_world.work(tx), each.id, file)
    mine, others = (found, other) if found.code == COMMITTEE else (other, found)
    talk = await branch_world.talk(COMMITTEE)
    await talk.says("/toi")
    await talk.taps("Tải dữ liệu của tôi")
    talk.sees("Chứng nhận tập huấn của anh/chị là tệp riêng")
    [(_name, data)] = talk.files
    assert json.loads(data)["tập huấn"][0]["tệp chứng nhận"] == PICTURE.name
    await talk.taps(f"Chứng nhận: {COURSE}")
    assert talk.files == [(PICTURE.name, PNG + COMMITTEE.encode())]
    talk.sees(f"Chứng nhận của anh/chị, lớp {COURSE}")
    await talk.presses(Shown("old", ""), encode(BRANCH.tag, "me.certificate", others.id))
    assert talk.files == []
    await do(branch_world, lambda work: actions.remove(work, mine.id))
    await talk.presses(Shown("old", ""), encode(BRANCH.tag, "me.certificate", mine.id))
    assert talk.files == []
    await talk.says("/toi")
    await talk.taps("Tải dữ liệu của tôi")
    talk.misses("Chứng nhận tập huấn")


async def test_a_day_to_come_is_refused_before_people_are_asked_for(branch_world: World) -> None:
    talk = await branch_world.talk(CHAIR)
    await talk.presses(Shown("old", ""), encode(BRANCH.tag, "registers.add_training"))
    await talk.says(COURSE)
    await talk.says("31/12/2099")
    talk.sees("Ngày này cần nằm trong khoảng")
    await talk.says("28/02/2026")
    talk.sees("Ai đã học?")


@pytest.mark.parametrize(
    ("content", "mime"),
    [
        (b"%PDF-1.7", "application/pdf"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"RIFF\x10\0\0\0WEBPVP8 ", "image/webp"),
        (b"\0\0\0\x18ftypheic", "image/heic"),
        (b"\0\0\0\x18ftypmif1", "image/heif"),
        (b"\0\0\0\x18ftypmp42", None),
        (b"<svg onload=x>", None),
        (b"MZ", None),
        (b"", None),
    ],
)
async def test_what_a_certificate_is_its_bytes_say(
    branch_world: World, content: bytes, mime: str | None
) -> None:
    [found] = await _note(branch_world, CHAIR)
    file = Attached("chung-nhan.png", "application/octet-stream", content)
    if mime is None:
        with pytest.raises(RefusedError, match="not_a_file"):
            await do(branch_world, lambda work: actions.set_file(work, found.id, file))
        return
    pictured = await do(branch_world, lambda work: actions.set_file(work, found.id, file))
    async with branch_world.database.read() as tx:
        assert await kept.file_of(tx, pictured) == replace(file, mime=mime)
