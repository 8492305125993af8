"""Reports as files, from the chat: which one, of which campaign or year, in which format."""

import asyncio
from dataclasses import dataclass, replace
from typing import TypeVar

from handlers.kit.access import Right, may
from handlers.kit.context import Context
from handlers.kit.errors import StaleError
from handlers.kit.feature import Action, Feature
from handlers.kit.incoming import Incoming
from handlers.kit.reply import Attachment, Button, Turn
from handlers.kit.reports import Report, ReportKind
from handlers.reports import writing
from handlers.reports.actions import Kinds, OfCampaign, OfYear, of_campaign_for, of_year_for
from handlers.reports.writing import Format
from storage import campaigns
from storage.campaigns import Campaign

_FIRST_YEAR = 2000
W = TypeVar("W", OfCampaign, OfYear)


@dataclass(frozen=True, slots=True)
class Screens:
    """What is shown of the reports that all features together have."""

    kinds: Kinds

    async def menu(self, _incoming: Incoming, ctx: Context) -> Turn:
        """Reports of a year; those of a campaign are asked for beside its figures."""
        of_year = [each for each in self.kinds.values() if of_year_for(ctx.member, each)]
        rows = [(_kind_button(ctx, each, "reports.year", ctx.today.year),) for each in of_year]
        return ctx.show("reports/menu", *rows, (ctx.button("campaign/all_campaigns", "campaign.list", 0),))

    async def year(self, _incoming: Incoming, ctx: Context) -> Turn:
        kind, year = self._kind(ctx), _year(ctx)
        _allowed(ctx, kind, of_year_for(ctx.member, kind))
        years = [each for each in (year - 1, year + 1) if _FIRST_YEAR <= each <= ctx.today.year]
        return ctx.show(
            "reports/format",
            *_formats(ctx, "reports.year_file", kind, year),
            tuple(ctx.button("reports/year", "reports.year", kind.name, each, year=each) for each in years),
            (ctx.button("reports/back_to_kinds", "reports.menu"),),
            kind=ctx.label(f"reports/kind_{kind.name}"),
            year=year,
            campaign=None,
        )

    async def campaign(self, _incoming: Incoming, ctx: Context) -> Turn:
        found = await _campaign(ctx, 0)
        of_campaign = [each for each in self.kinds.values() if of_campaign_for(ctx.member, each)]
        return ctx.show(
            "reports/campaign",
            *((_kind_button(ctx, each, "reports.of_campaign", found.id),) for each in of_campaign),
            _certificates(ctx, found),
            (ctx.button("reports/back_to_campaign", "campaign.view", found.id, 0),),
            campaign=found,
        )

    async def of_campaign(self, _incoming: Incoming, ctx: Context) -> Turn:
        kind, found = self._kind(ctx), await _campaign(ctx, 1)
        _allowed(ctx, kind, of_campaign_for(ctx.member, kind))
        return ctx.show(
            "reports/format",
            *_formats(ctx, "reports.campaign_file", kind, found.id),
            (ctx.button("reports/back_to_kinds", "reports.campaign", found.id),),
            kind=ctx.label(f"reports/kind_{kind.name}"),
            year=0,
            campaign=found,
        )

    async def year_file(self, _incoming: Incoming, ctx: Context) -> Turn:
        kind, year = self._kind(ctx), _year(ctx)
        of_year = _allowed(ctx, kind, of_year_for(ctx.member, kind))
        return await _file(ctx, await of_year(ctx, year), _format(ctx))

    async def campaign_file(self, _incoming: Incoming, ctx: Context) -> Turn:
        kind, found = self._kind(ctx), await _campaign(ctx, 1)
        of_campaign = _allowed(ctx, kind, of_campaign_for(ctx.member, kind))
        return await _file(ctx, await of_campaign(ctx, found), _format(ctx))

    def _kind(self, ctx: Context) -> ReportKind:
        found = self.kinds.get(ctx.word(0))
        if found is None:
            raise StaleError
        return found


def _certificates(ctx: Context, campaign: Campaign) -> tuple[Button, ...]:
    """Where there is something to pass, for whoever may see by whom."""
    if not campaign.pass_mark or not may(ctx.member, Right.SEE_NAMES):
        return ()
    return (ctx.button("certificates/all", "certificates.all", campaign.id),)


def _allowed(ctx: Context, kind: ReportKind, way: W | None) -> W:
    """The way to the report; refused to whoever may not have it, stale where it isn't of such."""
    if way is None:
        ctx.require(kind.right)
        raise StaleError
    return way


def _kind_button(ctx: Context, kind: ReportKind, action: str, number: int) -> Button:
    return ctx.button(f"reports/kind_{kind.name}", action, kind.name, number)


def _formats(ctx: Context, action: str, kind: ReportKind, number: int) -> list[tuple[Button, ...]]:
    buttons = [ctx.button(f"reports/format_{each}", action, kind.name, number, each.value) for each in Format]
    return [tuple(buttons[:2]), tuple(buttons[2:])]


def _year(ctx: Context) -> int:
    year = ctx.number(1)
    if not _FIRST_YEAR <= year <= ctx.today.year:
        raise StaleError
    return year


async def _campaign(ctx: Context, index: int) -> Campaign:
    found = await campaigns.by_id(ctx.db, ctx.number(index))
    if found is None:
        raise StaleError
    return found


def _format(ctx: Context) -> Format:
    word = ctx.word(2)
    if word not in set(Format):
        raise StaleError
    return Format(word)


async def _file(ctx: Context, report: Report, to: Format) -> Turn:
    prepared = await writing.prepare(ctx, report)
    content = await asyncio.to_thread(writing.write, prepared, to)
    reply = ctx.reply("reports/file", about=report.about)
    file = Attachment(f"{report.stem}.{to}", to.mime, content)
    return Turn((replace(reply, attachment=file),))


def make_feature(kinds: Kinds) -> Feature:
    screens = Screens(kinds)
    # Of a campaign there are some of one's own group.
    return Feature(
        "reports",
        actions={
            "reports.menu": Action(screens.menu, Right.SEE_FIGURES),
            "reports.year": Action(screens.year, Right.SEE_FIGURES),
            "reports.year_file": Action(screens.year_file, Right.SEE_FIGURES),
            "reports.campaign": Action(screens.campaign, Right.REPORTS),
            "reports.of_campaign": Action(screens.of_campaign, Right.REPORTS),
            "reports.campaign_file": Action(screens.campaign_file, Right.REPORTS),
        },
    )
