"""Themes at the desk: the union's own words for what cases tell, and to which of them a case belongs.

The employer's side has no way in here: it sees what was handed over in the chat.
"""

from functools import partial
from typing import Annotated, Any, Protocol

import msgspec
from msgspec import Meta
from starlette.requests import Request
from starlette.responses import Response

from bot.web.bodies import read_json
from bot.web.desk.answers import Count, case_row, id_in, json_answer, number_in
from bot.web.desk.gate import Gate
from bot.web.desk.officers import Officer
from bot.web.site import Site
from handlers.desk import reading, writing
from handlers.dialogue import actions
from handlers.kit.access import Right
from handlers.kit.context import Work
from storage.members import Member


class Words(msgspec.Struct, frozen=True):
    """What is too long or empty the action refuses, with a sentence."""

    title: Annotated[str, Meta(max_length=1_000)]
    text: Annotated[str, Meta(max_length=20_000)]


class Confirmed(msgspec.Struct, frozen=True):
    """`sure`: an officer has looked at what might tell who raised it."""

    sure: bool = False


class Themed(msgspec.Struct, frozen=True):
    """`theme` is null for none."""

    theme: Count | None


class Showing(Protocol):
    """Publishes a theme, or hands it over; `is_confirmed` as in `Confirmed`."""

    async def __call__(self, work: Work, by: Member, theme_id: int, *, is_confirmed: bool) -> Any: ...


class ThemePages:
    def __init__(self, site: Site, gate: Gate) -> None:
        self._site = site
        manages = Right.MANAGE_THEMES
        self.routes = [
            gate.get("themes", manages, self.listed),
            gate.post("themes", manages, self.create),
            gate.post("themes/hints", manages, self.hints),
            gate.post("themes/{theme:int}/edit", manages, self.edit),
            gate.post("themes/{theme:int}/publish", manages, partial(self.show, actions.publish_theme)),
            gate.post("themes/{theme:int}/hand-over", manages, partial(self.show, actions.hand_over_theme)),
            gate.post("themes/{theme:int}/drop", manages, self.drop),
            gate.post("cases/{case}/theme", Right.READ_CONCERNS, self.link),
        ]

    async def listed(self, _request: Request, officer: Officer) -> Response:
        async with self._site.database.read() as tx:
            return json_answer(await actions.list_themes(self._site.work(tx), officer.member))

    async def hints(self, request: Request, officer: Officer) -> Response:
        """What in these words might tell who raised it."""
        words = await read_json(request, Words)
        async with self._site.database.read() as tx:
            work = self._site.work(tx)
            return json_answer(await actions.find_hints(work, officer.member, words.title, words.text))

    async def create(self, request: Request, officer: Officer) -> Response:
        words = await read_json(request, Words)
        async with self._site.database.write() as tx:
            work = self._site.work(tx)
            made = await actions.create_theme(work, officer.member, words.title, words.text)
        return json_answer(made)

    async def edit(self, request: Request, officer: Officer) -> Response:
        theme, words = number_in(request, "theme"), await read_json(request, Words)
        async with self._site.database.write() as tx:
            work = self._site.work(tx)
            changed = await actions.edit_theme(work, officer.member, theme, words.title, words.text)
        return json_answer(changed)

    async def show(self, show: Showing, request: Request, officer: Officer) -> Response:
        theme, told = number_in(request, "theme"), await read_json(request, Confirmed)
        async with self._site.database.write() as tx:
            work = self._site.work(tx)
            return json_answer(await show(work, officer.member, theme, is_confirmed=told.sure))

    async def drop(self, request: Request, officer: Officer) -> Response:
        theme = number_in(request, "theme")
        async with self._site.database.write() as tx:
            return json_answer(await actions.drop_theme(self._site.work(tx), officer.member, theme))

    async def link(self, request: Request, officer: Officer) -> Response:
        """For those who can read it: whoever can't doesn't know what a case tells."""
        case_id, told = id_in(request, "case"), await read_json(request, Themed)
        async with self._site.database.write() as tx:
            work = self._site.work(tx)
            await writing.begin_linking(work, officer.member, case_id, told.theme)
            await actions.link_case(work, officer.member, case_id, told.theme)
            case = await reading.case_of(work, case_id)
        return json_answer(case_row(case))
