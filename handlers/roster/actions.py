"""Founding the branch, and bringing the roster up to date from a file that was read."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from handlers.kit import invitations, readership
from handlers.kit.access import Right, grants
from handlers.kit.clock import Chance
from handlers.kit.context import Work
from handlers.kit.errors import RefusedError
from handlers.kit.invitations import Invitation
from handlers.kit.roles import Role
from handlers.kit.texts import Texts, format_day
from handlers.kit.vietnamese import clean, fold
from handlers.roster import rules
from handlers.roster.columns import Column
from handlers.roster.reading import Reading, RosterRow, RowProblem
from handlers.roster.rules import Change, Field, Plan
from handlers.roster.table import sentence
from storage import branch, evidence, members
from storage.branch import Branch
from storage.database import Transaction
from storage.evidence import COMMAND, Kind, NewEvidence
from storage.members import Member
from storage.registers import admissions
from storage.registers.admissions import State
from storage.roster_keeping import Cause

MAX_BRANCH_NAME = 200
MAX_FULL_NAME = 100
_TAG_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
_TAG_LENGTH = 4


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did, or would do. With errors, and with an objection, nothing was changed."""

    added: tuple[RosterRow, ...] = ()
    changed: tuple[Change, ...] = ()
    left: tuple[Member, ...] = ()
    errors: tuple[RowProblem, ...] = ()
    # Who could read concerns and may not any more, by name.
    readers_lost: tuple[str, ...] = ()
    # So many sealed items nobody else can open.
    hanging: int = 0
    # Nobody else reads: concerns are refused from then on.
    no_reader_left: bool = False
    # By name, who was admitted by decision and isn't a union member by this file.
    admissions_undone: tuple[str, ...] = ()
    # Why this import would be refused, in a dry run.
    objection: RefusedError | None = None

    def as_json(self) -> dict[str, Any]:
        return {
            "added": len(self.added),
            "changed": len(self.changed),
            "left": len(self.left),
            "errors": [
                {"row": each.row, "column": each.column, "problem": each.problem} for each in self.errors
            ],
        }


async def import_roster(
    work: Work,
    reading: Reading,
    *,
    dry_run: bool,
    allow_many_left: bool = False,
    allow_renamed: bool = False,
) -> ImportReport:
    """Make the roster what the file says, all of it or nothing. Read the file before opening the transaction:
    a big one takes seconds.

    RefusedError when more than half of the people would leave, when no chair would be left, or when somebody
    would get another given name: a code that passed to somebody else would take account and evidence along.
    """
    if errors := _errors(reading, work.today):
        return ImportReport(errors=errors)
    plan = rules.compare(await members.everybody(work.db), reading.rows)
    objection = _objection(plan, allow_many_left=allow_many_left, allow_renamed=allow_renamed)
    losing = _no_readers_after(plan)
    reading_now = await readership.current(work.db)
    lost = [each for each in reading_now if each.member_id in losing]
    hanging = await readership.hanging_on(work, lost, reading_now)
    undone = await _admissions_undone(work, plan)
    if not dry_run:
        if objection is not None:
            raise objection
        await _carry_out(work, plan)
    return ImportReport(
        plan.added,
        plan.changed,
        plan.left,
        readers_lost=tuple(dict.fromkeys(each.full_name for each in lost)),
        hanging=hanging,
        no_reader_left=0 < len(lost) == len(reading_now),
        admissions_undone=undone,
        objection=objection,
    )


def _no_readers_after(plan: Plan) -> set[int]:
    """Whoever may not read concerns after the import, and may have before."""
    demoted = {each.member.id for each in plan.changed if not grants(each.row.roles, Right.READ_CONCERNS)}
    return demoted | {each.id for each in plan.left}


async def _admissions_undone(work: Work, plan: Plan) -> tuple[str, ...]:
    """An old file knows nothing of what was decided since."""
    were = {each.member.id for each in plan.changed if each.member.is_union_member}
    losing = {each.member.id for each in plan.changed if not each.row.is_union_member} & were
    if not losing:
        return ()
    decided = await admissions.everything(work.db, [State.ADMITTED])
    return tuple(dict.fromkeys(each.full_name for each in decided if each.member_id in losing))


def _errors(reading: Reading, today: date) -> tuple[RowProblem, ...]:
    """What can't be read, and what can't be true on this day, by rows."""
    late = [
        RowProblem(line, Column.STARTED_ON.value, sentence("date_ahead", day=format_day(day)))
        for line, day in rules.starting_too_late(reading.rows, today)
    ]
    return tuple(sorted([*reading.errors, *late], key=lambda at: at.row))


def _objection(plan: Plan, *, allow_many_left: bool, allow_renamed: bool) -> RefusedError | None:
    if not plan.has_chair:
        return RefusedError("roster/no_chair")
    if plan.many_left and not allow_many_left:
        return RefusedError("roster/many_left", left=len(plan.left), active=plan.active)
    if plan.renamed and not allow_renamed:
        pairs = [(each.row.code, each.member.full_name, each.row.full_name) for each in plan.renamed]
        return RefusedError("roster/renamed", people=pairs)
    return None


async def _carry_out(work: Work, plan: Plan) -> None:
    groups = await _groups(work.db, (row.group for row in (*plan.added, *(c.row for c in plan.changed))))
    # The founder's code may pass to somebody new, so it has to be free first.
    await members.change(
        work.db, [_columns(each.row, groups, work.now) | {"b_id": each.member.id} for each in plan.changed]
    )
    await _record_recodings(work, plan.changed)
    await members.add(
        work.db, [_columns(row, groups, work.now) | {"created_at": work.now} for row in plan.added]
    )
    await members.mark_left(work.db, [member.code for member in plan.left], work.now)


async def _record_recodings(work: Work, changed: Iterable[Change]) -> None:
    """Only the founder gets another code; entries that name them by the old one stay theirs."""
    for each in changed:
        if Field.CODE in each.fields:
            entry = NewEvidence(
                kind=Kind.RECODING,
                member_id=each.member.id,
                actor_id=None,
                campaign_id=None,
                channel=COMMAND,
                at=work.now,
                personal={"from": each.member.code},
            )
            await evidence.append(work.db, entry)


async def _groups(tx: Transaction, names: Iterable[str]) -> dict[str, int]:
    """Ids by name as it is spelled; groups that aren't there yet are made."""
    folded = {name: fold(name) for name in dict.fromkeys(names)}
    known = await members.group_ids(tx)
    # The first spelling stays.
    missing = {form: name for name, form in reversed(folded.items()) if form not in known}
    await members.add_groups(tx, [(name, form) for form, name in missing.items()])
    ids = await members.group_ids(tx)
    return {name: ids[form] for name, form in folded.items()}


def _columns(row: RosterRow, groups: dict[str, int], now: datetime) -> dict[str, Any]:
    return {
        "code": row.code,
        "full_name": row.full_name,
        "folded_name": fold(row.full_name),
        "group_id": groups[row.group],
        "position": row.position,
        "is_union_member": row.is_union_member,
        "is_party_member": row.is_party_member,
        "is_group_leader": Role.GROUP_LEADER in row.roles,
        "is_committee": Role.COMMITTEE in row.roles,
        "is_chair": Role.CHAIR in row.roles,
        "is_cell_committee": Role.CELL_COMMITTEE in row.roles,
        "is_employer": Role.EMPLOYER in row.roles,
        "started_on": row.started_on,
        "is_active": True,
        "changed_at": now,
    }


async def init_branch(
    tx: Transaction, texts: Texts, chance: Chance, now: datetime, *, name: str, chair: str
) -> tuple[Branch, Invitation]:
    """Make the branch with its chair as the first on the roster; the branch as it is kept, and the chair's
    invitation.

    RefusedError when a branch is there already, or a name is empty or too long.
    """
    existing = await branch.load(tx)
    if existing is not None:
        raise RefusedError("roster/branch_exists", name=existing.name)
    branch_name, chair_name = _one_line(name), _one_line(chair)
    if not 0 < len(branch_name) <= MAX_BRANCH_NAME or not 0 < len(chair_name) <= MAX_FULL_NAME:
        raise RefusedError("roster/names_needed", longest_branch=MAX_BRANCH_NAME, longest_name=MAX_FULL_NAME)
    tag = "".join(_TAG_LETTERS[chance.below(len(_TAG_LETTERS))] for _ in range(_TAG_LENGTH))
    founded = Branch(branch_name, tag)
    await branch.create(tx, founded, now)
    founder = _founder(chair_name, texts)
    groups = await _groups(tx, [founder.group])
    await members.add(tx, [_columns(founder, groups, now) | {"created_at": now}], Cause.FOUNDING)
    [first] = await members.everybody(tx)
    [invitation] = await invitations.issue(tx, chance, now, [first.id])
    return founded, invitation


def _one_line(text: str) -> str:
    return " ".join(clean(text).split())


def _founder(full_name: str, texts: Texts) -> RosterRow:
    return RosterRow(
        line=0,
        code=rules.FOUNDER,
        full_name=full_name,
        group=texts.label("roster/founding_group"),
        position=texts.label("roster/founding_position"),
        is_union_member=True,
        is_party_member=False,
        roles=frozenset({Role.WORKER, Role.CHAIR}),
        started_on=None,
    )
