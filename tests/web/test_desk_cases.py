"""Concerns at the desk: sealed bytes out and in, decisions, and two officers at once."""

import asyncio
import io
import tarfile
from datetime import timedelta

import pyrage
import pytest
from sqlalchemy import select

from handlers.kit import sealing
from storage.concerns import cases, items, news
from storage.concerns.items import ItemKind, NewItem
from storage.desk import acts
from storage.schema.concerns import concern_case, concern_item
from tests.web.desk import Officer, seal, submit
from tests.web.house import Answer, House

ITEM, OTHER = "aa" * 16, "bb" * 16
PHRASE = "Câu này chỉ người đọc mới được thấy"
WRITER = pyrage.x25519.Identity.generate()
BACK = str(WRITER.to_public())


@pytest.fixture
async def number(chair: Officer) -> int:
    """The chair reads; the reader's number."""
    return await chair.become_reader()


async def _answer(officer: Officer, case: str, readers: int | str, **query: object) -> Answer:
    told = {"version": 0, "item": ITEM, "readers": readers, **query}
    return await officer.write(f"cases/{case}/answer", seal([officer.recipient, BACK], "Đã rõ."), **told)


async def _case(officer: Officer, case: str) -> dict[str, object]:
    return next(each for each in (await officer.get("cases")).json if each["id"] == case)


@pytest.mark.usefixtures("number")
async def test_a_case_is_read_from_its_first_opening_on(office: House, chair: Officer) -> None:
    case, item = await submit(office, [chair.recipient], PHRASE)
    [listed] = (await chair.get("cases")).json
    assert (listed["state"], listed["name"], listed["version"]) == ("new", case[:8], 0)
    assert listed["week"] == "2026-03-02"
    opened = (await chair.post(f"cases/{case}/open")).json
    assert (opened["case"]["state"], opened["case"]["version"]) == ("read", 1)
    assert [(each["id"], each["kind"], each["number"]) for each in opened["items"]] == [(item, "concern", 1)]
    assert (await chair.post(f"cases/{case}/open")).json["case"]["version"] == 1
    async with office.database.read() as tx:
        done = await acts.latest(tx, 1)
    assert [(each.act, each.subject) for each in done] == [("read", case[:8])]


@pytest.mark.usefixtures("number")
async def test_sealed_items_open_in_the_readers_browser_only(office: House, chair: Officer) -> None:
    _case_id, item = await submit(office, [chair.recipient], PHRASE)
    sealed = await chair.raw("GET", f"items/{item}")
    assert sealing.decode(pyrage.decrypt(sealed, [chair.identity])).header["text"] == PHRASE
    assert PHRASE.encode() not in sealed
    assert await chair.frames([item, "00" * 16]) == {item: sealed}
    async with office.database.read() as tx:
        kept = [row.sealed for row in await tx.all(select(concern_item.c.sealed))]
    assert not [each for each in kept if sealed in each or each.startswith(sealed[:100])]


@pytest.mark.usefixtures("number")
async def test_many_come_in_one_answer_and_are_one_act(office: House, chair: Officer) -> None:
    made = [await submit(office, [chair.recipient], f"Việc {each}", each) for each in range(1, 90)]
    listed = (await chair.get("items", params={"kind": "concern"})).json
    assert {each["id"] for each in listed} == {item for _case_id, item in made}
    found = await chair.frames([item for _case_id, item in made])
    texts = {sealing.decode(pyrage.decrypt(each, [chair.identity])).header["text"] for each in found.values()}
    assert texts == {f"Việc {each}" for each in range(1, 90)}
    async with office.database.read() as tx:
        [act] = await acts.latest(tx, 1)
    assert (act.act, act.details) == ("fetched", {})


async def test_whoever_reads_nothing_gets_nothing(
    office: House, chair: Officer, colleague: Officer, number: int
) -> None:
    case, item = await submit(office, [chair.recipient], PHRASE)
    await colleague.become_reader()
    for answer in [
        await colleague.get("cases"),
        await colleague.get("items"),
        await colleague.get(f"items/{item}"),
        await colleague.post("sealed", {"ids": [item]}),
        await colleague.post("export"),
        await colleague.post(f"cases/{case}/open"),
        await colleague.post(f"cases/{case}/state", {"version": 0, "state": "in_progress"}),
        await colleague.post(f"cases/{case}/assign", {"version": 0, "reader": number}),
        await colleague.post(f"cases/{case}/merge", {"version": 0, "into": None}),
        await _answer(colleague, case, number),
        await colleague.write(f"cases/{case}/decline", b"x", version=0, item=ITEM, readers=number),
        await colleague.write(f"cases/{case}/note", b"x", version=0, item=ITEM, readers=number),
        await colleague.write("reseal", b"", readers=number),
    ]:
        assert (answer.status, answer.json["reason"]) == (403, "not_reader")
    assert (await _case(chair, case))["version"] == 0


async def test_an_answer_reaches_the_writer_and_counts_as_the_first(
    office: House, chair: Officer, number: int
) -> None:
    case, _item = await submit(office, [chair.recipient], PHRASE)
    answered = (await _answer(chair, case, number)).json
    assert (answered["state"], answered["version"]) == ("answered", 1)
    assert (answered["first_answer_week"], answered["answered_in_time"]) == ("2026-03-02", True)
    async with office.database.read() as tx:
        assert await news.is_waiting(tx)
    sealed = await chair.raw("GET", f"items/{ITEM}")
    assert sealing.decode(pyrage.decrypt(sealed, [WRITER])).header["text"] == "Đã rõ."
    office.clock.forward(days=8)
    await chair.enter()
    later = await _answer(chair, case, number, version=1, item=OTHER, state="in_progress")
    assert (later.json["state"], later.json["first_answer_week"]) == ("in_progress", "2026-03-02")


async def test_an_answer_after_its_day_is_late(office: House, chair: Officer, number: int) -> None:
    case, _item = await submit(office, [chair.recipient], PHRASE)
    office.clock.forward(days=1)
    await chair.enter()
    assert (await _answer(chair, case, number)).json["answered_in_time"] is False


async def test_an_answer_that_is_sent_again_is_there_once(office: House, chair: Officer, number: int) -> None:
    case, _item = await submit(office, [chair.recipient], PHRASE)
    for _ in range(2):
        answer = await _answer(chair, case, number)
        assert (answer.status, answer.json["version"]) == (200, 1)
    note = {"version": 1, "item": OTHER, "readers": number}
    for _ in range(2):
        again = await chair.write(f"cases/{case}/note", seal([chair.recipient], "N", "note"), **note)
        assert (again.status, again.json["version"]) == (200, 2)
    opened = (await chair.post(f"cases/{case}/open")).json["items"]
    assert [(each["kind"], each["id"]) for each in opened[1:]] == [("answer", ITEM), ("note", OTHER)]
    # Nor does it count for another case.
    other, _item = await submit(office, [chair.recipient], PHRASE, 2)
    assert (await _answer(chair, other, number)).json["reason"] == "not_so"


async def test_of_two_who_answer_at_once_the_second_is_told(
    office: House, chair: Officer, colleague: Officer, number: int
) -> None:
    second = await colleague.become_reader()
    await chair.post(f"readers/{second}/let-in")
    recipients = [chair.recipient, colleague.recipient]
    case, _item = await submit(office, recipients, PHRASE)
    sealed = seal([*recipients, BACK], "Đã rõ.")
    told = {"version": 0, "readers": f"{number},{second}"}
    done = await asyncio.gather(
        chair.write(f"cases/{case}/answer", sealed, item=ITEM, **told),
        colleague.write(f"cases/{case}/answer", sealed, item=OTHER, **told),
    )
    assert sorted(each.status for each in done) == [200, 409]
    refused = next(each for each in done if each.status == 409).json
    assert refused["reason"] == "case_changed"
    assert "vẫn còn trên trang" in refused["problem"]
    async with office.database.read() as tx:
        found = await items.of_case(tx, bytes.fromhex(case))
    assert [each.kind for each in found] == ["concern", "answer"]


async def test_nothing_is_added_to_a_closed_case(office: House, chair: Officer, number: int) -> None:
    case, _item = await submit(office, [chair.recipient], PHRASE)
    assert (await _answer(chair, case, number, state="closed")).json["is_over"] is True
    told = {"version": 1, "item": OTHER, "readers": number}
    note = seal([chair.recipient], "N", "note")
    for answer in [
        await _answer(chair, case, number, version=1, item=OTHER),
        await chair.write(f"cases/{case}/decline", seal([chair.recipient, BACK], "Không."), **told),
        await chair.write(f"cases/{case}/note", note, **told),
        await chair.post(f"cases/{case}/state", {"version": 1, "state": "in_progress"}),
        await chair.post(f"cases/{case}/assign", {"version": 1, "reader": number}),
        await chair.post(f"cases/{case}/merge", {"version": 1, "into": None}),
    ]:
        assert (answer.status, answer.json["reason"]) == (409, "case_over")


async def test_a_case_is_declined_with_a_reason_only(office: House, chair: Officer, number: int) -> None:
    case, _item = await submit(office, [chair.recipient], PHRASE)
    refused = await chair.post(f"cases/{case}/state", {"version": 0, "state": "declined"})
    assert refused.json["reason"] == "not_so"
    assert (await _answer(chair, case, number, state="declined")).json["reason"] == "not_so"
    told = {"version": 0, "item": ITEM, "readers": number}
    reason = seal([chair.recipient, BACK], "Không thuộc công đoàn.")
    for _ in range(2):
        declined = (await chair.write(f"cases/{case}/decline", reason, **told)).json
        assert (declined["state"], declined["first_answer_week"]) == ("declined", "2026-03-02")


async def test_states_go_their_way(office: House, chair: Officer, number: int) -> None:
    case, _item = await submit(office, [chair.recipient], PHRASE)

    async def move(version: int, state: str) -> Answer:
        return await chair.post(f"cases/{case}/state", {"version": version, "state": state})

    assert (await move(0, "closed")).json["reason"] == "not_answered"
    assert (await move(0, "answered")).json["reason"] == "not_so"
    assert (await move(0, "in_progress")).json["version"] == 1
    assert (await move(1, "in_progress")).json["reason"] == "not_so"
    assert (await move(0, "to_dialogue")).json["reason"] == "case_changed"
    assert (await move(1, "to_dialogue")).json["state"] == "to_dialogue"
    assert (await move(2, "nonsense")).status == 400
    await _answer(chair, case, number, version=2, state="to_dialogue")
    assert (await move(3, "closed")).json["is_over"] is True


async def test_cases_are_assigned_to_readers(
    office: House, chair: Officer, colleague: Officer, number: int
) -> None:
    case, _item = await submit(office, [chair.recipient], PHRASE)
    waiting = await colleague.become_reader()
    refused = await chair.post(f"cases/{case}/assign", {"version": 0, "reader": waiting})
    assert (refused.status, refused.json["reason"]) == (404, "reader_gone")
    assert (await chair.post(f"cases/{case}/assign", {"version": 0, "reader": number})).json[
        "assigned_to"
    ] == number
    assert (await chair.post(f"cases/{case}/assign", {"version": 1, "reader": None})).json[
        "assigned_to"
    ] is None


@pytest.mark.usefixtures("number")
async def test_what_tells_the_same_is_merged_without_chains(office: House, chair: Officer) -> None:
    one, two, three = [(await submit(office, [chair.recipient], "x", each))[0] for each in (1, 2, 3)]

    async def merge(case: str, version: int, into: str | None) -> Answer:
        return await chair.post(f"cases/{case}/merge", {"version": version, "into": into})

    assert (await merge(one, 0, one)).json["reason"] == "not_mergeable"
    assert (await merge(two, 0, one)).json["merged_into"] == one
    assert (await merge(three, 0, two)).json["reason"] == "not_mergeable"
    assert (await merge(one, 1, three)).json["reason"] == "not_mergeable"
    assert (await merge(three, 0, "cc" * 16)).json["reason"] == "case_gone"
    # It may close without an answer of its own.
    closed = await chair.post(f"cases/{two}/state", {"version": 1, "state": "closed"})
    assert closed.json["is_over"] is True
    # Nobody would look for it in one that is over.
    assert (await merge(three, 0, two)).json["reason"] == "case_over"
    assert (await merge(three, 0, one)).json["merged_into"] == one
    assert (await merge(three, 1, None)).json["merged_into"] is None


async def _merge(chair: Officer, case: str, version: int, into: str) -> Answer:
    return await chair.post(f"cases/{case}/merge", {"version": version, "into": into})


@pytest.mark.parametrize("way", ["state", "answer", "decline"])
async def test_what_tells_the_same_is_over_with_the_case_it_went_into(
    office: House, chair: Officer, number: int, way: str
) -> None:
    one, two, other = [(await submit(office, [chair.recipient], "x", each))[0] for each in (1, 2, 3)]
    await _merge(chair, two, 0, one)
    sealed = seal([chair.recipient, BACK], "Đã rõ.")
    told = {"version": 1, "item": ITEM, "readers": number}
    if way == "state":
        await _answer(chair, one, number, version=1)
        closed = await chair.post(f"cases/{one}/state", {"version": 2, "state": "closed"})
    elif way == "answer":
        closed = await chair.write(f"cases/{one}/answer", sealed, **told, state="closed")
    else:
        closed = await chair.write(f"cases/{one}/decline", sealed, **told)
    assert closed.json["is_over"] is True
    assert (await _case(chair, two))["state"] == "closed"
    assert (await _case(chair, other))["state"] == "new"


async def test_who_answers_a_case_hears_of_what_was_merged_into_it_meanwhile(
    office: House, chair: Officer, number: int
) -> None:
    """Or the answer would reach one of the two only."""
    one, two = [(await submit(office, [chair.recipient], "x", each))[0] for each in (1, 2)]
    await _merge(chair, two, 0, one)
    assert (await _answer(chair, one, number)).json["reason"] == "case_changed"
    opened = (await chair.post(f"cases/{one}/open")).json
    assert [each["id"] for each in opened["merged"]] == [two]
    assert (await chair.post(f"cases/{two}/open")).json["merged"] == []


async def test_nothing_goes_into_a_case_whose_answer_its_writer_does_not_have(
    office: House, chair: Officer, number: int
) -> None:
    one, two = [(await submit(office, [chair.recipient], "x", each))[0] for each in (1, 2)]
    await _answer(chair, one, number)
    assert (await _merge(chair, two, 0, one)).json["reason"] == "not_told"
    await _answer(chair, two, number, item=OTHER)
    assert (await _merge(chair, two, 1, one)).json["merged_into"] == one


@pytest.mark.parametrize("spoil", ["short", "long", "plain", "few", "many", "text", "truncated"])
async def test_what_is_not_sealed_as_it_should_be_is_not_kept(
    office: House, chair: Officer, number: int, spoil: str
) -> None:
    case, _item = await submit(office, [chair.recipient], PHRASE)
    good = seal([chair.recipient, BACK], "Đã rõ.")
    content = {
        "short": good[:-1],
        "long": good + b"x",
        "plain": PHRASE.encode(),
        "few": seal([chair.recipient], "Đã rõ."),
        "many": seal([chair.recipient, BACK, BACK], "Đã rõ."),
        # Its length would tell that of the text.
        "text": pyrage.encrypt(PHRASE.encode(), [chair.identity.to_public(), WRITER.to_public()]),
        "truncated": good[:120],
    }[spoil]
    answer = await chair.write(f"cases/{case}/answer", content, version=0, item=ITEM, readers=number)
    assert (answer.status, answer.json["reason"]) == (400, "not_sealed")
    assert (await _case(chair, case))["version"] == 0


async def test_what_was_sealed_for_others_than_now_is_refused(
    office: House, chair: Officer, colleague: Officer, number: int
) -> None:
    case, item = await submit(office, [chair.recipient], PHRASE)
    second = await colleague.become_reader()
    await chair.post(f"readers/{second}/let-in")
    for answer in [
        await _answer(chair, case, number),
        await _answer(chair, case, f"{number},{second},77"),
        await chair.write("reseal", b"", readers=number),
    ]:
        assert (answer.status, answer.json["reason"]) == (409, "readers_changed")
    assert (await _case(chair, case))["version"] == 0
    assert [each["kind"] for each in (await chair.post(f"cases/{case}/open")).json["items"]] == ["concern"]
    assert (await chair.raw("GET", f"items/{item}")).count(b"-> X25519") == 1


async def test_a_reader_who_was_let_in_reads_what_is_sealed_anew(
    office: House, chair: Officer, colleague: Officer, number: int
) -> None:
    case, item = await submit(office, [chair.recipient], PHRASE)
    await _answer(chair, case, number)
    second = await colleague.become_reader()
    await chair.post(f"readers/{second}/let-in")
    recipients = [chair.recipient, colleague.recipient]
    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt(await colleague.raw("GET", f"items/{item}"), [colleague.identity])
    body = b"".join(
        bytes.fromhex(each) + len(sealed).to_bytes(4, "big") + sealed
        for each, sealed in [
            (item, seal(recipients, PHRASE, "concern", category="pay", files=[])),
            (ITEM, seal([*recipients, BACK], "Đã rõ.")),
        ]
    )
    readers = f"{second},{number}"
    assert (await chair.write("reseal", body, readers=readers)).json == {"resealed": 2}
    sealed = await colleague.raw("GET", f"items/{item}")
    assert sealing.decode(pyrage.decrypt(sealed, [colleague.identity])).header["text"] == PHRASE
    # All of it or nothing.
    for wrong in (body[:-1], body + b"x", b"short"):
        assert (await chair.write("reseal", wrong, readers=readers)).status == 400
    unknown = body + bytes(16) + b"\0\0\0\0"
    assert (await chair.write("reseal", unknown, readers=readers)).json["reason"] == "item_gone"
    few = bytes.fromhex(item) + len(sealed).to_bytes(4, "big") + seal([BACK], PHRASE)
    assert (await chair.write("reseal", few, readers=readers)).status == 400


async def test_what_is_past_its_time_is_gone(office: House, chair: Officer, number: int) -> None:
    case, item = await submit(office, [chair.recipient], PHRASE)
    [month] = office.keys.months()
    office.keys.destroy(month)
    gone = await chair.get(f"items/{item}")
    assert (gone.status, gone.json["reason"]) == (404, "item_gone")
    assert await chair.frames([item]) == {}
    archive = tarfile.open(fileobj=io.BytesIO(await chair.raw("POST", "export")))  # noqa: SIM115 - of memory
    assert archive.getnames() == ["DOC-TRUOC.txt"]
    async with office.database.write() as tx:
        await cases.destroy(tx, month + timedelta(days=40))
    for answer in [
        await chair.post(f"cases/{case}/open"),
        await _answer(chair, case, number),
        await chair.post(f"cases/{case}/state", {"version": 0, "state": "in_progress"}),
    ]:
        assert (answer.status, answer.json["reason"]) == (404, "case_gone")
    assert (await chair.get(f"items/{item}")).status == 404
    assert (await chair.get("items/xyz")).status == 404


async def test_everything_can_be_taken_along(office: House, chair: Officer, number: int) -> None:
    case, item = await submit(office, [chair.recipient], PHRASE)
    await _answer(chair, case, number)
    async with office.database.write() as tx:
        found = await cases.by_id(tx, bytes.fromhex(case))
        assert found is not None
        file = sealing.seal_to(
            [chair.recipient], sealing.encode({"kind": "file", "name": "a"}, b"x" * 30_000)
        )
        new = NewItem(bytes(16), ItemKind.FILE, file)
        await items.add(
            tx, office.keys, found.id, [new], week=found.week, until=found.destroyed_after, readers=[number]
        )
    # A file is no text for the inbox.
    assert list(await chair.frames([item, "00" * 16])) == [item]
    archive = tarfile.open(fileobj=io.BytesIO(await chair.raw("POST", "export")))  # noqa: SIM115 - of memory
    assert archive.getnames() == [
        "DOC-TRUOC.txt",
        f"{case}/01-concern.age",
        f"{case}/02-answer.age",
        f"{case}/03-file.age",
    ]
    words = archive.extractfile("DOC-TRUOC.txt")
    assert words is not None
    assert "age --decrypt" in words.read().decode()
    first = archive.extractfile(f"{case}/01-concern.age")
    assert first is not None
    assert sealing.decode(pyrage.decrypt(first.read(), [chair.identity])).header["text"] == PHRASE
    assert {each.mtime for each in archive} == {0}
    async with office.database.read() as tx:
        [act] = await acts.latest(tx, 1)
    assert (act.act, act.details) == ("exported", {})


async def test_the_record_of_acts_is_shown_page_by_page_and_holds_no_text(
    office: House, chair: Officer, number: int
) -> None:
    case, _item = await submit(office, [chair.recipient], PHRASE)
    await _answer(chair, case, number)
    shown = (await chair.get("acts")).json
    assert [(each["act"], each["subject"]) for each in shown[:3]] == [
        ("answered", case[:8]),
        ("reader_let_in", str(number)),
        ("reader_asked", str(number)),
    ]
    assert shown[0]["said"] == "trả lời kiến nghị"
    assert shown[0]["name"] == "Nguyễn Thị Ánh"
    assert (await chair.get("acts", params={"before": shown[0]["id"]})).json == shown[1:]
    assert (await chair.get("acts", params={"before": "x"})).status == 400
    assert PHRASE not in str(shown)
    async with office.database.read() as tx:
        assert len(await tx.all(select(concern_case))) == 1
