"""The web pages, put together."""

from collections.abc import Callable, Sequence

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Route

from bot.channels.file_links import FileLinks
from bot.channels.webchat import WebChat
from bot.web.assets import Assets
from bot.web.certificates import CertificatePages
from bot.web.chat import ChatPages
from bot.web.check_in import CheckInPages
from bot.web.chooser import Chooser
from bot.web.desk.routes import desk_routes
from bot.web.display import Display
from bot.web.entry import Entry
from bot.web.headers import SafeHeaders
from bot.web.linked_files import LinkedFiles
from bot.web.problems import Problems, Shield
from bot.web.sessions import Sessions
from bot.web.site import HERE, Pages, Site, WebSettings
from bot.web.status import Status
from handlers.kit.channel import Channel
from handlers.kit.clock import Chance, Clock
from handlers.kit.context import Services
from storage.concerns.expiry import ExpiryKeys
from storage.database import Database


def make_app(
    settings: WebSettings,
    *,
    database: Database,
    services: Services,
    keys: ExpiryKeys,
    chat: WebChat,
    clock: Clock,
    chance: Chance,
    channels: Sequence[Channel] = (),
    more: Sequence[BaseRoute] = (),
    telegram_name: Callable[[], str] = str,
    links: FileLinks | None = None,
) -> Starlette:
    """The application of one branch. `channels` are those whose state is shown; `more` are routes of others,
    such as a platform's webhook; `links` are the files that chats without files were sent.
    """
    assets = Assets(HERE / "static")
    site = Site(
        settings=settings,
        database=database,
        services=services,
        keys=keys,
        chat=chat,
        clock=clock,
        chance=chance,
        pages=Pages(assets, services.texts.you),
        telegram_name=telegram_name,
    )
    sessions = Sessions(site)
    problems = Problems(site)
    entry = Entry(site, sessions).routes
    first = [*Chooser(site, sessions).routes, *entry] if settings.demo else entry
    return Starlette(
        routes=[
            *first,
            *ChatPages(site, sessions).routes,
            *CheckInPages(site, sessions).routes,
            *desk_routes(site, sessions),
            *Display(site).routes,
            *CertificatePages(site).routes,
            *Status(site, channels).routes,
            *(LinkedFiles(site, links).routes if links is not None else ()),
            Route("/static/{name:path}", assets.serve),
            *more,
        ],
        middleware=[
            Middleware(SafeHeaders, is_https=settings.is_https),
            Middleware(Shield, problems=problems),
        ],
        exception_handlers=problems.handlers,
    )
