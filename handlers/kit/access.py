"""Who may do what: one table, and one function that returns the member or raises."""

from collections.abc import Iterable
from enum import StrEnum

from handlers.kit.errors import RefusedError
from handlers.kit.roles import Role
from storage.members import Member


class Right(StrEnum):
    # Everybody on the roster who has linked this account.
    STUDY = "study"
    OWN_DATA = "own_data"
    # What one gets by itself and when, and one's own calendar's address.
    SETTINGS = "settings"
    # Some figures: of whom, and with whose names, the three below say.
    REPORTS = "reports"
    # Figures and names of one's own group.
    SEE_GROUP = "see_group"
    # Figures of the whole branch, without names.
    SEE_FIGURES = "see_figures"
    # Names of those missing, of all groups.
    SEE_NAMES = "see_names"
    PUBLISH = "publish"
    # Waivers, make-ups and attendance.
    CREDIT = "credit"
    ROSTER = "roster"
    ANNOUNCE = "announce"
    # Tell people of one's own group in person what didn't reach them; of all groups.
    TELL = "tell"
    TELL_ALL = "tell_all"
    # What was announced to oneself.
    READ_ANNOUNCEMENTS = "read_announcements"
    # To meetings that one is invited to: say whether one comes, check in, read their papers.
    CHECK_IN = "check_in"
    # Call and keep meetings of one's own; of everybody.
    MEET = "meet"
    MEET_ALL = "meet_all"
    # The branch's yearly duties; enter what became of them; say that one falls away.
    SEE_DUTIES = "see_duties"
    MANAGE_DUTIES = "manage_duties"
    DROP_DUTIES = "drop_duties"
    # The year's days and one's own meetings.
    CALENDAR = "calendar"
    # Which days the branch has off or works, other than the public calendar says.
    DAYS_OFF = "days_off"
    # Hand in a concern, and read the answer to it with its receipt.
    RAISE_CONCERN = "raise_concern"
    # The officers' page.
    DESK = "desk"
    # Concerns; who in fact can is whoever holds a reader's key.
    READ_CONCERNS = "read_concerns"
    # Say who may read concerns, while nobody can yet or can any more.
    APPOINT_READERS = "appoint_readers"
    # Published themes and what came of them; say once of each whether one agrees.
    SUPPORT_THEMES = "support_themes"
    # Themes that were handed over to the employer's side; answer them.
    SEE_THEMES = "see_themes"
    # Write themes, publish them, hand them over.
    MANAGE_THEMES = "manage_themes"
    # Rounds of dialogue: representatives, agenda, legal steps, minutes, promises.
    DIALOGUE = "dialogue"


# People who stand on the roster no more may still see, take and withdraw what is kept about them.
_AFTER_LEAVING = frozenset({Right.OWN_DATA})
_EVERYBODY = frozenset(
    {
        Right.STUDY,
        Right.OWN_DATA,
        Right.SETTINGS,
        Right.READ_ANNOUNCEMENTS,
        Right.CALENDAR,
        Right.CHECK_IN,
        Right.RAISE_CONCERN,
        Right.SUPPORT_THEMES,
    }
)
_COMMITTEE = frozenset(
    {
        Right.REPORTS,
        Right.SEE_FIGURES,
        Right.SEE_NAMES,
        Right.PUBLISH,
        Right.CREDIT,
        Right.ROSTER,
        Right.ANNOUNCE,
        Right.TELL,
        Right.TELL_ALL,
        Right.MEET,
        Right.MEET_ALL,
        Right.SEE_DUTIES,
        Right.MANAGE_DUTIES,
        Right.DAYS_OFF,
        Right.DESK,
        Right.READ_CONCERNS,
        Right.MANAGE_THEMES,
        Right.DIALOGUE,
    }
)
GRANTS: dict[Role, frozenset[Right]] = {
    Role.WORKER: _EVERYBODY,
    Role.GROUP_LEADER: _EVERYBODY | {Right.REPORTS, Right.SEE_GROUP, Right.TELL, Right.MEET},
    Role.COMMITTEE: _EVERYBODY | _COMMITTEE,
    Role.CHAIR: _EVERYBODY | _COMMITTEE | {Right.DROP_DUTIES, Right.APPOINT_READERS},
    Role.CELL_COMMITTEE: _EVERYBODY | {Right.REPORTS, Right.SEE_FIGURES, Right.SEE_DUTIES},
    Role.EMPLOYER: _EVERYBODY | {Right.SEE_THEMES},
}


def roles_of(member: Member) -> frozenset[Role]:
    """Every role of a member; everybody is at least a worker."""
    flags = {
        Role.GROUP_LEADER: member.is_group_leader,
        Role.COMMITTEE: member.is_committee,
        Role.CHAIR: member.is_chair,
        Role.CELL_COMMITTEE: member.is_cell_committee,
        Role.EMPLOYER: member.is_employer,
    }
    return frozenset({Role.WORKER, *(role for role, held in flags.items() if held)})


def may(member: Member | None, right: Right) -> bool:
    if member is None:
        return False
    if not member.is_active:
        return right in _AFTER_LEAVING
    return grants(roles_of(member), right)


def grants(roles: Iterable[Role], right: Right) -> bool:
    return any(right in GRANTS[role] for role in roles)


def require(member: Member | None, *rights: Right) -> Member:
    """The member, when they hold one of `rights`; RefusedError with the reason otherwise."""
    if member is None:
        raise RefusedError("link/needed")
    if not any(may(member, right) for right in rights):
        raise RefusedError("home/not_allowed" if member.is_active else "link/inactive")
    return member
