"""A short document, published to the branch of `tests.world`, and how a member gets through it."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import select

from handlers.kit.documents import Card, Document, Question, Quiz, canonical, version
from storage import campaigns, members, study
from storage.campaigns import FrozenVersion, State
from storage.evidence import Kind
from storage.schema.evidence import evidence
from storage.study import Progress
from tests.storage.chain import record_publication
from tests.talk import Talk
from tests.world import World

TITLE = "An toàn & <b>sức khoẻ</b>"


def question(name: str, card: int) -> Question:
    return Question(
        id=name,
        ask=f"Hỏi {name}?",
        right=f"{name} đúng",
        wrong=(f"{name} sai 1", f"{name} sai 2", f"{name} sai 3"),
        explain=f"Vì {name}.",
        card=card,
    )


DOCUMENT = Document(
    slug="an-toan",
    title=TITLE,
    number="12-NQ/CĐ",
    issuer="Ban chấp hành",
    date=date(2026, 1, 5),
    source="",
    edition=1,
    summary="",
    cards=tuple(Card(number, f"Phần {number}", f"Nội dung **{number}** <i>") for number in (1, 2, 3)),
    quiz=Quiz(draw=2, pass_mark=100, questions=tuple(question(f"q{n}", n) for n in (1, 2, 3))),
)


@dataclass(frozen=True)
class Course:
    """One campaign on `document`."""

    world: World
    campaign_id: int
    document: Document

    async def member_id(self, code: str) -> int:
        async with self.world.database.read() as tx:
            person = await members.by_code(tx, code)
        assert person is not None
        return person.id

    async def progress(self, code: str) -> Progress:
        member_id = await self.member_id(code)
        async with self.world.database.read() as tx:
            return await study.progress(tx, self.campaign_id, member_id)

    async def evidence(self) -> list[Any]:
        """Of what members did, not of the campaign's own beginning."""
        studied = select(evidence).where(evidence.c.kind != Kind.PUBLICATION.value)
        async with self.world.database.read() as tx:
            return list(await tx.all(studied.order_by(evidence.c.id)))

    async def correct(self, document: Document) -> None:
        """The campaign goes on with a corrected version."""
        async with self.world.database.write() as tx:
            frozen = FrozenVersion(
                version(document), document.slug, document.edition, document.title, canonical(document)
            )
            await campaigns.freeze(tx, frozen, self.world.clock.now())
            await campaigns.revise(tx, self.campaign_id, frozen.hash, document.title)
            await record_publication(tx, self.campaign_id, self.world.clock.now(), is_correction=True)

    async def end(self, state: State = State.CLOSED) -> None:
        async with self.world.database.write() as tx:
            await campaigns.close(tx, self.campaign_id, state, self.world.clock.now())

    def drawn(self, talk: Talk) -> Question:
        """The question that stands on the talk's newest message."""
        assert self.document.quiz is not None
        return next(each for each in self.document.quiz.questions if each.ask in talk.last.text)

    async def answers(self, talk: Talk, *, right: bool) -> None:
        """Answer the question on the newest message."""
        asked = self.drawn(talk)
        wanted = asked.right if right else asked.wrong[0]
        letter = next(line[0] for line in talk.last.text.splitlines() if line.endswith(wanted))
        await talk.taps(letter)


async def publish(
    world: World,
    document: Document = DOCUMENT,
    *,
    audience: str = "all",
    deadline: date | None = date(2026, 3, 10),
    pass_mark: int = 100,
) -> Course:
    frozen = FrozenVersion(
        version(document), document.slug, document.edition, document.title, canonical(document)
    )
    async with world.database.write() as tx:
        await campaigns.freeze(tx, frozen, world.clock.now())
        campaign_id = await campaigns.create(
            tx,
            slug=document.slug,
            version_hash=frozen.hash,
            title=document.title,
            audience=audience,
            deadline=deadline,
            pass_mark=pass_mark,
            published_by=None,
            now=world.clock.now(),
        )
        await record_publication(tx, campaign_id, world.clock.now())
    return Course(world, campaign_id, document)


async def read_all(talk: Talk, document: Document = DOCUMENT) -> None:
    """From /hoctap to the last card."""
    await talk.says("/hoctap")
    for _ in document.cards[1:]:
        await talk.taps("Sau ›")


async def confirm(talk: Talk) -> None:
    """From the last card to the recorded acknowledgement."""
    await talk.taps("Tới lời xác nhận")
    await talk.taps("Tôi xác nhận đã học")


def payload(course: Course, action: str, *arguments: str | int) -> str:
    """A button that the bot may never have sent."""
    return "~".join(("1", "t3st", action, *map(str, arguments or (course.campaign_id,))))


def other(document: Document, slug: str, title: str) -> Document:
    return replace(document, slug=slug, title=title)
