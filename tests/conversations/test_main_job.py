"""The main job from end to end, the same on every line: members study in the chat, the union sees who has."""

import asyncio
import json
from typing import Any

from typer.testing import CliRunner

from bot.cli.app import app
from handlers.evidence import actions as evidence
from handlers.link import actions as link
from storage import campaigns
from storage import coverage as figures
from tests import people
from tests.people import CHAIR, WORKER
from tests.study.course import Course
from tests.talk import Talk
from tests.world import World

COLLEAGUE = "NV07"
DOCUMENT = "nghi-quyet-02"


class Union:
    """The branch, and what its commands print about the one campaign."""

    def __init__(self, world: World, url: str) -> None:
        self.world = world
        self._environment = {"CAUNOI_DATABASE_URL": url}

    async def join(self, code: str) -> Talk:
        """By an invitation and consent, as everybody does."""
        async with self.world.database.write() as tx:
            [made] = await link.invite(self.world.work(tx), everyone=False, code=code)
        talk = self.world.stranger(f"telephone of {code}")
        await talk.says(f"/start {made.code}")
        await talk.taps("Đồng ý")
        talk.sees("Xong rồi")
        return talk

    async def course(self) -> Course:
        async with self.world.database.read() as tx:
            [campaign] = await campaigns.all_campaigns(tx)
        return Course(self.world, campaign.id, self.world.services.documents[DOCUMENT])

    async def command(self, *words: str) -> Any:
        """What `caunoi WORDS --json` prints."""
        run = CliRunner(env=self._environment).invoke
        result = await asyncio.to_thread(run, app, [*words, "--json"], catch_exceptions=False)
        return json.loads(result.stdout)

    async def check(self, *, sent: int, acknowledged: int, covered: set[str]) -> None:
        """The command's figures and the storage's are what people did."""
        printed = await self.command("study", "coverage")
        everybody = {code for code, *_ in people.PEOPLE}
        share = 100 * len(covered) / len(everybody)
        assert {name: printed[name] for name in ("in_scope", "sent", "acknowledged", "passed", "waived")} == {
            "in_scope": len(everybody),
            "sent": sent,
            "acknowledged": acknowledged,
            "passed": len(covered),
            "waived": 0,
        }
        assert printed["coverage"] == share
        assert {person["code"] for person in printed["missing"]} == everybody - covered
        assert sum(group["covered"] for group in printed["groups"]) == len(covered)
        async with self.world.database.read() as tx:
            campaign = await campaigns.by_id(tx, printed["campaign"])
            assert campaign is not None
            counted, missing = await figures.coverage(tx, campaign)
        assert (counted.in_scope, counted.sent, counted.acknowledged) == (len(everybody), sent, acknowledged)
        assert (counted.passed, counted.covered, counted.coverage) == (len(covered), len(covered), share)
        assert {person.code for person in missing} == everybody - covered


async def test_members_study_and_the_union_sees_who_has(line_world: World, setting: tuple[str, str]) -> None:
    union = Union(line_world, setting[1])
    chair, ha, tuan = [await union.join(code) for code in (CHAIR, WORKER, COLLEAGUE)]
    for talk in (ha, tuan):
        talk.look()
    await _opens_a_campaign(chair)
    await line_world.deliver()
    for talk in (ha, tuan):
        talk.sees("Mời anh/chị học", "Nghị quyết số 02-NQ/TW")
    course = await union.course()
    await union.check(sent=3, acknowledged=0, covered=set())

    await ha.taps("Bắt đầu học")
    await _reads(ha, line_world)
    await _acknowledges(ha)
    await union.check(sent=3, acknowledged=1, covered=set())

    await _fails(ha, course)
    await union.check(sent=3, acknowledged=1, covered=set())
    await _passes(ha, course, line_world)
    await union.check(sent=3, acknowledged=1, covered={WORKER})
    await _sees(chair, "10% hoàn thành (1/10 người)", present="Hoàng Anh Tuấn (NV07)", absent="NV06")

    await tuan.says("/hoctap")
    await _reads(tuan, line_world)
    await _acknowledges(tuan)
    await tuan.taps("Làm bài kiểm tra")
    await _answers_all(tuan, course, right=True)
    tuan.sees("Đạt rồi")
    await union.check(sent=3, acknowledged=2, covered={WORKER, COLLEAGUE})
    await _sees(chair, "20% hoàn thành (2/10 người)", present="Đỗ Mỹ Linh (NV08)", absent="NV07")

    async with line_world.database.write() as tx:
        await evidence.seal(line_world.work(tx))
    verdict = await union.command("evidence", "verify")
    # Publishing, two acknowledgements, three attempts.
    assert (verdict["ok"], verdict["entries"], verdict["broken_at"]) == (True, 6, None)


async def _opens_a_campaign(chair: Talk) -> None:
    await chair.says("/hoctap")
    await chair.taps("Mở đợt học mới")
    await chair.taps("Chương trình hành động")
    await chair.taps("Mọi người")
    await chair.taps("14 ngày nữa")
    await chair.taps("Như tài liệu: 80%")
    chair.sees("10 người", "16/03/2026", "đạt từ 80%", "7 người chưa liên kết")
    await chair.taps("Mở đợt học")
    chair.sees("Đã mở đợt học", "10 người")


async def _reads(talk: Talk, world: World) -> None:
    """Card by card, with the program started anew half-way."""
    cards = len(world.services.documents[DOCUMENT].cards)
    for number in range(1, cards + 1):
        talk.sees(f"Trang {number}/{cards}")
        if number == cards // 2:
            world.restart()
            await talk.says("/hoctap")
            talk.sees(f"Trang {number}/{cards}")
        await talk.taps("Sau ›" if number < cards else "Tới lời xác nhận")


async def _acknowledges(talk: Talk) -> None:
    talk.sees("Tôi là", "Tôi xác nhận đã đọc hết")
    await talk.taps("Tôi xác nhận đã học")
    talk.sees("Đã ghi nhận lúc", "Còn bài kiểm tra ngắn 5 câu")


async def _fails(talk: Talk, course: Course) -> None:
    """A wrong answer is explained at once, with the card to read again."""
    await talk.taps("Làm bài kiểm tra")
    asked = course.drawn(talk)
    talk.sees("Câu 1/5", asked.ask, asked.right, *asked.wrong)
    await course.answers(talk, right=False)
    talk.sees("Chưa đúng. Đáp án:", asked.right, asked.explain)
    await talk.taps(f"Đọc lại trang {asked.card}")
    talk.sees(f"Trang {asked.card}/")
    await talk.taps("Về bài kiểm tra")
    talk.sees("Câu 2/5")
    await _answers_all(talk, course, right=False, first=2)
    talk.sees("Đúng 0/5 câu (0%)", "Cần đúng từ 80%")


async def _passes(talk: Talk, course: Course, world: World) -> None:
    await talk.taps("Làm lại bài kiểm tra")
    await course.answers(talk, right=True)
    world.restart()
    await talk.says("/hoctap")
    talk.sees("Câu 2/5")
    await _answers_all(talk, course, right=True, first=2)
    talk.sees("Đúng 5/5 câu (100%)", "Đạt rồi")


async def _answers_all(talk: Talk, course: Course, *, right: bool, first: int = 1) -> None:
    for number in range(first, 6):
        talk.sees(f"Câu {number}/5")
        await course.answers(talk, right=right)
        talk.sees("Đúng rồi" if right else "Chưa đúng")
        if number < 5:
            await talk.taps("Câu tiếp ›")


async def _sees(chair: Talk, share: str, *, present: str, absent: str) -> None:
    await chair.says("/baocao")
    chair.sees("Nghị quyết số 02-NQ/TW", share)
    await chair.taps("Ai chưa học")
    chair.sees(present)
    chair.misses(f"({absent})")
