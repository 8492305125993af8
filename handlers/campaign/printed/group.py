"""What a report of one group says otherwise than that of all: its name, and that its leader signs."""

from handlers.kit.context import Work
from handlers.kit.reports import Signature
from storage.members import Member


def of_group_of(work: Work, leader: Member | None) -> str:
    """What follows the name of the report; empty without a leader."""
    return work.label("reports/about_group", group=leader.group_name) if leader else ""


def signature(work: Work, leader: Member | None) -> Signature | None:
    if leader is None:
        return None
    return Signature(
        on_behalf=work.label("reports/group_on_behalf", group=leader.group_name),
        signer=work.label("reports/group_signer"),
        name=leader.full_name,
    )
