"""What the desk's scripts ask for about themes and figures, on each kind of database."""

from storage.desk import acts
from tests.web.desk import Officer, submit
from tests.web.house import House

WORDS = {"title": "Thông gió trong xưởng", "text": "Đề nghị sửa quạt và đo nhiệt độ."}


async def _theme(officer: Officer, **words: str) -> int:
    answer = await officer.post("themes", WORDS | words)
    assert answer.status == 200, answer.text
    number: int = answer.json["theme"]
    return number


async def test_a_theme_is_written_changed_shown_and_stands(chair: Officer) -> None:
    number = await _theme(chair)
    changed = await chair.post(f"themes/{number}/edit", WORDS | {"title": "Quạt"})
    assert changed.json["title"] == "Quạt"
    assert (await chair.post(f"themes/{number}/publish", {})).json["published_at"]
    handed = (await chair.post(f"themes/{number}/hand-over", {})).json
    assert (handed["state"], bool(handed["handed_over_at"])) == ("open", True)
    assert (await chair.post(f"themes/{number}/edit", WORDS)).json["reason"] == "words_stand"
    assert [each["theme"] for each in (await chair.get("themes")).json] == [number]
    assert (await chair.post(f"themes/{number}/drop")).json["state"] == "dropped"


async def test_what_names_somebody_is_shown_after_a_second_look_only(chair: Officer) -> None:
    words = {"text": "Anh Hoàng Anh Tuấn nói xưởng nóng."}
    hints = (await chair.post("themes/hints", WORDS | words)).json
    assert hints == [{"kind": "name", "found": "Hoàng Anh Tuấn"}]
    number = await _theme(chair, **words)
    for deed in ("publish", "hand-over"):
        refused = await chair.post(f"themes/{number}/{deed}", {})
        assert (refused.status, refused.json["reason"]) == (409, "names_somebody")
        assert "Hoàng Anh Tuấn" in refused.json["problem"]
        assert (await chair.post(f"themes/{number}/{deed}", {"sure": True})).status == 200


async def test_a_case_is_linked_by_readers_only_and_that_is_on_record(
    office: House, chair: Officer, colleague: Officer
) -> None:
    await chair.reads()
    case, _item = await submit(office, [chair.recipient], "Quạt hỏng.")
    number = await _theme(chair)
    assert (await colleague.post(f"cases/{case}/theme", {"theme": number})).json["reason"] == "not_reader"
    assert (await chair.post(f"cases/{case}/theme", {"theme": number})).json["theme"] == number
    assert (await chair.get("cases")).json[0]["theme"] == number
    assert (await chair.post(f"cases/{case}/theme", {"theme": number + 1})).json["reason"] == "no_theme"
    assert (await chair.post(f"cases/{'ab' * 16}/theme", {"theme": number})).status == 404
    assert (await chair.post(f"cases/{case}/theme", {"theme": None})).json["theme"] is None
    async with office.database.read() as tx:
        found = [each for each in await acts.latest(tx, 100) if each.act == "themed"]
    assert [(each.subject, each.details) for each in found] == [
        (case[:8], {"theme": None}),
        (case[:8], {"theme": number}),
    ]


async def test_figures_are_asked_for_by_year(chair: Officer) -> None:
    found = (await chair.get("figures")).json
    assert [each["window"] for each in found][-1] == "2026"
    assert not any(each["counted"] for each in found)
    earlier = (await chair.get("figures", params={"year": "2025"})).json
    assert [each["window"] for each in earlier][-1] == "2025"
    assert (await chair.get("figures", params={"year": "1"})).status == 400
