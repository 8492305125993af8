import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from handlers.kit.errors import RefusedError
from handlers.kit.invitations import Invitation, code_hash, compact
from handlers.kit.roles import Role
from handlers.kit.texts import Texts
from handlers.roster import actions
from handlers.roster.actions import ImportReport
from handlers.roster.reading import Reading, RosterRow, RowProblem, read_roster
from handlers.roster.rules import FURTHEST_START
from storage import accounts, branch, invitations, members
from storage.concerns import readers
from storage.concerns.expiry import ExpiryKeys
from storage.database import Database
from storage.members import Member
from tests.people import CHAIR, COMMITTEE, PEOPLE, WORKER
from tests.storage.concerns.filing import file_case
from tests.world import ROOT, ZONE, SeededChance, SetClock, World

HEADER = "Mã,Họ và tên,Tổ công đoàn,Chức vụ,Đoàn viên,Đảng viên,Vai trò,Ngày vào làm\n"


def _row(code: str, name: str, *roles: Role, group: str = "Tổ Hành chính") -> RosterRow:
    return RosterRow(2, code, name, group, "", True, False, frozenset({Role.WORKER, *roles}), None)


def _chair() -> RosterRow:
    return _row(CHAIR, "Nguyễn Thị Ánh", Role.CHAIR, Role.COMMITTEE)


def _newcomers(number: int) -> list[RosterRow]:
    return [_row(f"MỚI{index:03}", f"Người Mới {index}") for index in range(number)]


async def _import(
    world: World, rows: Iterable[RosterRow], *, dry_run: bool = False, **allowed: bool
) -> ImportReport:
    async with world.database.write() as tx:
        reading = Reading(tuple(rows), ())
        return await actions.import_roster(world.work(tx), reading, dry_run=dry_run, **allowed)


async def _everybody(world: World) -> dict[str, Member]:
    async with world.database.read() as tx:
        return {member.code: member for member in await members.everybody(tx)}


async def _current_rows(world: World) -> list[RosterRow]:
    """The roster as a file would say it."""
    flags = {
        "is_group_leader": Role.GROUP_LEADER,
        "is_committee": Role.COMMITTEE,
        "is_chair": Role.CHAIR,
        "is_cell_committee": Role.CELL_COMMITTEE,
        "is_employer": Role.EMPLOYER,
    }
    return [
        RosterRow(
            2,
            member.code,
            member.full_name,
            member.group_name,
            member.position,
            member.is_union_member,
            member.is_party_member,
            frozenset({Role.WORKER, *(role for flag, role in flags.items() if getattr(member, flag))}),
            member.started_on,
        )
        for member in (await _everybody(world)).values()
    ]


async def test_the_same_roster_again_changes_nothing(branch_world: World) -> None:
    before = await _everybody(branch_world)
    report = await _import(branch_world, await _current_rows(branch_world))
    assert report.as_json() == {"added": 0, "changed": 0, "left": 0, "errors": []}
    assert await _everybody(branch_world) == before


async def test_people_are_added_changed_and_leave(branch_world: World) -> None:
    rows = [row for row in await _current_rows(branch_world) if row.code != COMMITTEE]
    rows = [replace(row, position="Kế toán") if row.code == WORKER else row for row in rows]
    rows.append(_row("NV11", "Tạ Quỳnh", Role.GROUP_LEADER, group="Tổ Mới"))
    report = await _import(branch_world, rows)
    assert report.as_json() == {"added": 1, "changed": 1, "left": 1, "errors": []}
    people = await _everybody(branch_world)
    assert people[WORKER].position == "Kế toán"
    assert not people[COMMITTEE].is_active
    assert (people["NV11"].group_name, people["NV11"].is_group_leader) == ("Tổ Mới", True)
    assert [member.code for member in report.left] == [COMMITTEE]


async def _read(world: World, *codes: str) -> None:
    """Give these people keys for concerns."""
    async with world.database.write() as tx:
        for code in codes:
            person = await members.by_code(tx, code)
            assert person is not None
            await readers.ask(tx, person.id, f"age1{code}", "{}", world.clock.now(), is_first=True)


async def test_who_loses_a_reader_of_concerns_is_warned(branch_world: World) -> None:
    await _read(branch_world, CHAIR, COMMITTEE)
    rows = await _current_rows(branch_world)
    staying = [row for row in rows if row.code != COMMITTEE]
    report = await _import(branch_world, staying, dry_run=True)
    assert (report.readers_lost, report.no_reader_left) == (("Trần Văn Bình",), False)
    demoted = [replace(row, roles=frozenset({Role.WORKER})) if row.code == COMMITTEE else row for row in rows]
    report = await _import(branch_world, demoted)
    assert (report.readers_lost, report.no_reader_left) == (("Trần Văn Bình",), False)
    # They are no reader any more: nothing is lost with them a second time.
    assert (await _import(branch_world, staying)).readers_lost == ()
    successor = _row("NV50", "Tạ Quỳnh", Role.CHAIR)
    report = await _import(branch_world, [successor], dry_run=True, allow_many_left=True)
    assert (report.readers_lost, report.no_reader_left) == (("Nguyễn Thị Ánh",), True)


async def test_what_only_a_lost_reader_opens_is_said(branch_world: World, tmp_path: Path) -> None:
    await _read(branch_world, CHAIR, COMMITTEE)
    # Sealed for the first of them.
    await file_case(branch_world.database, ExpiryKeys(tmp_path / "keys"), branch_world.chance)
    rows = await _current_rows(branch_world)
    roles = {CHAIR: frozenset({Role.WORKER}), COMMITTEE: frozenset({Role.WORKER, Role.CHAIR})}
    swapped = [replace(row, roles=roles.get(row.code, row.roles)) for row in rows]
    report = await _import(branch_world, swapped, dry_run=True)
    assert (report.readers_lost, report.hanging, report.no_reader_left) == (("Nguyễn Thị Ánh",), 1, False)
    staying = [row for row in rows if row.code != COMMITTEE]
    assert (await _import(branch_world, staying, dry_run=True)).hanging == 0


async def test_who_comes_back_is_the_same_person(branch_world: World) -> None:
    rows = await _current_rows(branch_world)
    before = (await _everybody(branch_world))[WORKER]
    await _import(branch_world, [row for row in rows if row.code != WORKER])
    report = await _import(branch_world, rows)
    assert report.as_json()["changed"] == 1
    assert (await _everybody(branch_world))[WORKER] == before


async def test_a_dry_run_tells_and_changes_nothing(branch_world: World) -> None:
    before = await _everybody(branch_world)
    report = await _import(branch_world, [_chair(), *_newcomers(3)], dry_run=True, allow_many_left=True)
    assert (len(report.added), len(report.left)) == (3, len(PEOPLE) - 1)
    assert report.objection is None
    assert await _everybody(branch_world) == before


async def test_one_mistake_keeps_everybody_out(branch_world: World, tmp_path: Path) -> None:
    before = await _everybody(branch_world)
    file = tmp_path / "roster.csv"
    file.write_text(HEADER + "NV50,Tạ Quỳnh,Tổ Mới,,x,,,\nNV51,,Tổ Mới,,x,,,\n", "utf-8")
    async with branch_world.database.write() as tx:
        report = await actions.import_roster(branch_world.work(tx), read_roster(file), dry_run=False)
    assert report.as_json()["added"] == 0
    [error] = report.as_json()["errors"]
    assert (error["row"], error["column"]) == (3, "Họ và tên")
    assert await _everybody(branch_world) == before


async def test_who_starts_in_more_than_a_year_is_a_mistake(branch_world: World) -> None:
    latest = branch_world.clock.now().astimezone(ZONE).date() + FURTHEST_START
    next_year = replace(_row("NV50", "Tạ Quỳnh"), line=3, started_on=latest)
    one_day_later = replace(_row("NV51", "Tạ Quý"), line=4, started_on=latest + timedelta(days=1))
    other = RowProblem(7, "Mã", "Mã bị trùng.")
    async with branch_world.database.write() as tx:
        reading = Reading((_chair(), next_year, one_day_later), (other,))
        report = await actions.import_roster(branch_world.work(tx), reading, dry_run=False)
    late, found = report.errors
    assert (late.row, late.column) == (4, "Ngày vào làm")
    assert f"{latest + timedelta(days=1):%d/%m/%Y}" in late.problem
    assert found == other
    assert "NV50" not in await _everybody(branch_world)


async def test_who_starts_within_a_year_may_stand_on_the_roster(branch_world: World) -> None:
    latest = branch_world.clock.now().astimezone(ZONE).date() + FURTHEST_START
    row = replace(_row("NV50", "Tạ Quỳnh"), started_on=latest)
    report = await _import(branch_world, [_chair(), row], allow_many_left=True)
    assert report.errors == ()
    assert (await _everybody(branch_world))["NV50"].started_on == latest


async def test_errors_are_told_as_they_were_found(branch_world: World) -> None:
    problem = RowProblem(7, "Mã", "Mã bị trùng.")
    async with branch_world.database.write() as tx:
        reading = Reading((_chair(),), (problem,))
        report = await actions.import_roster(branch_world.work(tx), reading, dry_run=True)
    assert report.as_json() == {
        "added": 0,
        "changed": 0,
        "left": 0,
        "errors": [{"row": 7, "column": "Mã", "problem": "Mã bị trùng."}],
    }


async def test_a_file_that_lacks_most_people_is_refused(branch_world: World) -> None:
    await _import(branch_world, [*await _current_rows(branch_world), *_newcomers(10)])
    before = await _everybody(branch_world)
    few = [_chair(), *_newcomers(5)]
    with pytest.raises(RefusedError) as refusal:
        await _import(branch_world, few)
    assert (refusal.value.key, refusal.value.values) == ("roster/many_left", {"left": 14, "active": 20})
    assert await _everybody(branch_world) == before
    assert (await _import(branch_world, few, dry_run=True)).objection is not None
    assert (await _import(branch_world, few, allow_many_left=True)).as_json()["left"] == 14


async def test_the_last_chair_can_not_vanish(branch_world: World) -> None:
    before = await _everybody(branch_world)
    rows = [row for row in await _current_rows(branch_world) if row.code != CHAIR]
    with pytest.raises(RefusedError) as refusal:
        await _import(branch_world, rows, allow_many_left=True, allow_renamed=True)
    assert refusal.value.key == "roster/no_chair"
    assert await _everybody(branch_world) == before


async def test_a_code_does_not_pass_to_somebody_else_unnoticed(branch_world: World) -> None:
    rows = [
        replace(row, full_name="Tạ Quỳnh") if row.code == WORKER else row
        for row in await _current_rows(branch_world)
    ]
    with pytest.raises(RefusedError) as refusal:
        await _import(branch_world, rows)
    assert refusal.value.values == {"people": [(WORKER, "Đặng Thu Hà", "Tạ Quỳnh")]}
    assert (await _everybody(branch_world))[WORKER].full_name == "Đặng Thu Hà"
    await _import(branch_world, rows, allow_renamed=True)
    async with branch_world.database.read() as tx:
        assert [person.code for person in await members.search(tx, "ta quynh", 5)] == [WORKER]


async def test_two_spellings_of_a_group_are_one(branch_world: World) -> None:
    rows = [_row("A1", "Một", group="Tổ Kho"), _row("A2", "Hai", group="tổ  KHO")]
    await _import(branch_world, [*await _current_rows(branch_world), *rows])
    people = await _everybody(branch_world)
    assert people["A1"].group_name == people["A2"].group_name == "Tổ Kho"


# Founding


async def _init(
    database: Database, world: World, name: str = "Công đoàn Mới", chair: str = "Nguyễn Thị Ánh"
) -> Invitation:
    async with database.write() as tx:
        _branch, invitation = await actions.init_branch(
            tx, world.services.texts, SeededChance(), world.clock.now(), name=name, chair=chair
        )
        return invitation


@pytest.fixture
def empty_world(database: Database, clock: SetClock) -> World:
    return World(database, clock)


async def test_founding_makes_a_branch_and_invites_its_chair(empty_world: World) -> None:
    made = await _init(empty_world.database, empty_world, "  Công đoàn   Mới\n", "Nguyễn Thị A\u0301nh")
    async with empty_world.database.read() as tx:
        founded = await branch.load(tx)
        stored = await invitations.by_hash(tx, code_hash(compact(made.code)))
    assert founded is not None
    assert founded.name == "Công đoàn Mới"
    assert len(founded.tag) == 4
    assert founded.tag.isalnum()
    assert stored is not None
    chair = stored.member
    assert (chair.code, chair.full_name, chair.group_name) == ("CT", "Nguyễn Thị Ánh", "Ban chấp hành")
    assert chair.is_chair


async def test_a_branch_is_founded_once(branch_world: World) -> None:
    with pytest.raises(RefusedError) as refusal:
        await _init(branch_world.database, branch_world)
    assert refusal.value.key == "roster/branch_exists"


@pytest.mark.parametrize(
    ("name", "chair"), [("", "An"), ("A", " \u200b "), ("A" * 201, "An"), ("A", "B" * 101)]
)
async def test_a_branch_needs_names(empty_world: World, name: str, chair: str) -> None:
    with pytest.raises(RefusedError) as refusal:
        await _init(empty_world.database, empty_world, name, chair)
    assert refusal.value.key == "roster/names_needed"
    async with empty_world.database.read() as tx:
        assert await branch.load(tx) is None


async def test_the_first_roster_takes_the_founder_over_with_account_and_invitation(
    empty_world: World,
) -> None:
    await _init(empty_world.database, empty_world)
    async with empty_world.database.write() as tx:
        [founder] = await members.everybody(tx)
        account = await accounts.arrive(tx, "direct", "chair", empty_world.clock.now())
        await accounts.link(tx, account.id, founder.id, empty_world.clock.now())
    rows = [_row("CT", "Ai Khác"), _row("CB01", "NGUYỄN THỊ ÁNH", Role.CHAIR), _row("CB02", "Ba")]
    report = await _import(empty_world, rows)
    assert report.as_json() == {"added": 2, "changed": 1, "left": 0, "errors": []}
    people = await _everybody(empty_world)
    assert people["CB01"].id == founder.id
    assert people["CB01"].full_name == "NGUYỄN THỊ ÁNH"
    assert people["CT"].full_name == "Ai Khác"
    async with empty_world.database.read() as tx:
        linked = await accounts.load(tx, "direct", "chair")
    assert linked is not None
    assert linked.member is not None
    assert linked.member.code == "CB01"


async def test_a_roster_without_a_chair_leaves_the_founder(empty_world: World) -> None:
    await _init(empty_world.database, empty_world)
    report = await _import(empty_world, [_row("A1", "Một"), _row("A2", "Hai")])
    assert report.as_json() == {"added": 2, "changed": 0, "left": 0, "errors": []}
    assert (await _everybody(empty_world))["CT"].is_chair


@pytest.mark.parametrize(
    ("key", "values"),
    [
        ("roster/many_left", {"left": 1200, "active": 2000}),
        ("roster/no_chair", {}),
        ("roster/renamed", {"people": [(f"NV{n}", "<b>An</b>", "Bình & Co") for n in range(7)]}),
        ("roster/branch_exists", {"name": "X"}),
        ("roster/names_needed", {"longest_branch": 200, "longest_name": 100}),
    ],
)
def test_refusals_say_that_nothing_was_done(key: str, values: dict[str, object]) -> None:
    said = Texts(ROOT / "messages", ZONE, "anh/chị").render(key, **values)
    assert re.search("chưa (nhập|có) gì|không thay đổi gì", said, re.IGNORECASE)
    assert "<b>An</b>" not in said
