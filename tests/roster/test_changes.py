from dataclasses import replace
from datetime import date

from handlers.kit.roles import Role
from handlers.roster import rules
from handlers.roster.changes import Difference, differences
from handlers.roster.columns import Column
from handlers.roster.reading import RosterRow
from storage.members import Member
from tests.world import TEXTS

ROLES = frozenset({Role.WORKER, Role.CHAIR})
BEFORE = Member(
    id=1,
    code="NV01",
    full_name="Lê Văn An",
    group_id=1,
    group_name="Tổ 1",
    position="",
    is_union_member=True,
    is_party_member=False,
    is_group_leader=False,
    is_committee=False,
    is_chair=True,
    is_cell_committee=False,
    is_employer=False,
    started_on=None,
    is_active=True,
)
SAME = RosterRow(2, "NV01", "Lê Văn An", "Tổ 1", "", True, False, ROLES, None)


def told(before: Member, after: RosterRow) -> list[Difference]:
    [change] = rules.compare([before], [after]).changed
    return differences(change, TEXTS)


def test_every_column_is_told_as_it_was_and_as_it_is() -> None:
    held = frozenset({Role.WORKER, Role.CELL_COMMITTEE, Role.GROUP_LEADER})
    after = RosterRow(2, "NV01", "Lê Văn Ân", "Tổ 2", "Lái xe", False, True, held, date(2020, 9, 5))
    assert told(replace(BEFORE, is_active=False), after) == [
        ("Có trong danh sách", "không", "có"),
        (Column.FULL_NAME, "Lê Văn An", "Lê Văn Ân"),
        (Column.GROUP, "Tổ 1", "Tổ 2"),
        (Column.POSITION, "", "Lái xe"),
        (Column.UNION_MEMBER, "có", "không"),
        (Column.PARTY_MEMBER, "không", "có"),
        (Column.ROLES, "chủ tịch", "tổ trưởng, cấp uỷ"),
        (Column.STARTED_ON, "", "05/09/2020"),
    ]


def test_what_stays_is_not_told() -> None:
    assert told(BEFORE, replace(SAME, position="Lái xe")) == [(Column.POSITION, "", "Lái xe")]


def test_the_founders_new_code_is_told() -> None:
    assert told(replace(BEFORE, code=rules.FOUNDER), SAME) == [(Column.CODE, "CT", "NV01")]
