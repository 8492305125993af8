"""What the pages are made of: settings, storage, texts, and templates."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from bot.channels.webchat import WebChat
from bot.web.assets import Assets
from handlers.kit.clock import Chance, Clock
from handlers.kit.context import Services, Work
from handlers.kit.texts import Texts
from storage.branch import Branch
from storage.concerns.expiry import ExpiryKeys
from storage.database import Database, Transaction

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class WebSettings:
    # A chooser of persons stands in front of the chat, and no invitation is asked for.
    demo: bool
    # The address people open; empty when it is only this machine's.
    public_url: str
    timezone: str

    @property
    def is_https(self) -> bool:
        return self.public_url.startswith("https://")


class Pages:
    """The templates of `bot/web/pages/`; `static` in them is the folder of the scripts and styles."""

    def __init__(self, assets: Assets, you: str) -> None:
        self._templates = Environment(
            loader=FileSystemLoader(HERE / "pages"),
            autoescape=True,
            undefined=StrictUndefined,
            auto_reload=False,
        )
        self._templates.globals.update(static=assets.folder, you=you, You=you[:1].upper() + you[1:])

    def show(
        self, name: str, status: int = 200, headers: Mapping[str, str] | None = None, **values: Any
    ) -> HTMLResponse:
        """The page `name`. Nobody else may keep a copy: pages are of one person."""
        body = self._templates.get_template(f"{name}.html.j2").render(values)
        return HTMLResponse(body, status, {"Cache-Control": "no-store", **(headers or {})})


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    settings: WebSettings
    database: Database
    services: Services
    chat: WebChat
    clock: Clock
    chance: Chance
    pages: Pages
    # What makes sealed concerns unreadable in their time.
    keys: ExpiryKeys
    # The bot's name in Telegram; empty without one, or until Telegram has told it.
    telegram_name: Callable[[], str]

    @property
    def texts(self) -> Texts:
        return self.services.texts

    @property
    def branch(self) -> Branch:
        return self.services.branch

    def work(self, tx: Transaction) -> Work:
        """What actions need."""
        return Work(services=self.services, db=tx, now=self.clock.now())
