"""The explicit list of features, and the router over them."""

from bot.routing import Fallbacks, Router
from handlers.announce import talk as announce
from handlers.attendance import talk as attendance
from handlers.calendar import talk as calendar
from handlers.campaign import talk as campaign
from handlers.dialogue import talk as dialogue
from handlers.duties import talk as duties
from handlers.feed import talk as feed
from handlers.home.talk import Home
from handlers.kit.feature import Feature
from handlers.kit.jobs import JobKind, Plan
from handlers.link import talk as link
from handlers.link.rules import looks_like_code
from handlers.me import talk as me
from handlers.meetings import talk as meetings
from handlers.roster import talk as roster
from handlers.settings import talk as settings
from handlers.study import talk as study

# The menu shows their commands in this order.
FEATURES: tuple[Feature, ...] = (
    study.FEATURE,
    campaign.FEATURE,
    announce.FEATURE,
    meetings.FEATURE,
    attendance.FEATURE,
    calendar.FEATURE,
    duties.FEATURE,
    dialogue.FEATURE,
    roster.FEATURE,
    settings.FEATURE,
    feed.FEATURE,
    me.FEATURE,
    link.FEATURE,
)

# What they send by themselves at set times.
KINDS: dict[str, JobKind] = {kind.name: kind for feature in FEATURES for kind in feature.jobs}
PLANS: tuple[Plan, ...] = tuple(plan for feature in FEATURES for plan in feature.plans)


def make_router(tag: str, features: tuple[Feature, ...] = FEATURES) -> Router:
    """The router of the branch whose buttons carry `tag`."""
    home = Home(features)
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
    return Router((*features, home.feature), fallbacks, tag)
