"""What a member's study writes: the acknowledgement, the attempts at the quiz, and the evidence of both."""

from dataclasses import dataclass, replace
from hashlib import sha256

from markupsafe import Markup

from handlers.kit.context import Work
from handlers.kit.markup import plain
from handlers.kit.vietnamese import nfc
from handlers.study import rules
from handlers.study.library import Reading
from storage import evidence, quiz, study
from storage.campaigns import Campaign
from storage.evidence import Kind, NewEvidence
from storage.members import Member
from storage.quiz import Attempt

# Enough of a hash to tell two versions, or two statements, apart.
_SHORT = 8
_MARK = 16


@dataclass(frozen=True, slots=True)
class Statement:
    """The words a member states about a version of a document."""

    version: str
    words: Markup
    # Without markup, in NFC: what the hash is made of.
    plain: str
    hash: str

    @property
    def mark(self) -> str:
        """Stands in the button under the words, so that nobody states what they didn't see."""
        return self.hash[:_MARK]


def statement(work: Work, member: Member, reading: Reading) -> Statement:
    document = reading.document
    words = work.services.texts.render(
        "study/statement_words",
        name=member.full_name,
        title=document.title,
        number=document.number,
        date=document.date,
        cards=reading.cards,
        version=reading.version[:_SHORT],
    )
    spoken = nfc(plain(words))
    return Statement(reading.version, words, spoken, sha256(spoken.encode()).hexdigest())


async def acknowledge(
    work: Work, member: Member, channel: str, campaign: Campaign, stated: Statement
) -> None:
    """Record the statement and its evidence; the caller holds the study row and found no earlier one."""
    late = rules.is_late(campaign.deadline, work.today)
    entry = NewEvidence(
        kind=Kind.ACKNOWLEDGEMENT,
        member_id=member.id,
        actor_id=member.id,
        campaign_id=campaign.id,
        channel=channel,
        at=work.now,
        version_hash=stated.version,
        statement_hash=stated.hash,
        # The words themselves, so that the hash can be checked when the template reads otherwise.
        personal={"statement": stated.plain},
        details={"late": int(late)},
    )
    entry_id = await evidence.append(work.db, entry)
    await study.acknowledge(work.db, campaign.id, member.id, work.now, entry_id)


async def take_quiz(work: Work, member: Member, campaign: Campaign, reading: Reading) -> Attempt | None:
    """The attempt that was begun, or a new one; None when the document has no quiz."""
    bank = reading.document.quiz
    if bank is None:
        return None
    # Of two first presses at once, the second finds the first one's attempt.
    await study.progress(work.db, campaign.id, member.id, lock=True)
    earlier = await quiz.latest(work.db, campaign.id, member.id, rules.REMEMBERED_ATTEMPTS)
    if earlier and earlier[0].finished_at is None:
        return earlier[0]
    return await quiz.start(
        work.db,
        campaign_id=campaign.id,
        member_id=member.id,
        number=earlier[0].number + 1 if earlier else 1,
        version_hash=reading.version,
        questions=rules.draw(bank.questions, earlier, bank.draw, work.chance),
        now=work.now,
    )


async def answer(work: Work, channel: str, campaign: Campaign, attempt: Attempt, option: int) -> Attempt:
    """Record the answer to the attempt's current question; with the last one the attempt is over.

    `option` is the place it was shown at, from 0.
    """
    answers = (*attempt.answers, attempt.questions[len(attempt.answers)].order[option])
    if len(answers) < len(attempt.questions):
        await quiz.save_answers(work.db, attempt.id, answers)
        return replace(attempt, answers=answers)
    percent = rules.score(answers)
    await quiz.save_answers(work.db, attempt.id, answers, percent, work.now)
    passed_at = work.now if rules.passes(percent, campaign.pass_mark) else None
    await study.note_score(work.db, campaign.id, attempt.member_id, percent, passed_at)
    entry = NewEvidence(
        kind=Kind.QUIZ,
        member_id=attempt.member_id,
        actor_id=attempt.member_id,
        campaign_id=campaign.id,
        channel=channel,
        at=work.now,
        version_hash=attempt.version_hash,
        attempts=attempt.number,
        details={"score": percent, "pass_mark": campaign.pass_mark, "passed": int(passed_at is not None)},
    )
    await evidence.append(work.db, entry)
    return replace(attempt, answers=answers, score=percent, finished_at=work.now)
