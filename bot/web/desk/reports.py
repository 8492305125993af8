"""Reports at the desk: which one, of which year or campaign, in which format; the answer is the file."""

import asyncio
from typing import Annotated
from urllib.parse import quote

import msgspec
from msgspec import Meta
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.features import REPORTS
from bot.web.desk.answers import Count
from bot.web.desk.forms import Forms, admit
from bot.web.desk.officers import PATH, Officer
from bot.web.problems import ProblemError
from bot.web.site import Site
from handlers.kit.access import Right
from handlers.kit.context import Work
from handlers.kit.errors import RefusedError
from handlers.kit.markup import plain
from handlers.kit.reports import Report, ReportKind
from handlers.reports import writing
from handlers.reports.actions import of_campaign_for, of_year_for
from handlers.reports.writing import Format
from storage import campaigns
from storage.database import Transaction
from storage.members import Member

_PATH = f"{PATH}/bao-cao"
# So many are offered; for older ones there are the chat and the command.
_YEARS, _CAMPAIGNS = 10, 200
# Whatever is in the file: as a page it could do nothing.
_SANDBOX = "default-src 'none'; sandbox"


class Asked(msgspec.Struct, frozen=True):
    """Of a year or of a campaign."""

    kind: str
    to: Format
    year: Annotated[int, Meta(ge=2000, le=2099)] | None = None
    campaign: Count | None = None


class ReportPages:
    def __init__(self, site: Site, forms: Forms) -> None:
        self._site = site
        self._forms = forms
        self.routes = [Route(_PATH, self.page), Route(_PATH, self.file, methods=["POST"])]

    async def page(self, request: Request) -> Response:
        officer = await self._forms.officer(request)
        admit(officer, Right.REPORTS)
        async with self._site.database.read() as tx:
            return await self._page(tx, officer)

    async def file(self, request: Request) -> Response:
        """The report is gathered first: nobody waits in the database while it is being written."""
        officer, form = await self._forms.posted(request)
        admit(officer, Right.REPORTS)
        asked = _read(form)
        try:
            async with self._site.database.write() as tx:
                work = self._site.work(tx)
                report = await _gather(work, officer.member, asked)
                prepared = await writing.prepare(work, report)
            return _answer(report, asked.to, await asyncio.to_thread(writing.write, prepared, asked.to))
        except RefusedError as refusal:
            problem = plain(self._site.texts.render(refusal.key, **refusal.values))
        async with self._site.database.read() as tx:
            return await self._page(tx, officer, problem)

    async def _page(self, tx: Transaction, officer: Officer, problem: str = "") -> Response:
        """`problem`: why there is no file."""
        work, member = self._site.work(tx), officer.member
        every = await campaigns.all_campaigns(tx)
        return self._site.pages.show(
            "desk_reports",
            status=409 if problem else 200,
            branch=self._site.branch.name,
            person=member.full_name,
            csrf=officer.csrf,
            problem=problem,
            of_year=[_named(work, each) for each in REPORTS.values() if of_year_for(member, each)],
            of_campaign=[_named(work, each) for each in REPORTS.values() if of_campaign_for(member, each)],
            years=range(work.today.year, work.today.year - _YEARS, -1),
            campaigns=every[:_CAMPAIGNS],
            formats=[(each.value, work.label(f"reports/format_{each}")) for each in Format],
        )


def _named(work: Work, kind: ReportKind) -> tuple[str, str]:
    return kind.name, work.label(f"reports/kind_{kind.name}")


def _read(form: dict[str, str]) -> Asked:
    try:
        return msgspec.convert(form, Asked, strict=False)
    except msgspec.ValidationError as error:
        raise ProblemError(400, "malformed") from error


async def _gather(work: Work, member: Member, asked: Asked) -> Report:
    """ProblemError for what isn't there, or isn't this member's."""
    kind = REPORTS.get(asked.kind)
    if kind is None:
        raise ProblemError(404, "not_found")
    if asked.campaign is not None:
        found = await campaigns.by_id(work.db, asked.campaign)
        if found is None:
            raise ProblemError(404, "not_found")
        of_campaign = of_campaign_for(member, kind)
        if of_campaign is not None:
            return await of_campaign(work, found)
    elif asked.year is not None and (of_year := of_year_for(member, kind)) is not None:
        return await of_year(work, asked.year)
    raise ProblemError(403, "desk_not_yours")


def _answer(report: Report, to: Format, content: bytes) -> Response:
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(f'{report.stem}.{to}', safe='')}",
        "Content-Security-Policy": _SANDBOX,
    }
    return Response(content, headers=headers, media_type=to.mime)
