"""Figures of concerns at the desk, as far as they may be seen."""

from typing import Annotated

import msgspec
from msgspec import Meta
from starlette.requests import Request
from starlette.responses import Response

from bot.web.bodies import query_of
from bot.web.desk.answers import json_answer
from bot.web.desk.gate import Gate
from bot.web.desk.officers import Officer
from bot.web.site import Site
from handlers.concerns import figures
from handlers.concerns.figure_rows import row
from handlers.kit.access import Right


class YearAsked(msgspec.Struct, frozen=True):
    """This one, unless told."""

    year: Annotated[int, Meta(ge=2000, le=2099)] | None = None


class FigurePages:
    def __init__(self, site: Site, gate: Gate) -> None:
        self._site = site
        self.routes = [gate.get("figures", Right.SEE_FIGURES, self.of_year)]

    async def of_year(self, request: Request, _officer: Officer) -> Response:
        """Counts nothing: what is shown was counted when it was due."""
        asked = query_of(request, YearAsked)
        async with self._site.database.read() as tx:
            work = self._site.work(tx)
            found = await figures.of_year(work, asked.year or work.today.year)
        return json_answer([row(each) for each in found])
