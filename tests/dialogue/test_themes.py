"""What happens to a theme, who may do it, and what is kept of an answer."""

import asyncio
from datetime import date
from typing import Any

import pytest
from sqlalchemy import insert, text

from handlers.dialogue import actions, naming, themes
from handlers.dialogue.naming import Hint
from handlers.kit.errors import RefusedError
from storage import members
from storage.database import is_sqlite
from storage.dialogue import support
from storage.dialogue import themes as kept
from storage.dialogue.support import AGREES, DISAGREES, Counts
from storage.dialogue.themes import ReplyKind, State, Theme
from storage.schema.concerns import concern_case
from storage.schema.themes import theme_count, theme_voter
from tests.dialogue.table import TEXT, TITLE, Table
from tests.people import COMMITTEE, EMPLOYER, LEADER, PEOPLE, WORKER
from tests.storage.snapshot import changes, snapshot
from tests.talk import Shown

EVERYBODY = [code for code, *_ in PEOPLE]


async def refused(deed: Any) -> str:
    with pytest.raises(RefusedError) as refusal:
        await deed
    return refusal.value.key


async def test_from_the_draft_to_members_and_the_employer(table: Table) -> None:
    made = await table.act(themes.create, "  Bữa \n ăn ca ", f" {TEXT}\n", by=COMMITTEE)
    assert (made.title, made.text, made.state) == (TITLE, TEXT, State.DRAFT)
    edited = await table.act(themes.edit, made.id, TITLE, "Lời khác")
    assert edited.text == "Lời khác"
    open_ = await table.act(themes.publish, made.id)
    assert (open_.state, open_.published_at, open_.handed_over_at) == (
        State.OPEN,
        table.world.clock.now(),
        None,
    )
    both = await table.act(themes.hand_over, made.id)
    assert both.handed_over_at is not None
    assert await refused(table.act(themes.edit, made.id, TITLE, TEXT)) == "dialogue/words_stand"
    assert await refused(table.act(themes.publish, made.id)) == "dialogue/published_already"
    assert await refused(table.act(themes.hand_over, made.id)) == "dialogue/handed_over_already"
    dropped = await table.act(themes.drop, made.id)
    assert dropped.state is State.DROPPED
    assert await refused(table.act(themes.drop, made.id)) == "dialogue/not_dropped_now"
    assert await refused(table.act(themes.answer, made.id, AGREES)) == "dialogue/settled"


async def test_a_settled_theme_is_shown_to_nobody_else(table: Table) -> None:
    made = await table.theme(is_published=False)
    await table.act(themes.drop, made.id)
    assert await refused(table.act(themes.publish, made.id)) == "dialogue/settled"
    assert await refused(table.act(themes.hand_over, made.id)) == "dialogue/settled"


@pytest.mark.parametrize(
    ("title", "words", "key"),
    [
        (" \n", TEXT, "empty"),
        (TITLE, "\u200b ", "empty"),
        ("x" * 121, TEXT, "too_long"),
        (TITLE, "x" * 2_001, "too_long"),
        (TITLE, "x" * 100_000, "too_long"),
    ],
)
async def test_words_that_can_not_be_a_theme(table: Table, title: str, words: str, key: str) -> None:
    assert await refused(table.act(themes.create, title, words)) == f"dialogue/{key}"


async def test_the_longest_theme(table: Table) -> None:
    made = await table.act(themes.create, "x" * 120, "y" * 2_000)
    assert (len(made.title), len(made.text)) == (120, 2_000)


@pytest.mark.parametrize("code", [WORKER, LEADER, EMPLOYER])
async def test_who_may_not_write_themes(table: Table, code: str) -> None:
    await table.appoint()
    made = await table.theme(is_published=False)
    for deed, arguments in (
        (themes.create, (TITLE, TEXT)),
        (themes.edit, (made.id, TITLE, TEXT)),
        (themes.publish, (made.id,)),
        (themes.hand_over, (made.id,)),
        (themes.drop, (made.id,)),
        (actions.list_themes, ()),
        (actions.find_hints, (TITLE, TEXT)),
        (actions.link_case, (b"x" * 16, None)),
    ):
        assert await refused(table.act(deed, *arguments, by=code)) == "home/not_allowed"


async def test_a_theme_that_is_not_there(table: Table) -> None:
    for deed, arguments in (
        (themes.publish, (7,)),
        (themes.edit, (7, TITLE, TEXT)),
        (themes.answer, (7, AGREES)),
        (actions.show_theme, (7,)),
        (actions.link_case, (b"x" * 16, 7)),
    ):
        assert await refused(table.act(deed, *arguments)) == "dialogue/no_theme"


# What may tell who raised it.


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("Chị ĐẶNG Thu Hà, tổ Hành chính, mệt", [("name", "Đặng Thu Hà")]),
        ("hỏi dang thu ha.", [("name", "Đặng Thu Hà")]),
        ("Thu Hà và Hà", []),
        ("người mã nv06!", [("code", "NV06")]),
        ("NV060, NV0", []),
        ("gọi 0912 345 678 nhé", [("phone", "0912 345 678")]),
        ("gọi +84912345678", [("phone", "+84912345678")]),
        ("thưởng 1.000.000.000.000 đồng, 09123456789012", []),
        ("họ nói “bếp nấu dở lắm”", [("quote", "“bếp nấu dở lắm”")]),
        ('họ nói "dở lắm"', [("quote", '"dở lắm"')]),
        (TEXT, []),
    ],
)
async def test_what_names_somebody(table: Table, words: str, found: list[tuple[str, str]]) -> None:
    hints = await table.work(lambda work: naming.hints(work, TITLE, words))
    assert [(each.kind.value, each.found) for each in hints] == found


async def test_who_left_the_roster_is_named_by_nobody(table: Table) -> None:
    async with table.world.database.write() as tx:
        await members.mark_left(tx, [WORKER], table.world.clock.now())
    assert await table.work(lambda work: naming.hints(work, "Đặng Thu Hà NV06")) == []


async def test_a_theme_with_a_name_is_published_only_with_a_confirmation(table: Table) -> None:
    made = await table.theme("Chuyện của Đặng Thu Hà", is_published=False)
    for deed in (themes.publish, themes.hand_over):
        with pytest.raises(RefusedError) as refusal:
            await table.act(deed, made.id)
        assert refusal.value.key == "dialogue/names_somebody"
        assert refusal.value.values["hints"] == [Hint(naming.Kind.NAME, "Đặng Thu Hà")]
        assert (await table.act(deed, made.id, is_confirmed=True)).state is State.OPEN


# The employer's side.


async def test_the_employer_answers_what_was_handed_over(table: Table) -> None:
    await table.appoint()
    made = await table.theme()
    say = (made.id, ReplyKind.POSITION, " Bếp chỉ có hai người. ")
    assert await refused(table.act(themes.reply, *say, by=EMPLOYER)) == "dialogue/no_theme"
    assert await refused(table.act(themes.reply, *say)) == "home/not_allowed"
    await table.act(themes.hand_over, made.id)
    said = await table.act(themes.reply, *say, by=EMPLOYER)
    assert (said.reply_kind, said.reply) == (ReplyKind.POSITION, "Bếp chỉ có hai người.")
    promised = await table.act(themes.reply, made.id, ReplyKind.PROMISE, "Sẽ thuê thêm", by=EMPLOYER)
    assert (promised.reply_kind, promised.reply) == (ReplyKind.PROMISE, "Sẽ thuê thêm")
    long = (made.id, ReplyKind.PROMISE, "x" * 2_001)
    assert await refused(table.act(themes.reply, *long, by=EMPLOYER)) == "dialogue/too_long"
    await table.act(themes.drop, made.id)
    assert await refused(table.act(themes.reply, *say, by=EMPLOYER)) == "dialogue/settled"


# Answers of members.


async def answered(table: Table, theme: Theme, option: int, *codes: str) -> None:
    for code in codes:
        assert await table.act(themes.answer, theme.id, option, by=code)


async def shown(table: Table, theme: Theme) -> Counts:
    async with table.world.database.read() as tx:
        return (await support.shown(tx, [theme.id]))[theme.id]


async def test_everybody_answers_once_and_figures_are_looked_at_once_a_day(table: Table) -> None:
    theme = await table.theme()
    await table.work(themes.look_at_figures)
    await answered(table, theme, AGREES, *EVERYBODY[:5])
    await answered(table, theme, DISAGREES, EVERYBODY[5])
    assert not await table.act(themes.answer, theme.id, DISAGREES, by=EVERYBODY[0])
    await table.count()
    assert not await table.act(themes.answer, theme.id, DISAGREES, by=EVERYBODY[0])
    # Nothing before the next day.
    await table.work(themes.look_at_figures)
    assert await shown(table, theme) == Counts(0, 0)
    table.go_to(date(2026, 3, 3), 0, 1)
    await table.work(themes.look_at_figures)
    assert await shown(table, theme) == Counts(5, 1)
    found = await table.act(actions.show_theme, theme.id)
    assert (found["agree"], found["disagree"]) == (5, None)
    # Four more change nothing, whatever they say.
    await answered(table, theme, AGREES, *EVERYBODY[6:])
    table.go_to(date(2026, 3, 4))
    await table.work(themes.look_at_figures)
    assert await shown(table, theme) == Counts(5, 1)


async def test_the_employer_s_side_is_not_asked_what_workers_think(table: Table) -> None:
    """Who knows its own answers could tell the others' from the figures."""
    theme = await table.theme()
    await table.appoint()
    assert await refused(table.act(themes.answer, theme.id, AGREES, by=EMPLOYER)) == "dialogue/not_both_sides"


async def test_what_can_not_be_answered(table: Table) -> None:
    draft = await table.theme(is_published=False)
    assert await refused(table.act(themes.answer, draft.id, AGREES)) == "dialogue/no_theme"
    await table.act(themes.publish, draft.id)
    assert await refused(table.act(themes.answer, draft.id, 2)) == "dialogue/no_theme"


async def test_two_presses_at_once_count_once(table: Table) -> None:
    theme = await table.theme()
    presses = (table.act(themes.answer, theme.id, each % 2, by=WORKER) for each in range(6))
    assert sorted(await asyncio.gather(*presses)) == [False] * 5 + [True]
    assert len(table.world.services.waiting.of(theme.id)) == 1


async def press(table: Table, code: str, theme: Theme, option: int) -> None:
    talk = await table.world.talk(code)
    await talk.presses(
        Shown(f"old {code} {len(talk.all)}", ""), f"1~t3st~dialogue.answer~{theme.id}~{option}"
    )


async def test_an_event_is_all_that_is_kept_and_later_voters_and_counts(table: Table) -> None:
    theme = await table.theme()
    before = await snapshot(table.world.database)
    for code in EVERYBODY[:5]:
        await table.world.talk(code)
        talked = await snapshot(table.world.database)
        await press(table, code, theme, AGREES)
        assert set(await changes(table.world.database, talked)) == {"processed_event"}
    await table.count()
    changed = await changes(table.world.database, before)
    voters = [(await table.person(code)).id for code in EVERYBODY[:5]]
    assert sorted(changed["theme_voter"]) == sorted(f"({theme.id}, {each})" for each in voters)
    assert changed["theme_count"] == [f"({theme.id}, 0, 0, 0)", f"({theme.id}, 0, 5, 0)"]


async def test_which_answer_it_was_makes_no_other_difference(table: Table) -> None:
    theme = await table.theme()
    left = []
    for code, option in (("NV06", AGREES), ("NV07", DISAGREES)):
        await table.world.talk(code)
        before = await snapshot(table.world.database)
        await press(table, code, theme, option)
        left.append({name: len(each) for name, each in (await changes(table.world.database, before)).items()})
    assert left[0] == left[1]


async def test_there_is_no_place_for_a_time_or_an_order(table: Table) -> None:
    assert {column.name for column in theme_voter.columns} == {"theme_id", "member_id"}
    assert {column.name for column in theme_count.columns} == {"theme_id", "option", "number", "shown"}
    if is_sqlite(table.world.database.url):
        async with table.world.database.read() as tx:
            for name in ("theme_voter", "theme_count"):
                made = await tx.scalar(text(f"SELECT sql FROM sqlite_master WHERE name = '{name}'"))  # noqa: S608
                assert made.rstrip().endswith("WITHOUT ROWID")


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_postgresql_s_own_marks_do_not_tell_which_count_grew(table: Table) -> None:
    theme = await table.theme()
    await answered(table, theme, AGREES, *EVERYBODY[:5])
    await table.count()
    async with table.world.database.read() as tx:
        for name in ("theme_count", "theme_voter"):
            marks = await tx.all(text(f"SELECT DISTINCT xmin::text FROM {name}"))  # noqa: S608
            assert len(marks) == 1


# Cases, and the answers for the officers' page.


async def add_cases(table: Table, number: int) -> list[bytes]:
    ids = [bytes([each]) * 16 for each in range(1, number + 1)]
    row = {
        "week": date(2026, 3, 2),
        "category": "welfare",
        "state": "new",
        "due_on": date(2026, 3, 16),
        "destroyed_after": date(2027, 3, 2),
    }
    async with table.world.database.write() as tx:
        await tx.run_many(insert(concern_case), [row | {"id": each} for each in ids])
    return ids


async def test_cases_point_to_their_theme_and_are_counted_in_fives(table: Table) -> None:
    theme = await table.theme()
    ids = await add_cases(table, 11)
    seen = []
    for each in ids:
        await table.act(actions.link_case, each, theme.id)
        seen.append((await table.act(actions.show_theme, theme.id))["cases"])
    assert seen == [None] * 4 + [5] * 5 + [10] * 2
    await table.act(actions.link_case, ids[0], None)
    async with table.world.database.read() as tx:
        assert await kept.count_cases(tx, theme.id) == 10
    assert await refused(table.act(actions.link_case, b"y" * 16, theme.id)) == "dialogue/no_case"


async def test_the_page_s_answers_are_json(table: Table) -> None:
    await table.appoint()
    made = await table.act(actions.create_theme, TITLE, TEXT)
    assert made == {
        "theme": made["theme"],
        "title": TITLE,
        "text": TEXT,
        "state": "draft",
        "published_at": None,
        "handed_over_at": None,
        "agree": None,
        "disagree": None,
        "cases": None,
        "reply": None,
        "round": None,
    }
    number = made["theme"]
    edited = await table.act(actions.edit_theme, number, TITLE, "Gọi 0912345678")
    assert await table.act(actions.find_hints, TITLE, edited["text"]) == [
        {"kind": "phone", "found": "0912345678"}
    ]
    assert await refused(table.act(actions.publish_theme, number)) == "dialogue/names_somebody"
    published = await table.act(actions.publish_theme, number, is_confirmed=True)
    assert published["published_at"] == "2026-03-02T01:30:00+00:00"
    await table.act(actions.hand_over_theme, number, is_confirmed=True)
    await table.act(themes.reply, number, ReplyKind.PROMISE, "Sẽ sửa", by=EMPLOYER)
    (only,) = await table.act(actions.list_themes)
    assert only["reply"] == {"kind": "promise", "text": "Sẽ sửa", "at": "2026-03-02T01:30:00+00:00"}
    assert (await table.act(actions.drop_theme, number))["state"] == "dropped"
