"""Checking in to meetings, and what officers keep of them."""

from handlers.attendance import checking, closing, papers, roll, showing, workbook
from handlers.attendance.printed import REPORTS
from handlers.kit.feature import Feature

FEATURE = Feature(
    "attend",
    commands=(checking.COMMAND,),
    phrases=(checking.PHRASE,),
    actions={
        **showing.ACTIONS,
        **roll.ACTIONS,
        **closing.ACTIONS,
        **workbook.ACTIONS,
        **papers.ACTIONS,
    },
    flows=(checking.FLOW, roll.FLOW, closing.FLOW, papers.FLOW),
    jobs=(papers.JOB,),
    reports=REPORTS,
)
