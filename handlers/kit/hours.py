"""The hours in which nothing is sent that can wait for the morning, and those in which what nobody waits for
is: pure.
"""

from datetime import datetime, time, timedelta

QUIET_FROM, QUIET_UNTIL = time(21), time(7)
# Reminders and the like go by themselves from the first hour, and not from the last one on.
FIRST_HOUR, LAST_HOUR = 8, 20


def is_quiet(moment: datetime) -> bool:
    """Whether people are left alone at this local time."""
    at = moment.time()
    return at >= QUIET_FROM or at < QUIET_UNTIL


def after_quiet(moment: datetime) -> datetime:
    """The local moment itself, or the morning when the quiet hours that it lies in end."""
    if not is_quiet(moment):
        return moment
    day = moment.date() + timedelta(days=1) if moment.time() >= QUIET_FROM else moment.date()
    return datetime.combine(day, QUIET_UNTIL, tzinfo=moment.tzinfo)


def is_daytime(local: datetime) -> bool:
    return FIRST_HOUR <= local.hour < LAST_HOUR
