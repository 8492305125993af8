"""The explicit list of features, and the router over them."""

from bot.routing import Fallbacks, Router, put_once
from handlers.announce import talk as announce
from handlers.attendance import talk as attendance
from handlers.calendar import talk as calendar
from handlers.campaign import talk as campaign
from handlers.certificates import talk as certificates
from handlers.concerns import talk as concerns
from handlers.concerns import telling
from handlers.concerns.room import Room
from handlers.desk import talk as desk
from handlers.dialogue import talk as dialogue
from handlers.duties import talk as duties
from handlers.evidence import talk as evidence
from handlers.feed import talk as feed
from handlers.home.talk import Home
from handlers.kit.feature import Feature
from handlers.kit.jobs import JobKind, Plan
from handlers.kit.private import PrivateFeature
from handlers.kit.reports import ReportKind
from handlers.link import talk as link
from handlers.link.rules import looks_like_code
from handlers.me import talk as me
from handlers.meetings import talk as meetings
from handlers.registers import talk as registers
from handlers.reports import review
from handlers.reports.talk import make_feature as make_reports
from handlers.roster import talk as roster
from handlers.settings import talk as settings
from handlers.study import talk as study

# The menu shows their commands in this order.
_FEATURES: tuple[Feature, ...] = (
    study.FEATURE,
    campaign.FEATURE,
    announce.FEATURE,
    meetings.FEATURE,
    attendance.FEATURE,
    calendar.FEATURE,
    duties.FEATURE,
    dialogue.FEATURE,
    roster.FEATURE,
    registers.FEATURE,
    desk.FEATURE,
    telling.FEATURE,
    settings.FEATURE,
    feed.FEATURE,
    me.FEATURE,
    certificates.FEATURE,
    evidence.FEATURE,
    link.FEATURE,
)

# What they can report, and what is reported over several of them; one more feature writes it.
REPORTS: dict[str, ReportKind] = {
    kind.name: kind
    for kind in (*(kind for feature in _FEATURES for kind in feature.reports), *review.REPORTS)
}
FEATURES: tuple[Feature, ...] = (*_FEATURES, make_reports(REPORTS))

# What they send by themselves at set times.
KINDS: dict[str, JobKind] = {kind.name: kind for feature in FEATURES for kind in feature.jobs}
PLANS: tuple[Plan, ...] = tuple(plan for feature in FEATURES for plan in feature.plans)


def private_features(room: Room) -> tuple[PrivateFeature, ...]:
    """Those whose conversations leave no trace; they go by `bot.private`, past the router."""
    return (concerns.make_feature(room),)


def make_router(
    tag: str, features: tuple[Feature, ...] = FEATURES, private: tuple[PrivateFeature, ...] = ()
) -> Router:
    """The router of the branch whose buttons carry `tag`. The menu shows `private` features too."""
    home = Home(features, private)
    fallbacks = Fallbacks(
        menu=home.menu,
        unknown=home.unknown,
        media=home.media,
        edited=home.edited,
        group=home.group,
        blocked=home.blocked,
        code=link.start,
        looks_like_code=looks_like_code,
    )
    router = Router((*features, home.feature), fallbacks, tag)
    names = dict.fromkeys(command.name for command in router.commands)
    for feature in private:
        for command in feature.commands:
            put_once(names, command.name, None)
    return router
