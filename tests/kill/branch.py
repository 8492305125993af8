"""A branch made by the commands, its members with their telephones, and what became of what they did."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select

from bot.branch import DOCUMENTS
from handlers.kit.documents import load_documents
from storage import accounts
from storage.database import Database, open_database
from storage.schema.evidence import evidence
from storage.schema.people import member
from storage.schema.studies import quiz_attempt, study
from tests.doubles.telegram import TelegramDouble
from tests.kill.program import Program
from tests.kill.reader import Reader

READERS = 20
DOCUMENT = "nghi-quyet-02"
FIRST_PERSON = 501
NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
HEADING = "Mã;Họ và tên;Tổ công đoàn;Đoàn viên;Vai trò"


@dataclass(frozen=True, slots=True)
class Records:
    """By member code: acknowledgements in the evidence, rows that are acknowledged, attempts at the quiz."""

    acknowledgements: Counter[str]
    acknowledged: set[str]
    attempts: Counter[str]


async def found(program: Program, folder: Path) -> dict[str, str]:
    """The branch with its campaign; the readers' invitations by their codes."""
    chair = "Nguyễn Thị Ánh"
    await program.command("init", "--branch", "Công đoàn Chi nhánh", "--chair", chair)
    people = [
        f"NV{number:02};Trần Văn {number:02};Tổ {number % 3 + 1};x;" for number in range(1, READERS + 1)
    ]
    roster = folder / "danh-sach.csv"
    roster.write_text("\n".join([HEADING, f"CT01;{chair};Tổ 1;x;chủ tịch", *people]), "utf-8")
    report = await program.command("roster", "import", str(roster))
    assert report["errors"] == []
    made = await program.command("invite", "--all")
    await program.command("study", "publish", DOCUMENT)
    return {each["code"]: each["invite"] for each in made if each["code"].startswith("NV")}


def readers(double: TelegramDouble, invites: dict[str, str]) -> dict[str, Reader]:
    """Every second one takes the quiz."""
    document = load_documents(DOCUMENTS)[DOCUMENT]
    return {
        code: Reader(double, double.person(FIRST_PERSON + place), invite, document, takes_quiz=place % 2 == 0)
        for place, (code, invite) in enumerate(invites.items())
    }


async def link(url: str, chats: dict[str, int], channel: str = "telegram") -> None:
    """Accounts of these members, by their codes, without their having to do anything."""
    database = open_database(url)
    async with database.write() as tx:
        ids = {row.code: row.id for row in await tx.all(select(member.c.code, member.c.id))}
        for code, chat in chats.items():
            account = await accounts.arrive(tx, channel, str(chat), NOW)
            await accounts.link(tx, account.id, ids[code], NOW)
    await database.close()


async def records(url: str) -> Records:
    database = open_database(url)
    try:
        return await _records(database)
    finally:
        await database.close()


async def _records(database: Database) -> Records:
    async with database.read() as tx:
        entries = await tx.all(
            select(member.c.code)
            .join(evidence, evidence.c.member_id == member.c.id)
            .where(evidence.c.kind == "acknowledgement")
        )
        rows = await tx.all(
            select(member.c.code)
            .join(study, study.c.member_id == member.c.id)
            .where(study.c.acknowledged_at.is_not(None))
        )
        attempts = await tx.all(
            select(member.c.code).join(quiz_attempt, quiz_attempt.c.member_id == member.c.id)
        )
    return Records(
        Counter(row.code for row in entries),
        {row.code for row in rows},
        Counter(row.code for row in attempts),
    )
