"""What the reports say, on both databases."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from handlers.kit.reports import Report
from handlers.reports.standings import reaches
from handlers.reports.targets import Target
from storage import members
from storage.registers import Share, events
from storage.registers.events import NewAgreement
from tests.people import PEOPLE
from tests.reports.scene import CODES, YEAR, Scene, fill, rename
from tests.study.course import DOCUMENT

PLAIN = replace(DOCUMENT, slug="noi-quy", title="Nội quy", quiz=None)


def values(report: Report) -> dict[str, Any]:
    return {each.key: each.value for each in report.figures}


def rows(report: Report, key: str) -> list[tuple[Any, ...]]:
    return next(list(each.rows) for each in report.tables if each.key == key)


def says(report: Report, *parts: str) -> bool:
    text = "\n".join((*report.lead, *report.notes))
    return all(part in text for part in parts)


async def test_the_coverage_of_a_campaign(scene: Scene) -> None:
    report = await scene.gather("coverage", await fill(scene))
    assert values(report) == {
        "coverage": 40.0,
        "in_scope": 10,
        "covered": 4,
        "missing": 6,
        "acknowledged": 7,
        "passed": 3,
        "credited": 0,
        "waived": 1,
        "sent": 0,
    }
    assert rows(report, "groups") == [
        ("Tổ Hành chính", 4, 2, 2, 50.0),
        ("Tổ Kỹ thuật", 2, 1, 1, 50.0),
        ("Tổ Nghiệp vụ", 4, 1, 3, 25.0),
    ]
    assert says(report, "hạn 09/03/2026", "Đã có 4/10 người hoàn thành, đạt 40%", "còn đang mở")


async def test_a_campaign_with_nobody_in_scope(scene: Scene) -> None:
    scene.offer(DOCUMENT)
    campaign = await scene.publish(audience="party")
    async with scene.world.database.write() as tx:
        everybody = await members.everybody(tx)
        await members.change(tx, [{"b_id": each.id, "is_party_member": False} for each in everybody])
    report = await scene.gather("coverage", campaign)
    assert (values(report)["in_scope"], values(report)["coverage"]) == (0, None)
    assert rows(report, "groups") == []
    assert says(report, "không có ai thuộc đối tượng")
    missing = await scene.gather("missing", campaign)
    assert (rows(missing, "missing"), missing.tables[0].empty) == ([], "Không còn ai chưa hoàn thành.")


async def test_a_campaign_from_which_everybody_is_let_off(scene: Scene) -> None:
    scene.offer(DOCUMENT)
    campaign = await scene.publish()
    for code in CODES:
        await scene.note(campaign, code, "waived_at")
    report = await scene.gather("coverage", campaign)
    assert (values(report)["coverage"], values(report)["waived"]) == (100.0, len(CODES))
    assert says(report, "đều được miễn học")


async def test_the_missing_are_sorted_as_vietnamese_sorts_names(scene: Scene) -> None:
    scene.offer(DOCUMENT)
    for code, name in (("CT01", "Vũ Ý"), ("CU03", "Trần Đạt"), ("TT04", "Lê Ánh"), ("NV06", "An Dung")):
        await rename(scene.world, code, name)
    report = await scene.gather("missing", await scene.publish())
    named = [row[2] for row in rows(report, "missing")]
    assert named[:4] == ["Lê Ánh", "An Dung", "Trần Đạt", "Vũ Ý"]
    assert [row[0] for row in rows(report, "missing")] == list(range(1, len(PEOPLE) + 1))
    assert values(report)["missing"] == len(PEOPLE)


async def test_a_year_counts_turns_and_people(scene: Scene) -> None:
    scene.offer(DOCUMENT, PLAIN)
    first, second = await scene.publish(pass_mark=0), await scene.publish(PLAIN.slug, audience="members")
    for code in CODES[:5]:
        await scene.note(first, code, "acknowledged_at")
    for code in CODES[:2]:
        await scene.note(second, code, "acknowledged_at")
    report = await scene.gather("coverage", year=YEAR)
    # NV08 and NV10 are no union members: the first campaign is all they have to study.
    assert values(report) == {
        "campaigns": 2,
        "people": 10,
        "people_done": 2,
        "people_share": 20.0,
        "turns": 18,
        "turns_done": 7,
        "turns_share": 38.9,
    }
    assert [row[0] for row in rows(report, "campaigns")] == [first, second]
    assert sum(row[1] for row in rows(report, "groups")) == 18
    assert says(report, "Năm chưa kết thúc", "Trong năm mở 2 đợt học")
    before = await scene.gather("coverage", year=YEAR - 1)
    assert (values(before)["people_share"], values(before)["turns_share"]) == (None, None)
    assert says(before, "Trong năm không mở đợt học nào.")


async def test_a_campaign_that_a_new_edition_replaced_counts_in_no_total(scene: Scene) -> None:
    scene.offer(DOCUMENT)
    await scene.publish()
    scene.offer(replace(DOCUMENT, edition=2, title="Bản hai"))
    second = await scene.publish()
    report = await scene.gather("coverage", year=YEAR)
    assert [row[4] for row in rows(report, "campaigns")] == ["Có bản mới", "Đang học"]
    assert (values(report)["campaigns"], values(report)["turns"]) == (1, len(CODES))
    assert says(await scene.gather("coverage", second - 1), "đã có bản mới thay")


async def test_questions_by_the_first_attempts_alone(scene: Scene) -> None:
    report = await scene.gather("quiz", await fill(scene))
    assert values(report)["attempts"] == 7
    by_ask = {row[1]: row for row in rows(report, "questions")}
    assert by_ask["Hỏi q1?"][2:4] == (7, 28.6)
    assert "dưới 30% chọn đúng" in by_ask["Hỏi q1?"][5]
    assert "để tham khảo" in by_ask["Hỏi q1?"][5]
    # Asked in a second attempt only.
    assert by_ask["Hỏi q3?"][2:5] == (None, None, None)
    options = [row[1:] for row in rows(report, "options") if row[0] == 1]
    assert options[0] == ("A. q1 đúng", "Đúng", 2, 28.6)
    assert [row[2] for row in options] == [2, 2, 2, 1]


async def test_a_quiz_that_few_have_taken_gives_nobodys_answers_away(scene: Scene) -> None:
    scene.offer(DOCUMENT)
    campaign = await scene.publish()
    for code in CODES[:4]:
        await scene.answer(campaign, code, {"q1": 1, "q2": 0})
    report = await scene.gather("quiz", campaign)
    assert values(report)["mean_score"] is None
    assert rows(report, "options") == []
    assert {row[2:5] for row in rows(report, "questions")} == {(None, None, None)}


async def test_a_corrected_question_is_another_one(scene: Scene) -> None:
    campaign = await fill(scene)
    quiz = DOCUMENT.quiz
    assert quiz is not None
    reworded = replace(quiz.questions[0], ask="Hỏi lại q1?")
    scene.offer(replace(DOCUMENT, quiz=replace(quiz, questions=(reworded, *quiz.questions[1:]))))
    assert await scene.publish() == campaign
    report = await scene.gather("quiz", campaign)
    asked = {row[1]: row[2] for row in rows(report, "questions")}
    assert (asked["Hỏi q1?"], asked["Hỏi lại q1?"]) == (7, None)


async def test_a_document_without_a_quiz(scene: Scene) -> None:
    scene.offer(PLAIN)
    report = await scene.gather("quiz", await scene.publish(PLAIN.slug))
    assert values(report)["questions"] == 0
    assert report.tables[0].empty == "Tài liệu này không có câu hỏi kiểm tra."


async def test_announcements_of_a_year(scene: Scene) -> None:
    await fill(scene)
    report = await scene.gather("announcements", year=YEAR)
    assert values(report) == {
        "announcements": 2,
        "urgent": 0,
        "copies": 20,
        "copies_sent": 18,
        "copies_share": 90.0,
    }
    older, newer = rows(report, "announcements")
    day = date(YEAR, 3, 1)
    assert (newer[1], *newer[4:]) == (day, 10, 8, 80.0, 3)
    assert (older[1], *older[4:]) == (day - timedelta(days=1), 10, 10, 100.0, None)
    assert rows(await scene.gather("announcements", year=YEAR + 1), "announcements") == []


async def test_an_announcement_names_nobody(scene: Scene) -> None:
    await scene.announce("Mời {{ten}} ở {{to}}", 10)
    report = await scene.gather("announcements", year=YEAR)
    [row] = rows(report, "announcements")
    assert "{" not in row[2]
    assert row[2].startswith("Mời ")


async def test_a_kind_of_meeting_whose_lists_nobody_kept(scene: Scene) -> None:
    await scene.meet()
    report = await scene.gather("meetings", year=YEAR)
    assert rows(report, "kinds") == [("Họp tổ công đoàn", 1, None, None, None)]


async def test_meetings_of_a_year(scene: Scene) -> None:
    await fill(scene)
    await scene.meet(title="Không ai điểm danh")
    report = await scene.gather("meetings", year=YEAR)
    # Four of the group are invited, three of them came, and NV08 of another one.
    assert values(report) == {
        "meetings": 2,
        "meetings_kept": 1,
        "invited": 4,
        "present": 3,
        "present_share": 75.0,
        "guests": 1,
    }
    assert {row[1]: row[3:] for row in rows(report, "meetings")} == {
        "Họp tổ tháng 3": (4, 3, 75.0, 1),
        "Không ai điểm danh": (10, None, None, None),
    }
    assert rows(report, "kinds") == [("Họp tổ công đoàn", 2, 4, 3, 75.0)]


async def test_meetings_to_come_are_none_yet(scene: Scene) -> None:
    scene.world.clock.forward(minutes=-120)
    await scene.meet()
    scene.world.clock.forward(days=-1)
    assert values(await scene.gather("meetings", year=YEAR))["meetings"] == 0
    assert values(await scene.gather("meetings", year=YEAR + 1))["meetings"] == 0


async def test_duties_of_a_year(scene: Scene) -> None:
    report = await scene.gather("duties", year=YEAR)
    found = values(report)
    listed = rows(report, "duties")
    assert found["duties"] == len(listed) == found["duties_ahead"] + found["duties_overdue"]
    assert (found["duties_done"], found["duties_share"]) == (0, 0.0)
    days = [row[2] for row in listed if row[2]]
    assert days == sorted(days)


async def test_the_programme_s_targets_beside_where_the_branch_stands(scene: Scene) -> None:
    scene.offer(DOCUMENT)
    campaign = await scene.publish(pass_mark=0)
    for code in CODES[:9]:
        await scene.note(campaign, code, "acknowledged_at")
    await scene.gather("duties", year=YEAR)
    await scene.end_duty("hoi-nghi-nguoi-lao-dong", done_on=date(YEAR, 3, 1))
    await scene.end_duty("thoa-uoc-lao-dong-tap-the", is_dropped=True, note="Chưa hết hạn")
    report = await scene.gather("review", year=YEAR)
    told = {row[1]: row[2:4] for row in rows(report, "targets")}
    assert [each for each in told.values() if each[1] == "Đạt"] == [("Đã họp ngày 01/03/2026", "Đạt")]
    assert told["Thoả ước lao động tập thể được ký kết"] == ("Không phải làm: Chưa hết hạn", None)
    assert told["Từ 90% cán bộ công đoàn được bồi dưỡng"] == ("0% (0/4 cán bộ)", "Chưa đạt")
    assert told["100% lao động mới được kết nạp"] == ("0% (0/2 người)", "Chưa đạt")
    assert told["Đối thoại định kỳ tại nơi làm việc"] == ("Chưa ghi là xong", "Chưa đạt")
    assert ("90% (9/10 người)", "Chưa đạt") in told.values()
    assert ("Nguyễn Thị Ánh chưa tham gia cấp uỷ", "Chưa đạt") in told.values()
    assert values(report) == {"targets": 8, "targets_reached": 1}
    assert report.about.startswith("Sơ kết chương trình hành động")
    await scene.note(campaign, CODES[9], "acknowledged_at")
    await scene.train_officers(date(YEAR, 1, 15))
    report = await scene.gather("review", year=YEAR)
    assert values(report)["targets_reached"] == 3
    assert {row[1]: row[2] for row in rows(report, "targets")}[
        "Từ 90% cán bộ công đoàn được bồi dưỡng"
    ] == "100% (4/4 cán bộ)"


async def test_an_agreement_in_force_is_told_from_its_register(scene: Scene) -> None:
    new = NewAgreement("12/TƯLĐ", date(YEAR - 1, 2, 1), date(YEAR + 1, 1, 31))
    async with scene.world.database.write() as tx:
        await events.add(tx, new, None, scene.world.clock.now())
    for year, standing in [
        (YEAR, ("Thoả ước số 12/TƯLĐ, có hiệu lực đến 31/01/2027", "Đạt")),
        (YEAR - 2, ("Chưa có trong sổ nhiệm vụ", "Chưa đạt")),
    ]:
        listed = rows(await scene.gather("review", year=year), "targets")
        assert {row[1]: row[2:4] for row in listed}["Thoả ước lao động tập thể được ký kết"] == standing


def test_a_share_that_is_rounded_up_reaches_nothing() -> None:
    target = Target("", "trained", least=90)
    assert [reaches(Share(part, 2_000), target) for part in (1_799, 1_800)] == [False, True]


async def test_the_review_of_a_year_of_which_nothing_is_kept(scene: Scene) -> None:
    async with scene.world.database.write() as tx:
        chair = await members.by_code(tx, "CT01")
        assert chair is not None
        await members.change(tx, [{"b_id": chair.id, "is_chair": False}])
    report = await scene.gather("review", year=YEAR - 1)
    assert report.about.startswith("Tổng kết")
    told = {row[2] for row in rows(report, "targets")}
    assert told == {
        "Trong năm chưa mở đợt học",
        "Chưa có trong sổ nhiệm vụ",
        "Danh sách chưa có chủ tịch",
        "Danh sách chưa có cán bộ",
        "Trong năm không có người nào chưa vào công đoàn",
    }
