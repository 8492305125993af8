"""A small branch that most tests know: codes, names, groups and roles."""

from datetime import date, datetime
from typing import Any

from handlers.kit.vietnamese import fold
from storage import members
from storage.database import Transaction

GROUPS = ("Tổ Hành chính", "Tổ Nghiệp vụ", "Tổ Kỹ thuật")
# code, name, group, union member, Party member, flags
PEOPLE: tuple[tuple[str, str, str, bool, bool, frozenset[str]], ...] = (
    ("CT01", "Nguyễn Thị Ánh", GROUPS[0], True, True, frozenset({"is_chair", "is_committee"})),
    ("BCH02", "Trần Văn Bình", GROUPS[1], True, False, frozenset({"is_committee"})),
    ("CU03", "Lê Quang Đạt", GROUPS[0], True, True, frozenset({"is_cell_committee"})),
    ("TT04", "Phạm Thị Hoa", GROUPS[0], True, False, frozenset({"is_group_leader"})),
    ("TT05", "Vũ Đức Yên", GROUPS[1], True, True, frozenset({"is_group_leader"})),
    ("NV06", "Đặng Thu Hà", GROUPS[0], True, False, frozenset()),
    ("NV07", "Hoàng Anh Tuấn", GROUPS[1], True, False, frozenset()),
    ("NV08", "Đỗ Mỹ Linh", GROUPS[1], False, False, frozenset()),
    ("NV09", "Bùi Ngọc <b>Ấn</b> & Co", GROUPS[2], True, False, frozenset()),
    ("NV10", "Ngô Văn Ước", GROUPS[2], False, False, frozenset()),
)
CHAIR, COMMITTEE, CELL, LEADER, OTHER_LEADER, WORKER = "CT01", "BCH02", "CU03", "TT04", "TT05", "NV06"
# Whom `appoint_employer` puts on the employer's side; till then a worker.
EMPLOYER = "NV10"
FLAGS = ("is_group_leader", "is_committee", "is_chair", "is_cell_committee", "is_employer")


async def seed(tx: Transaction, now: datetime) -> None:
    """Put everybody on the roster."""
    await members.add_groups(tx, [(name, fold(name)) for name in GROUPS])
    groups = await members.group_ids(tx)
    rows = [
        person(
            groups[fold(group)],
            now,
            code=code,
            name=name,
            is_union_member=in_union,
            is_party_member=in_party,
            **{flag: flag in flags for flag in FLAGS},
        )
        for code, name, group, in_union, in_party, flags in PEOPLE
    ]
    await members.add(tx, rows)


async def appoint_employer(tx: Transaction) -> None:
    """Most tests have nobody on the employer's side."""
    found = await members.by_code(tx, EMPLOYER)
    assert found is not None
    await members.change(tx, [{"b_id": found.id, "is_employer": True}])


def person(group_id: int, now: datetime, *, code: str, name: str, **values: bool) -> dict[str, Any]:
    """A row for `members.add`: a worker, unless `values` say otherwise."""
    return {
        "code": code,
        "full_name": name,
        "folded_name": fold(name),
        "group_id": group_id,
        "position": "",
        "is_union_member": True,
        "is_party_member": False,
        **dict.fromkeys(FLAGS, False),
        "started_on": date(2020, 1, 2),
        "is_active": True,
        "created_at": now,
        "changed_at": now,
        **values,
    }
