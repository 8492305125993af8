"""The explicit list of features, and the router over them."""

from bot.routing import Fallbacks, Router
from handlers.home.talk import Home
from handlers.kit.feature import Feature

FEATURES: tuple[Feature, ...] = ()


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
        code=home.unknown,
        looks_like_code=lambda _text: False,
    )
    return Router((*features, home.feature), fallbacks, tag)
