"""Every address of the desk, each behind its right."""

from starlette.routing import Route

from bot.web.desk.cases import CasePages
from bot.web.desk.doors import Doors
from bot.web.desk.export import Export
from bot.web.desk.figures import FigurePages
from bot.web.desk.forms import Forms
from bot.web.desk.gate import Gate
from bot.web.desk.items import ItemPages
from bot.web.desk.officers import Officers
from bot.web.desk.people import People
from bot.web.desk.reports import ReportPages
from bot.web.desk.themes import ThemePages
from bot.web.sessions import Sessions
from bot.web.site import Site


def desk_routes(site: Site, sessions: Sessions) -> list[Route]:
    officers = Officers(site)
    gate, forms = Gate(site, sessions, officers), Forms(sessions, officers)
    return [
        *Doors(site, sessions, officers, forms).routes,
        *People(site, gate).routes,
        *CasePages(site, gate).routes,
        *ItemPages(site, gate).routes,
        *Export(site, gate).routes,
        *ThemePages(site, gate).routes,
        *FigurePages(site, gate).routes,
        *ReportPages(site, forms).routes,
    ]
