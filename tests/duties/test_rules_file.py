"""The file of rules: what it says is read, and each mistake is named at its line."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.branch import DUTIES
from handlers.kit.documents import ContentError
from handlers.kit.duties import (
    AfterDuty,
    AfterYearEnd,
    BesideEvent,
    DutyRules,
    Event,
    FixedDays,
    Often,
    Representatives,
    YearDay,
    check_duties,
    load_duties,
)
from handlers.kit.problem_texts import read_advice
from handlers.kit.roles import Role
from tests.kit.advice import kind_of

RULES = """\
financial_year_ends: 31/12
events:
  - event: dialogue
    duty: doi-thoai
representatives:
  - {workers: 0, least: 3, most: 0}
  - {workers: 50, least: 4, most: 8}
rules:
  - slug: doi-thoai
    name: "Đối thoại"
    what: "Cần {{dai_dien}} đại diện"
    basis: "Điều 63"
    confirmed: true
    responsible: chair, committee
    often: yearly
    deadline: 31/12
    remind: 7, 30
  - slug: cong-bo
    name: "Công bố"
    what: "Công bố"
    basis: "Điều 41"
    confirmed: false
    responsible: chair
    often: for-event
    deadline: 3 working days after dialogue
    remind: 1
  - slug: kiem-tra
    name: "Kiểm tra"
    what: "Kiểm tra"
    basis: "Điều 69"
    confirmed: true
    responsible: cell_committee
    often: half-yearly
    deadline: 6 months after doi-thoai
    remind: 0
"""


def read(folder: Path, text: str = RULES) -> DutyRules:
    (folder / "duties.yaml").write_text(text, "utf-8")
    return load_duties(folder / "duties.yaml")


def test_what_the_file_says(tmp_path: Path) -> None:
    found = read(tmp_path)
    assert found.year_ends == YearDay(12, 31)
    assert found.events == {Event.DIALOGUE: "doi-thoai"}
    assert found.representatives == (Representatives(0, 3, None), Representatives(50, 4, 8))
    dialogue, publication, check = found.rules.values()
    assert (dialogue.often, dialogue.deadline) == (Often.YEARLY, FixedDays((YearDay(12, 31),)))
    assert (dialogue.confirmed, dialogue.remind) == (True, (30, 7))
    assert dialogue.responsible == {Role.CHAIR, Role.COMMITTEE}
    assert publication.deadline == BesideEvent(3, Event.DIALOGUE, in_working_days=True)
    assert not publication.confirmed
    assert check.deadline == AfterDuty(6, "doi-thoai")
    assert [found.base_of(each) for each in found.rules] == [None, "doi-thoai", "doi-thoai"]


@pytest.mark.parametrize(
    ("often", "written", "deadline"),
    [
        ("yearly", "3 months after financial year", AfterYearEnd(3)),
        ("yearly", "1 month after doi-thoai", AfterDuty(1, "doi-thoai")),
        ("half-yearly", "30/6, 31/12", FixedDays((YearDay(6, 30), YearDay(12, 31)))),
        ("every-two-years", "15/3/2027", FixedDays((YearDay(3, 15),), 2027)),
        ("for-event", "1 working day before dialogue", BesideEvent(-1, Event.DIALOGUE, in_working_days=True)),
        ("for-event", "15 days after dialogue", BesideEvent(15, Event.DIALOGUE, in_working_days=False)),
    ],
)
def test_the_forms_of_a_deadline(tmp_path: Path, often: str, written: str, deadline: object) -> None:
    text = RULES.replace("6 months after doi-thoai", written).replace("half-yearly", often)
    assert read(tmp_path, text).rules["kiem-tra"].deadline == deadline


@pytest.mark.parametrize(
    ("workers", "least", "most"),
    [
        (0, 3, None),
        (49, 3, None),
        (50, 4, 8),
        (149, 4, 8),
        (150, 9, 13),
        (299, 9, 13),
        (300, 14, 18),
        (499, 14, 18),
        (500, 19, 23),
        (999, 19, 23),
        (1000, 24, None),
        (90_000, 24, None),
    ],
)
def test_how_many_represent_the_workers(workers: int, least: int, most: int | None) -> None:
    """As decree 145/2020 has it."""
    found = load_duties(DUTIES).representatives_of(workers)
    assert (found.least, found.most) == (least, most)


def test_the_branchs_own_rules() -> None:
    found = load_duties(DUTIES)
    assert check_duties(DUTIES) == []
    assert found.rules["trao-doi-noi-dung-doi-thoai"].deadline == BesideEvent(
        -5, Event.DIALOGUE, in_working_days=True
    )
    assert found.rules["cong-bo-doi-thoai"].deadline == BesideEvent(3, Event.DIALOGUE, in_working_days=True)
    assert found.rules["hoi-nghi-nguoi-lao-dong"].deadline == AfterYearEnd(3)
    assert found.rules["kiem-tra-nghi-quyet-hoi-nghi"].deadline == AfterDuty(6, "hoi-nghi-nguoi-lao-dong")
    assert found.rules["danh-sach-dai-dien"].often is Often.EVERY_TWO_YEARS
    assert "70%" in found.rules["thanh-phan-doi-thoai"].what
    assert all(rule.basis and rule.remind for rule in found.rules.values())


# Each row changes one place; the mistake is found at its line.
_MISTAKES = [
    ("financial_year_ends: 31/12", "financial_year_ends: 31/2", 1, "no_such_day"),
    ("financial_year_ends: 31/12", "financial_year_ends: 29/2", 1, "no_such_day"),
    ("financial_year_ends: 31/12", "financial_year_ends: 31/12/2026", 1, "day_form"),
    ("financial_year_ends: 31/12", "financial_year_ends: cuối năm", 1, "day_form"),
    ("event: dialogue", "event: party", 3, "unknown_event"),
    ("duty: doi-thoai", "duty: khong-co", 2, "unknown_rule"),
    ("duty: doi-thoai", "duty: cong-bo", 2, "base_not_yearly"),
    ("event: dialogue", "event: conference", 18, "event_without_duty"),
    ("most: 8", "most: 3", 7, "most_below_least"),
    ("workers: 50", "workers: 0", 5, "sizes"),
    ("workers: 0", "workers: 60", 5, "sizes"),
    ("slug: cong-bo", "slug: Công bố", 18, "slug_form"),
    ("slug: cong-bo", "slug: doi-thoai", 18, "slug_twice"),
    ("{{dai_dien}}", "{{ so }}", 11, "unknown_field"),
    ("confirmed: false", "confirmed: có", 22, "not_yes_or_no"),
    ("responsible: cell_committee", "responsible: chair, worker", 32, "unknown_role"),
    ("responsible: cell_committee", "responsible: ','", 32, "unknown_role"),
    ("    remind: 0", "    remind: ','", 35, "leads"),
    ("often: half-yearly", "often: daily", 33, "unknown_often"),
    ("deadline: 31/12\n", "deadline: 31/2\n", 16, "no_such_day"),
    ("deadline: 31/12\n", "deadline: cuối năm\n", 16, "deadline_form"),
    ("deadline: 31/12\n", "deadline: 30/6, 31/12\n", 16, "deadline_for_often"),
    ("deadline: 31/12\n", "deadline: 31/12/2026\n", 16, "deadline_for_often"),
    ("deadline: 31/12\n", "deadline: 31/12/0000\n", 16, "no_such_day"),
    ("deadline: 31/12\n", "deadline: 1 month after doi-thoai\n", 9, "cycle"),
    ("6 months after doi-thoai", "31/12, 30/6", 34, "deadline_for_often"),
    ("6 months after doi-thoai", "3 months after financial year", 34, "deadline_for_often"),
    ("6 months after doi-thoai", "6 months after khong-co", 27, "unknown_rule"),
    ("6 months after doi-thoai", "6 months after cong-bo", 27, "base_not_yearly"),
    ("3 working days after dialogue", "3 working days after party", 25, "unknown_event"),
    ("3 working days after dialogue", "31/12", 25, "deadline_for_often"),
    ("remind: 7, 30", "remind: một tuần", 17, "leads"),
    ("remind: 7, 30", "remind: -7", 17, "leads"),
    ("remind: 7, 30", "remind: 366", 17, "leads"),
]
_OF_EVERY_FILE = [
    ('basis: "Điều 69"', "basis:", 30, "empty_text"),
    ('    basis: "Điều 69"\n', "", 27, "missing_key"),
    ("remind: 7, 30", "remind:", 17, "empty_text"),
    ("deadline: 31/12\n", "deadline:\n", 16, "empty_text"),
    ("financial_year_ends: 31/12", "financial_year_ends:", 1, "empty_text"),
    ("confirmed: false", "confirmed:", 22, "empty_text"),
    ("responsible: cell_committee", "responsible:", 32, "empty_text"),
    ("slug: cong-bo", "slug:", 18, "empty_text"),
    ("remind: 7, 30", "remind: 7\n    who: x", 18, "unknown_key"),
    ("workers: 50", "workers: ít", 7, "not_whole"),
    (RULES[RULES.index("rules:") :], "rules: []\n", 8, "empty_text"),
    (RULES[RULES.index("rules:") :], "rules: [x]\n", 8, "not_a_mapping"),
    (RULES, "- x\n", 1, "not_a_mapping"),
]


def changed(folder: Path, old: str, new: str) -> Path:
    assert old in RULES
    path = folder / "duties" / "duties.yaml"
    path.parent.mkdir()
    path.write_text(RULES.replace(old, new, 1), "utf-8")
    return path


@pytest.mark.parametrize(("old", "new", "line", "kind"), _MISTAKES)
def test_a_mistake_is_found_at_its_line(tmp_path: Path, old: str, new: str, line: int, kind: str) -> None:
    path = changed(tmp_path, old, new)
    problems = check_duties(path)
    assert ("duties/duties.yaml", line) in [(at.file, at.line) for at in problems]
    assert kind in [kind_of("duties", at.problem) for at in problems if at.line == line]
    with pytest.raises(ContentError) as caught:
        load_duties(path)
    assert list(caught.value.problems) == problems


@pytest.mark.parametrize(("old", "new", "line", "kind"), _OF_EVERY_FILE)
def test_what_no_file_may_lack_is_missed(tmp_path: Path, old: str, new: str, line: int, kind: str) -> None:
    problems = check_duties(changed(tmp_path, old, new))
    assert kind in [kind_of("check", at.problem) for at in problems if at.line == line]


def test_a_longer_cycle_is_found(tmp_path: Path) -> None:
    text = RULES.replace("deadline: 31/12\n", "deadline: 1 month after kiem-tra\n").replace(
        "often: half-yearly", "often: yearly"
    )
    (tmp_path / "duties.yaml").write_text(text, "utf-8")
    kinds = [kind_of("duties", at.problem) for at in check_duties(tmp_path / "duties.yaml")]
    # Both of the circle, and the one that hangs on it isn't to blame.
    assert kinds == ["cycle", "cycle"]


NOISE = st.text(st.sampled_from("-#:[]{}\"',/ \n0123456789abc"), max_size=40)


@settings(deadline=None)
@given(NOISE, st.integers(0, len(RULES)), st.booleans())
def test_no_file_makes_the_check_fail(
    tmp_path_factory: pytest.TempPathFactory, noise: str, at: int, cut: bool
) -> None:
    path = tmp_path_factory.mktemp("duties") / "duties.yaml"
    path.write_text(RULES[:at] + noise + ("" if cut else RULES[at:]), "utf-8")
    assert all(each.remedy and each.line >= 1 for each in check_duties(path))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    (problem,) = check_duties(tmp_path / "duties.yaml")
    assert kind_of("check", problem.problem) == "unreadable"
    with pytest.raises(ContentError):
        load_duties(tmp_path / "duties.yaml")


def test_every_kind_of_mistake_is_tried_and_has_both_sentences() -> None:
    texts = read_advice("duties")
    assert {row[-1] for row in _MISTAKES} == set(texts)
    assert all(text.problem and text.remedy for text in texts.values())
