"""What a feature sends by itself at a set time: it plans jobs, and says in which words each goes to whom."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from handlers.kit.context import Work
from handlers.kit.reply import Reply
from storage.jobs import Job
from storage.outbox import Priority
from storage.wanted import Wanted


@dataclass(frozen=True, slots=True)
class Letter:
    """What a job sends now: the same words to everybody, with merge fields, and a kept file at most."""

    reply: Reply
    to: Wanted
    priority: Priority = Priority.NORMAL


@dataclass(frozen=True, slots=True)
class JobKind:
    """How jobs of one kind are carried out."""

    name: str
    # The letter in the words that are right at this moment; None: the job applies no more.
    letter: Callable[[Work, Job], Awaitable[Letter | None]]
    # What it is about, in a few words, for the list of jobs.
    title: Callable[[Work, Job], Awaitable[str]]
    # The members who are told when it came too late; nobody: the chair is.
    responsible: Callable[[Work, Job], Awaitable[Sequence[int]]]


@dataclass(frozen=True, slots=True)
class Span:
    """From `begin` up to, and without, `end`."""

    begin: datetime
    end: datetime


# Adds the jobs that fall due within a span, or that belong to what does; harmless when it runs twice.
Plan = Callable[[Work, Span], Awaitable[None]]
