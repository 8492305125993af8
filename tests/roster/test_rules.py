from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.kit.roles import Role
from handlers.roster import rules
from handlers.roster.reading import RosterRow
from handlers.roster.rules import FOUNDER, Field, Plan
from storage.members import Member

WORKER = frozenset({Role.WORKER})
CHAIR = frozenset({Role.WORKER, Role.CHAIR})


def _row(
    code: str, name: str = "Lê Văn An", roles: frozenset[Role] = WORKER, group: str = "Tổ 1"
) -> RosterRow:
    return RosterRow(
        line=2,
        code=code,
        full_name=name,
        group=group,
        position="",
        is_union_member=True,
        is_party_member=False,
        roles=roles,
        started_on=None,
    )


def _member(row: RosterRow, number: int, *, is_active: bool = True) -> Member:
    return Member(
        id=number,
        code=row.code,
        full_name=row.full_name,
        group_id=1,
        group_name=row.group,
        position=row.position,
        is_union_member=row.is_union_member,
        is_party_member=row.is_party_member,
        is_group_leader=Role.GROUP_LEADER in row.roles,
        is_committee=Role.COMMITTEE in row.roles,
        is_chair=Role.CHAIR in row.roles,
        is_cell_committee=Role.CELL_COMMITTEE in row.roles,
        is_employer=Role.EMPLOYER in row.roles,
        started_on=row.started_on,
        is_active=is_active,
    )


def _members(*rows: RosterRow) -> list[Member]:
    return [_member(row, number) for number, row in enumerate(rows, 1)]


def _carry_out(existing: list[Member], plan: Plan) -> list[Member]:
    """What the roster is afterwards, as a model."""
    changed = {change.member.id: _member(change.row, change.member.id) for change in plan.changed}
    left = {member.id for member in plan.left}
    kept = [changed.get(member.id, member) for member in existing]
    kept = [replace(member, is_active=False) if member.id in left else member for member in kept]
    first = 1 + max((member.id for member in existing), default=0)
    return kept + [_member(row, number) for number, row in enumerate(plan.added, first)]


rosters = st.dictionaries(
    st.sampled_from([FOUNDER, *(f"NV{number:02}" for number in range(12))]),
    st.builds(
        _row,
        code=st.just(""),
        name=st.sampled_from(["Lê Văn An", "Đỗ Thị Hoa", "Đỗ Thị Hòa", "Ngô Ước"]),
        roles=st.sampled_from([WORKER, WORKER, CHAIR]),
        group=st.sampled_from(["Tổ 1", "tổ  1", "Tổ 2"]),
    ),
).map(lambda people: [replace(row, code=code) for code, row in people.items()])


@given(rosters, st.lists(st.booleans(), min_size=13, max_size=13), rosters)
def test_afterwards_the_roster_is_what_the_file_says(
    before: list[RosterRow], active: list[bool], rows: list[RosterRow]
) -> None:
    existing = [_member(row, number, is_active=active[number]) for number, row in enumerate(before)]
    plan = rules.compare(existing, rows)
    after = _carry_out(existing, plan)
    codes = [member.code for member in after]
    assert len(codes) == len(set(codes))
    present = {member.code for member in after if member.is_active}
    in_file = {row.code for row in rows}
    assert in_file <= present
    assert present - in_file <= {FOUNDER}
    assert plan.has_chair == any(member.is_chair and member.is_active for member in after)


@given(rosters, rosters)
def test_the_same_file_again_changes_nothing(before: list[RosterRow], rows: list[RosterRow]) -> None:
    existing = _members(*before)
    after = _carry_out(existing, rules.compare(existing, rows))
    again = rules.compare(after, rows)
    assert (again.added, again.changed, again.left) == ((), (), ())


def test_each_difference_is_named() -> None:
    before = _row("A")
    existing = [_member(before, 1, is_active=False)]
    after = RosterRow(
        line=2,
        code="A",
        full_name="Lê Văn Án",
        group="Tổ 2",
        position="Kế toán",
        is_union_member=False,
        is_party_member=True,
        roles=WORKER | {Role.GROUP_LEADER},
        started_on=date(2020, 5, 1),
    )
    [change] = rules.compare(existing, [after]).changed
    assert set(change.fields) == set(Field) - {Field.CODE}


@pytest.mark.parametrize("group", ["tổ 1", "TỔ 1", "To 1", "Tổ  1"])
def test_another_spelling_of_a_group_is_no_change(group: str) -> None:
    plan = rules.compare(_members(_row("A")), [_row("A", group=group)])
    assert plan.changed == ()


def test_who_comes_back_is_active_again() -> None:
    [change] = rules.compare([_member(_row("A"), 1, is_active=False)], [_row("A")]).changed
    assert change.fields == (Field.RETURNED,)


def test_who_left_before_does_not_leave_again() -> None:
    assert rules.compare([_member(_row("A"), 1, is_active=False)], []).left == ()


@pytest.mark.parametrize("name", ["Nguyễn Thị Ánh", "NGUYỄN THỊ ÁNH", "Nguyen Thi Anh"])
def test_the_founder_gets_the_code_of_the_file(name: str) -> None:
    existing = _members(_row(FOUNDER, "Nguyễn Thị Ánh", CHAIR))
    plan = rules.compare(existing, [_row("CB01", name, CHAIR), _row("CB02")])
    assert [row.code for row in plan.added] == ["CB02"]
    [change] = plan.changed
    assert change.member == existing[0]
    assert Field.CODE in change.fields
    assert plan.left == ()
    assert plan.has_chair


def test_the_founder_stays_while_no_file_names_a_chair() -> None:
    plan = rules.compare(_members(_row(FOUNDER, "Nguyễn Thị Ánh", CHAIR)), [_row("CB02")])
    assert plan.left == ()
    assert plan.has_chair


def test_another_chair_takes_the_founders_place() -> None:
    existing = _members(_row(FOUNDER, "Nguyễn Thị Ánh", CHAIR))
    plan = rules.compare(existing, [_row("CB01", "Trần Bình", CHAIR)])
    assert plan.left == tuple(existing)
    assert [row.code for row in plan.added] == ["CB01"]


def test_two_chairs_of_the_founders_name_are_not_guessed_between() -> None:
    existing = _members(_row(FOUNDER, "Nguyễn Thị Ánh", CHAIR))
    rows = [_row(code, "Nguyễn Thị Ánh", CHAIR) for code in ("CB01", "CB02")]
    plan = rules.compare(existing, rows)
    assert len(plan.added) == 2
    assert plan.changed == ()


def test_an_ordinary_person_of_the_founders_name_is_somebody_else() -> None:
    existing = _members(_row(FOUNDER, "Nguyễn Thị Ánh", CHAIR))
    plan = rules.compare(existing, [_row("CB01", "Nguyễn Thị Ánh")])
    assert [row.code for row in plan.added] == ["CB01"]
    assert plan.left == ()


def test_the_founders_code_can_be_the_files() -> None:
    existing = _members(_row(FOUNDER, "Nguyễn Thị Ánh", CHAIR))
    plan = rules.compare(existing, [_row(FOUNDER, "Nguyễn Thị Ánh", CHAIR, group="Tổ 2")])
    assert (plan.added, plan.left) == ((), ())
    assert [change.fields for change in plan.changed] == [(Field.GROUP,)]


def test_without_a_chair_in_the_file_there_is_none() -> None:
    plan = rules.compare(_members(_row("CB01", roles=CHAIR)), [_row("CB01"), _row("CB02")])
    assert not plan.has_chair


@pytest.mark.parametrize(
    ("people", "staying", "many"),
    [(20, 10, False), (20, 9, True), (18, 9, False), (11, 1, True), (10, 0, True), (9, 0, False)],
)
def test_more_than_half_and_at_least_ten_are_many(people: int, staying: int, many: bool) -> None:
    rows = [_row(f"NV{number}") for number in range(people)]
    plan = rules.compare(_members(*rows), rows[:staying])
    assert plan.many_left is many


@pytest.mark.parametrize(
    ("before", "after", "other"),
    [
        ("Lê Văn An", "Lê Văn Ân", False),
        ("Nguyễn Văn An", "Nguyễn Thị An", False),
        ("An", "Lê Văn An", False),
        ("Lê Văn An", "Lê Văn Bình", True),
        ("Lê Văn An", "Trần Thu Hà", True),
    ],
)
def test_another_given_name_may_be_another_person(before: str, after: str, other: bool) -> None:
    plan = rules.compare(_members(_row("A", before)), [_row("A", after)])
    assert bool(plan.renamed) is other
