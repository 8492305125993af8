import json
from dataclasses import replace

from sqlalchemy import select

from storage import evidence_check
from storage.schema.studies import quiz_attempt
from tests.people import CHAIR, WORKER
from tests.study.course import DOCUMENT, TITLE, Course, confirm, payload, publish, question, read_all
from tests.talk import Talk
from tests.world import World

assert DOCUMENT.quiz is not None
QUIZ = DOCUMENT.quiz


async def acknowledged(world: World) -> Talk:
    """The worker, just after the acknowledgement."""
    talk = await world.talk(WORKER)
    await read_all(talk)
    await confirm(talk)
    return talk


async def attempts(world: World) -> list[tuple[int, list[int], int | None]]:
    columns = (quiz_attempt.c.number, quiz_attempt.c.answers, quiz_attempt.c.score)
    async with world.database.read() as tx:
        rows = await tx.all(select(*columns).order_by(quiz_attempt.c.id))
    return [(row.number, row.answers, row.score) for row in rows]


async def test_a_question_is_answered_and_explained(course: Course, world: World) -> None:
    talk = await acknowledged(world)
    await talk.taps("Làm bài kiểm tra")
    asked = course.drawn(talk)
    talk.sees("Câu 1/2", asked.ask, asked.right, *asked.wrong)
    assert talk.buttons == ["A", "B", "C", "D"]
    message = talk.last.id
    await course.answers(talk, right=True)
    talk.sees("✅ Đúng rồi", asked.right, asked.explain)
    assert talk.buttons == [f"Đọc lại trang {asked.card}", "Câu tiếp ›"]
    await talk.taps("Câu tiếp")
    talk.sees("Câu 2/2")
    await course.answers(talk, right=False)
    talk.sees("❌ Chưa đúng. Đáp án:", "Kết quả", "Đúng 1/2 câu (50%)", "Cần đúng từ 100% là đạt")
    assert next(shown.id for shown in talk.new) == message, "questions follow each other in one message"


async def test_passing_is_recorded_with_its_evidence(course: Course, world: World) -> None:
    talk = await acknowledged(world)
    await talk.taps("Làm bài kiểm tra")
    for right in (True, False):
        await course.answers(talk, right=right)
        if right:
            await talk.taps("Câu tiếp")
    await talk.taps("Làm lại bài kiểm tra")
    await course.answers(talk, right=True)
    await talk.taps("Câu tiếp")
    world.clock.forward(minutes=1)
    await course.answers(talk, right=True)
    talk.sees("Đúng 2/2 câu (100%)", "Đạt rồi!")
    progress = await course.progress(WORKER)
    assert (progress.best_score, progress.passed_at) == (100, world.clock.now())
    _, first, second = await course.evidence()
    assert (first.kind, first.attempts, second.attempts) == ("quiz", 1, 2)
    assert json.loads(first.details) == {"score": 50, "pass_mark": 100, "passed": 0}
    assert json.loads(second.details) == {"score": 100, "pass_mark": 100, "passed": 1}
    assert (second.channel, second.actor_id) == ("direct", await course.member_id(WORKER))
    async with world.database.read() as tx:
        assert (await evidence_check.verify(tx, world.clock.now())).ok


async def test_a_worse_attempt_later_takes_nothing_away(course: Course, world: World) -> None:
    talk = await acknowledged(world)
    await talk.taps("Làm bài kiểm tra")
    await finish(course, talk, right=True)
    passed_at = world.clock.now()
    world.clock.forward(days=1)
    await talk.taps("Làm lại bài kiểm tra")
    await finish(course, talk, right=False)
    talk.sees("Đúng 0/2 câu (0%)", "Nên đọc lại trang")
    progress = await course.progress(WORKER)
    assert (progress.best_score, progress.passed_at) == (100, passed_at)
    await talk.says("/hoctap")
    talk.sees("không còn tài liệu nào phải học")
    await talk.taps(TITLE)
    talk.sees("cao nhất 100%, đạt")


async def finish(course: Course, talk: Talk, *, right: bool) -> None:
    await course.answers(talk, right=right)
    await talk.taps("Câu tiếp")
    await course.answers(talk, right=right)


async def test_what_was_missed_or_not_seen_is_asked_next(course: Course, world: World) -> None:
    """Two of three are drawn: the one not seen and, after it, one of the missed."""
    talk = await acknowledged(world)
    await talk.taps("Làm bài kiểm tra")
    right = course.drawn(talk)
    await course.answers(talk, right=True)
    await talk.taps("Câu tiếp")
    await course.answers(talk, right=False)
    await talk.taps("Làm lại bài kiểm tra")
    seen = [course.drawn(talk)]
    await course.answers(talk, right=True)
    await talk.taps("Câu tiếp")
    seen.append(course.drawn(talk))
    assert right not in seen
    assert len({each.id for each in seen}) == 2


async def test_rereading_leads_back_to_the_quiz(course: Course, world: World) -> None:
    talk = await acknowledged(world)
    await talk.taps("Làm bài kiểm tra")
    asked = course.drawn(talk)
    await course.answers(talk, right=False)
    await talk.taps("Đọc lại")
    talk.sees(f"Trang {asked.card}/3")
    await talk.taps("Về bài kiểm tra")
    talk.sees("Câu 2/2")
    last = course.drawn(talk)
    await course.answers(talk, right=False)
    page = next(shown for shown in talk.new if "Kết quả" not in shown.text)
    await talk.presses(page, page.buttons[0][1])
    talk.sees(f"Trang {last.card}/3")
    page = talk.new[0]
    await talk.presses(page, page.buttons[0][1])
    talk.sees("Kết quả", "Đúng 0/2")
    await talk.taps("Tài liệu của tôi")
    talk.sees("đã xác nhận, còn bài kiểm tra")


async def test_hoctap_resumes_an_attempt(course: Course, world: World) -> None:
    talk = await acknowledged(world)
    await talk.says("/hoctap")
    talk.sees("Bài kiểm tra", "2 câu hỏi ngắn", "đúng từ 100% là đạt", "Hạn: 10/03/2026")
    await talk.taps("Làm bài kiểm tra")
    await course.answers(talk, right=True)
    await talk.says("/hoctap")
    talk.sees("Câu 2/2")
    await talk.says("/menu")
    await talk.presses(talk.last, payload(course, "study.quiz"))
    talk.sees("Câu 2/2")
    await talk.says("/hoctap")
    talk.sees("Câu 2/2")
    assert await attempts(world) == [(1, [0], None)]


async def test_an_answer_counts_once(course: Course, world: World) -> None:
    talk = await acknowledged(world)
    await talk.taps("Làm bài kiểm tra")
    asked = talk.last
    await course.answers(talk, right=True)
    before = await attempts(world)
    for _label, pressed in asked.buttons:
        await talk.presses(asked, pressed)
        talk.sees("đã trả lời rồi")
    assert "Vì" in talk.last.text, "its explanation still stands"
    assert await attempts(world) == before
    await talk.taps("Câu tiếp")
    current = talk.last
    await course.answers(talk, right=True)
    results = await attempts(world)
    for old in (asked, current):
        for _label, pressed in old.buttons:
            await talk.presses(old, pressed)
            talk.sees("đã trả lời rồi")
    assert await attempts(world) == results
    assert len(await course.evidence()) == 2


async def test_an_older_question_shows_the_current_one(course: Course, world: World) -> None:
    document = replace(DOCUMENT, slug="ba", title="Ba câu", quiz=replace(QUIZ, draw=3))
    await course.end()
    course = await publish(world, document)
    talk = await acknowledged(world)
    await talk.taps("Làm bài kiểm tra")
    first = talk.last
    for _ in range(2):
        await course.answers(talk, right=True)
        await talk.taps("Câu tiếp")
    await talk.says("/menu")
    await talk.presses(first, first.buttons[0][1])
    talk.sees("đã trả lời rồi")
    assert "Câu 3/3" in next(shown for shown in talk._line.shown() if shown.id == first.id).text


async def test_another_persons_attempt_is_refused(course: Course, world: World) -> None:
    talk = await acknowledged(world)
    await talk.taps("Làm bài kiểm tra")
    question_message = talk.last
    thief = await world.talk(CHAIR)
    await thief.says("/hoctap")
    for action in ("study.answer", "study.resume", "study.reread"):
        await thief.presses(thief.last, payload(course, action, 1, 0, 0))
        thief.sees("của người khác")
        thief.misses(*(each.ask for each in QUIZ.questions))
    assert await attempts(world) == [(1, [], None)]
    await talk.presses(question_message, question_message.buttons[0][1])
    talk.sees("Vì")


FORGED: tuple[tuple[str, tuple[str | int, ...]], ...] = (
    ("study.answer", (1, 0, 4)),
    ("study.answer", (1, 1, 0)),
    ("study.answer", (1, 2, 0)),
    ("study.answer", (1, 99, 0)),
    ("study.answer", (99, 0, 0)),
    ("study.answer", (1, 0)),
    ("study.answer", (1, 0, "x")),
    ("study.reread", (1, 0)),
    ("study.reread", (1, 5)),
    ("study.reread", (99, 0)),
    ("study.resume", (99,)),
    ("study.quiz", (99,)),
)


async def test_forged_presses_change_nothing(course: Course, world: World) -> None:
    talk = await acknowledged(world)
    await talk.taps("Làm bài kiểm tra")
    for action, arguments in FORGED:
        await talk.presses(talk.last, payload(course, action, *arguments))
        talk.sees("Nút này đã cũ", "muốn làm gì?")
    assert await attempts(world) == [(1, [], None)]


async def test_the_quiz_waits_for_the_acknowledgement(course: Course, world: World) -> None:
    talk = await world.talk(WORKER)
    await read_all(talk)
    await talk.presses(talk.last, payload(course, "study.quiz"))
    talk.sees("Tôi là Đặng Thu Hà", "xác nhận đã học xong rồi mình làm bài kiểm tra")
    assert await attempts(world) == []


async def test_a_document_without_a_quiz_has_none_to_take(world: World) -> None:
    course = await publish(world, replace(DOCUMENT, quiz=None), pass_mark=0)
    talk = await acknowledged(world)
    assert talk.buttons == []
    await talk.presses(talk.last, payload(course, "study.quiz"))
    talk.sees("Nút này đã cũ")


async def test_a_quiz_without_a_pass_mark_is_for_oneself(world: World) -> None:
    course = await publish(world, pass_mark=0)
    talk = await acknowledged(world)
    talk.sees("Làm hay không tuỳ anh/chị")
    await talk.taps("Làm bài kiểm tra")
    await course.answers(talk, right=True)
    await talk.says("/hoctap")
    talk.sees("Câu 2/2")
    await course.answers(talk, right=True)
    talk.sees("Bài này để anh/chị tự kiểm tra mình")
    progress = await course.progress(WORKER)
    assert (progress.best_score, progress.passed_at) == (100, None)
    await talk.says("/hoctap")
    talk.sees("không còn tài liệu nào phải học")


async def test_a_corrected_quiz_leaves_the_begun_attempt_alone(course: Course, world: World) -> None:
    talk = await acknowledged(world)
    await talk.taps("Làm bài kiểm tra")
    asked = course.drawn(talk)
    quiz = replace(QUIZ, questions=tuple(question(f"z{n}", n) for n in (1, 2, 3)))
    await course.correct(replace(DOCUMENT, quiz=quiz))
    await course.answers(talk, right=True)
    talk.sees(asked.explain)
    await talk.taps("Câu tiếp")
    await course.answers(talk, right=True)
    talk.sees("Đạt rồi!")
    await talk.taps("Làm lại bài kiểm tra")
    talk.sees("Hỏi z")


async def test_nothing_is_answered_in_a_campaign_that_is_over(course: Course, world: World) -> None:
    talk = await acknowledged(world)
    await talk.taps("Làm bài kiểm tra")
    await course.end()
    await course.answers(talk, right=True)
    talk.sees("đã kết thúc")
    assert await attempts(world) == [(1, [], None)]


async def test_options_are_shuffled_and_told_apart_by_letters(course: Course, world: World) -> None:
    talk = await acknowledged(world)
    places = set()
    await talk.taps("Làm bài kiểm tra")
    for _ in range(4):
        for _ in range(2):
            asked = course.drawn(talk)
            line = next(line for line in talk.last.text.splitlines() if line.endswith(asked.right))
            places.add(line[:2])
            await course.answers(talk, right=False)
            if "Câu tiếp ›" in talk.buttons:
                await talk.taps("Câu tiếp")
        await talk.taps("Làm lại bài kiểm tra")
    assert len(places) > 1
    assert places <= {"A.", "B.", "C.", "D."}
