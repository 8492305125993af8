"""The channels that this branch has, each made from its settings."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from pydantic import SecretStr
from starlette.routing import Route

from bot.channels.closed import Closed
from bot.channels.file_links import FileLinks
from bot.channels.offers import Offers
from bot.channels.standing import Sentence
from bot.channels.telegram.adapter import Telegram
from bot.channels.webchat import WebChat
from bot.channels.webstreams import Streams
from bot.channels.zalo.surroundings import Surroundings
from bot.channels.zalo_bot import events as zalo_bot
from bot.channels.zalo_bot.adapter import ZaloBot
from bot.channels.zalo_oa import events as zalo_oa
from bot.channels.zalo_oa.adapter import ZaloOa
from bot.channels.zalo_oa.renewal import Account
from bot.config import Settings
from bot.delivery.budget import Budget
from bot.menus import commands_for
from bot.system import SystemChance, SystemClock
from handlers.kit.channel import Channel, Outlet
from handlers.kit.context import Services
from handlers.kit.feature import Command
from handlers.kit.private import PrivateCommand
from storage import web
from storage.database import Database
from storage.sender_leases import name_of

Listed = Sequence[Command | PrivateCommand]
# What a channel of Zalo's is given, by its name.
Given = Callable[[str], Surroundings]


@dataclass(frozen=True, slots=True)
class Channels:
    """`links` are the files that channels without files send as addresses; `budgets`, by channel, are the
    months of those whose plans count messages.
    """

    webchat: WebChat
    telegram: Telegram | None
    zalo_bot: ZaloBot | None
    zalo_oa: ZaloOa | None
    links: FileLinks
    budgets: Mapping[str, Budget]

    @property
    def by_name(self) -> dict[str, Channel]:
        given: list[Channel | None] = [self.webchat, self.telegram, self.zalo_bot, self.zalo_oa]
        return {each.name: each for each in given if each is not None}

    def outlets(self, known: Iterable[str]) -> dict[str, Outlet]:
        """The same for whoever sends; also those of the `known` that were turned off."""
        return {**{name: Closed(name) for name in known}, **self.by_name}

    @property
    def routes(self) -> list[Route]:
        """The webhooks."""
        given = (self.telegram, self.zalo_bot, self.zalo_oa)
        return [each.route() for each in given if each is not None]


def open_channels(settings: Settings, database: Database, services: Services, listed: Listed) -> Channels:
    """Those that have a token, and the web chat; none of them at work yet. `listed` are the commands that
    stand in menus.
    """
    clock, chance = SystemClock(), SystemChance()
    links = FileLinks(database, clock, chance, settings.public_url)
    budgets = {
        name: Budget(database, clock, settings.zone, name, monthly)
        for name, monthly in settings.monthly.items()
    }

    def given(channel: str) -> Surroundings:
        offers = Offers(database, channel)
        return Surroundings(offers, links, budgets[channel], services.texts.label, clock, chance)

    sentence = partial(_sentence, services)
    return Channels(
        webchat=WebChat(database, clock, chance, Streams()),
        telegram=_telegram(settings, services, listed, sentence),
        zalo_bot=_zalo_bot(settings, given, sentence),
        zalo_oa=_zalo_oa(settings, given, sentence),
        links=links,
        budgets=budgets,
    )


def secrets_of(settings: Settings) -> list[str]:
    """What may stand in no log."""
    given = (value for value in dict(settings).values() if isinstance(value, SecretStr))
    return [secret.get_secret_value() for secret in given if secret.get_secret_value()]


def official_account(settings: Settings) -> Account:
    return Account(
        url=settings.zalo_oa_oauth_url,
        app_id=settings.zalo_oa_app_id,
        secret_key=settings.zalo_oa_secret_key.get_secret_value(),
        seed=settings.zalo_oa_refresh_token.get_secret_value(),
    )


def official_keys(settings: Settings) -> Path:
    """The folder of the account's tokens."""
    return settings.data_dir / "keys" / "zalo-oa"


def lease_names(settings: Settings) -> list[str]:
    """What a process has to hold for sending by these channels."""
    given = {
        "telegram": settings.telegram_token.get_secret_value(),
        zalo_bot.CHANNEL: settings.zalo_bot_token.get_secret_value(),
        # Its tokens change; the app stays.
        zalo_oa.CHANNEL: settings.zalo_oa_app_id,
    }
    return [name_of(web.CHANNEL), *(name_of(name, token) for name, token in given.items() if token)]


def _telegram(settings: Settings, services: Services, listed: Listed, sentence: Sentence) -> Telegram | None:
    token = settings.telegram_token.get_secret_value()
    if not token:
        return None
    return Telegram(
        token,
        settings.telegram_api_url,
        chance=SystemChance(),
        commands=commands_for(listed, services.texts, officer=False),
        officer_commands=commands_for(listed, services.texts, officer=True),
        public_url=settings.public_url if settings.telegram_mode == "webhook" else "",
        sentence=sentence,
    )


def _zalo_bot(settings: Settings, given: Given, sentence: Sentence) -> ZaloBot | None:
    token = settings.zalo_bot_token.get_secret_value()
    if not token:
        return None
    return ZaloBot(
        token,
        settings.zalo_bot_api_url,
        given(zalo_bot.CHANNEL),
        public_url=settings.public_url if settings.zalo_bot_mode == "webhook" else "",
        sentence=sentence,
    )


def _zalo_oa(settings: Settings, given: Given, sentence: Sentence) -> ZaloOa | None:
    if not settings.zalo_oa_app_id:
        return None
    return ZaloOa(
        official_account(settings),
        settings.zalo_oa_api_url,
        given(zalo_oa.CHANNEL),
        webhook_key=settings.zalo_oa_webhook_key.get_secret_value(),
        keys=official_keys(settings),
        sentence=sentence,
    )


def _sentence(services: Services, key: str) -> str:
    """What is to be done about a refusal, for the log."""
    return services.texts.label(f"channels/{key}")
