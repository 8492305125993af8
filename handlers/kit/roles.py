"""The roles that a person can hold in the branch."""

from enum import StrEnum


class Role(StrEnum):
    """The values are stored and printed: they never change."""

    # Everybody on the roster, whether a union member yet or not.
    WORKER = "worker"
    GROUP_LEADER = "group_leader"
    COMMITTEE = "committee"
    CHAIR = "chair"
    CELL_COMMITTEE = "cell_committee"
    # The other side of the table: never together with a role of the union's.
    EMPLOYER = "employer"
