"""Somebody changes what stands beside the evidence: who counts, the quizzes, the roster, the campaigns."""

from datetime import timedelta

import pytest
from sqlalchemy import delete

from storage import evidence, evidence_check, evidence_seals, quiz, study
from storage.database import Database, Transaction, open_database
from storage.evidence import Kind, NewEvidence
from storage.evidence_check import Finding, Problem
from storage.schema.studies import study as rows
from tests.storage import chain
from tests.storage.chain import NOW, VERSION, put, record_publication, sealed_branch, tamper

LATER = NOW + timedelta(hours=1)
PUT_IN = """
INSERT INTO quiz_attempt
  (campaign_id, member_id, number, version_hash, questions, answers, score, started_at, finished_at)
SELECT campaign_id, member_id, 3, version_hash, questions, answers, score, started_at, finished_at
FROM quiz_attempt WHERE number = 1
"""
OTHER_TIME = "'2026-03-02 01:30:00.000001'"


async def verify(database: Database) -> Finding | None:
    async with database.read() as tx:
        return (await evidence_check.verify(tx, LATER)).finding


async def found(database: Database) -> tuple[Problem, str] | None:
    finding = await verify(database)
    return (finding.problem, finding.about) if finding else None


async def enter(tx: Transaction, campaign_id: int, member_id: int, kind: Kind) -> int:
    number = await evidence.append(tx, NewEvidence(kind, member_id, 1, campaign_id, "direct", NOW))
    if kind is Kind.WAIVER:
        await study.waive(tx, campaign_id, member_id, NOW, number)
    elif kind is Kind.WITHDRAWAL:
        await study.withdraw(tx, campaign_id, member_id, number)
    else:
        await study.credit(tx, campaign_id, member_id, kind.value, at=NOW, evidence_id=number)
    return number


async def examine(tx: Transaction, campaign_id: int, number: int, score: int) -> None:
    """NV07's attempt at a quiz that asks for 80 percent."""
    made = await quiz.start(
        tx,
        campaign_id=campaign_id,
        member_id=7,
        number=number,
        version_hash=VERSION.hash,
        questions=[],
        now=NOW,
    )
    await quiz.save_answers(tx, made.id, [], score, NOW)
    passed = score >= 80
    await study.note_score(tx, campaign_id, 7, score, NOW if passed else None)
    details = {"score": score, "pass_mark": 80, "passed": int(passed)}
    entry = NewEvidence(
        Kind.QUIZ, 7, 7, campaign_id, "direct", NOW, VERSION.hash, attempts=number, details=details
    )
    await evidence.append(tx, entry)


@pytest.fixture
async def campaign_id(database: Database) -> int:
    """The first six have acknowledged, NV07 failed and passed, NV08 is let off, NV09 caught up, NV10's
    attendance was taken back.
    """
    campaign_id = await sealed_branch(database)
    async with database.write() as tx:
        await study.show_card(tx, campaign_id, 7, version_hash=VERSION.hash, card=1, now=NOW)
        for number, score in ((1, 40), (2, 80)):
            await examine(tx, campaign_id, number, score)
        for member_id, kind in (
            (8, Kind.WAIVER),
            (9, Kind.MAKE_UP),
            (10, Kind.ATTENDANCE),
            (10, Kind.WITHDRAWAL),
        ):
            await enter(tx, campaign_id, member_id, kind)
        await evidence_seals.seal(tx, NOW, 100)
    assert await found(database) is None
    return campaign_id


# Who counts without an entry.


@pytest.mark.usefixtures("campaign_id")
@pytest.mark.parametrize(
    ("member_id", "forged", "code"),
    [
        (6, f"acknowledged_at = {OTHER_TIME}", "NV06"),
        (6, "evidence_id = 3", "NV06"),
        (7, "best_score = 100", "NV07"),
        (7, "best_score = 4", "NV07"),
        (7, f"passed_at = {OTHER_TIME}", "NV07"),
        (8, f"waived_at = {OTHER_TIME}", "NV08"),
        (9, f"credited_at = {OTHER_TIME}", "NV09"),
        (9, "credit = 'attendance'", "NV09"),
        (10, f"acknowledged_at = {OTHER_TIME}", "NV10"),
        (10, f"waived_at = {OTHER_TIME}", "NV10"),
        (10, "credit = 'attendance', credited_at = '2026-03-02 01:30:00.000000'", "NV10"),
        (10, "best_score = 100", "NV10"),
    ],
)
async def test_who_counts_without_evidence_is_found(
    database: Database, member_id: int, forged: str, code: str
) -> None:
    await tamper(database, put("study", forged, f"member_id = {member_id}"))
    assert await found(database) == (Problem.UNFOUNDED, code)


# Who counts no more, while an entry stands.


@pytest.mark.usefixtures("campaign_id")
@pytest.mark.parametrize(
    ("member_id", "taken"),
    [
        (6, "acknowledged_at = NULL"),
        (6, "acknowledged_at = NULL, evidence_id = NULL"),
        (7, "passed_at = NULL"),
        (7, "passed_at = NULL, best_score = 40"),
        (8, "waived_at = NULL"),
        (9, "credit = NULL, credited_at = NULL, evidence_id = NULL"),
    ],
)
async def test_what_an_entry_says_and_nobody_counts_is_found(
    database: Database, member_id: int, taken: str
) -> None:
    await tamper(database, put("study", taken, f"member_id = {member_id}"))
    assert await found(database) == (Problem.UNCOUNTED, f"NV{member_id:02}")


@pytest.mark.usefixtures("campaign_id")
@pytest.mark.parametrize("member_id", [6, 7, 8, 9])
async def test_a_study_that_was_removed_is_found(database: Database, member_id: int) -> None:
    async with database.write() as tx:
        await tx.run(delete(rows).where(rows.c.member_id == member_id))
    assert await found(database) == (Problem.UNCOUNTED, f"NV{member_id:02}")


# Quizzes.


@pytest.mark.usefixtures("campaign_id")
@pytest.mark.parametrize(
    "statement",
    [
        put("quiz_attempt", "score = 100", "number = 1"),
        put("quiz_attempt", "score = 8", "number = 2"),
        put("quiz_attempt", "score = NULL", "number = 1"),
        put("quiz_attempt", f"finished_at = {OTHER_TIME}", "number = 2"),
        put("quiz_attempt", "finished_at = NULL, score = NULL", "number = 1"),
        put("quiz_attempt", "number = 3", "number = 2"),
        "DELETE FROM quiz_attempt WHERE number = 1",
        PUT_IN,
        put("study", "best_score = 40", "member_id = 7"),
        put("study", "best_score = NULL", "member_id = 7"),
    ],
)
async def test_a_result_that_was_changed_is_found(database: Database, statement: str) -> None:
    await tamper(database, statement)
    assert await found(database) == (Problem.SCORE, "NV07")


async def test_an_attempt_under_way_needs_no_entry(database: Database, campaign_id: int) -> None:
    async with database.write() as tx:
        await quiz.start(
            tx,
            campaign_id=campaign_id,
            member_id=7,
            number=3,
            version_hash=VERSION.hash,
            questions=[],
            now=NOW,
        )
    assert await found(database) is None


async def test_a_second_end_of_the_same_attempt_is_found(database: Database, campaign_id: int) -> None:
    details = {"score": 80, "pass_mark": 80, "passed": 1}
    again = NewEvidence(
        Kind.QUIZ, 7, 7, campaign_id, "direct", NOW, VERSION.hash, attempts=2, details=details
    )
    async with database.write() as tx:
        number = await evidence.append(tx, again)
    assert await verify(database) == Finding(Problem.DUPLICATE, number)


# The roster.


@pytest.mark.usefixtures("campaign_id")
async def test_codes_that_were_swapped_are_found(database: Database) -> None:
    moves = (("NV06", "x"), ("NV07", "NV06"), ("x", "NV07"))
    await tamper(database, *(put("member", f"code = '{new}'", f"code = '{old}'") for old, new in moves))
    assert await verify(database) == Finding(Problem.CODE, 7, "NV06")


@pytest.mark.usefixtures("campaign_id")
async def test_a_member_who_was_removed_from_the_roster_is_found(database: Database) -> None:
    await tamper(database, "DELETE FROM member WHERE code = 'NV06'")
    assert await found(database) == (Problem.CODE, "NV06")


async def test_a_code_that_a_roster_gave_is_no_finding(database: Database, campaign_id: int) -> None:
    await tamper(database, put("member", "code = 'CB01'", "code = 'CT01'"))
    assert await found(database) == (Problem.CODE, "CT01")
    given = NewEvidence(Kind.RECODING, 1, None, None, evidence.COMMAND, NOW, personal={"from": "CT01"})
    async with database.write() as tx:
        await evidence.append(tx, given)
        await chain.acknowledge(tx, await chain.campaign(tx, "second"), "CB01")
    assert await found(database) is None
    await tamper(database, put("member", "code = 'XX01'", "code = 'CB01'"))
    finding = await verify(database)
    assert finding is not None
    assert (finding.problem, finding.about) == (Problem.CODE, "CB01")
    assert campaign_id == 1


# Campaigns.


@pytest.mark.usefixtures("campaign_id")
@pytest.mark.parametrize(
    "changed", ["audience = 'party'", "deadline = '2026-03-09'", "pass_mark = 50", "version_hash = 'other'"]
)
async def test_a_changed_campaign_is_found(database: Database, changed: str) -> None:
    other = "INSERT INTO document_version SELECT 'other', slug, edition, title, canonical, frozen_at"
    await tamper(database, f"{other} FROM document_version", put("campaign", changed, "id = 1"))
    assert await verify(database) == Finding(Problem.CAMPAIGN, 1, "1")


async def test_a_deadline_that_nobody_can_read_is_found(sqlite_url: str) -> None:
    database = open_database(sqlite_url)
    await sealed_branch(database)
    await tamper(database, put("campaign", "deadline = 'mai'", "id = 1"))
    assert await verify(database) == Finding(Problem.CAMPAIGN, 1, "1")
    await database.close()


async def test_the_latest_correction_counts(database: Database, campaign_id: int) -> None:
    await tamper(database, put("campaign", "pass_mark = 50", "id = 1"))
    async with database.write() as tx:
        await record_publication(tx, campaign_id, NOW, is_correction=True)
    assert await found(database) is None
    await tamper(database, put("campaign", "pass_mark = 0", "id = 1"))
    assert await found(database) == (Problem.CAMPAIGN, "1")


@pytest.mark.usefixtures("campaign_id")
async def test_a_campaign_that_nobody_published_is_found(database: Database) -> None:
    await tamper(
        database,
        "INSERT INTO campaign (slug, version_hash, title, audience, pass_mark, published_at) "
        "SELECT 'second', version_hash, title, audience, pass_mark, published_at FROM campaign",
    )
    assert await verify(database) == Finding(Problem.CAMPAIGN, None, "2")


async def test_a_campaign_that_was_removed_is_found(database: Database) -> None:
    async with database.write() as tx:
        await chain.campaign(tx)
    await tamper(database, "DELETE FROM campaign")
    assert await verify(database) == Finding(Problem.CAMPAIGN, 1, "1")


# What was taken back.


async def test_a_waiver_that_was_taken_back_counts_no_more(database: Database) -> None:
    campaign_id = await sealed_branch(database)
    async with database.write() as tx:
        for kind in (Kind.WAIVER, Kind.WITHDRAWAL):
            number = await evidence.append(tx, NewEvidence(kind, 7, 1, campaign_id, "direct", NOW))
            await study.waive(tx, campaign_id, 7, NOW, number)
    assert await verify(database) == Finding(Problem.UNFOUNDED, number, "NV07")
    async with database.write() as tx:
        await study.withdraw(tx, campaign_id, 7, number)
    assert await found(database) is None
