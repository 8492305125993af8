"""The calendar in the chat: everybody looks at it, officers say which days the branch has off."""

from handlers.calendar import browsing, days_off, greetings, pieces
from handlers.kit.access import Right
from handlers.kit.feature import Command, Feature

FEATURE = Feature(
    "calendar",
    commands=(Command("lich", browsing.show, Right.CALENDAR, ("lịch",), "calendar/menu"),),
    actions={**browsing.ACTIONS, **pieces.ACTIONS, **days_off.ACTIONS},
    flows=(days_off.STEPS,),
    jobs=(greetings.KIND,),
    plans=(greetings.plan,),
)
