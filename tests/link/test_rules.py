from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.kit.invitations import ALPHABET, compact, is_code
from handlers.link import rules
from handlers.link.rules import FIRST_WAIT, LONGEST_WAIT, PATIENCE, CodeState
from storage.invitations import StoredInvitation
from storage.members import Member

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
PERSON = Member(
    id=1,
    code="NV06",
    full_name="Đặng Thu Hà",
    group_id=1,
    group_name="Tổ Hành chính",
    position="",
    is_union_member=True,
    is_party_member=False,
    is_group_leader=False,
    is_committee=False,
    is_chair=False,
    is_cell_committee=False,
    is_employer=False,
    started_on=None,
    is_active=True,
)
codes = st.text(alphabet=ALPHABET, min_size=12, max_size=12)


@given(codes, st.lists(st.sampled_from([" ", "-", "–", ".", "  "]), min_size=11, max_size=11), st.booleans())
def test_a_code_is_known_however_it_is_typed(code: str, between: list[str], lower: bool) -> None:
    typed = "".join(letter + gap for letter, gap in zip(code, [*between, ""], strict=True))
    typed = typed.lower() if lower else typed
    assert compact(typed) == code
    assert is_code(compact(typed))
    assert rules.looks_like_code(typed)


@given(codes)
def test_full_width_letters_are_the_same_code(code: str) -> None:
    wide = "".join(chr(ord(letter) + 0xFEE0) for letter in code)
    assert compact(wide) == code


@pytest.mark.parametrize("text", ["ABCD-EFGH-JKM0", "abcd efgh jk1n", "2345-6789-OOOO"])
def test_a_code_with_a_misread_letter_is_meant_as_one(text: str) -> None:
    assert rules.looks_like_code(text)
    assert not is_code(compact(text))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "xin chào",
        "toi can giup do",
        "học tập nghị",
        "ABCD-EFGH-JKM",
        "ABCD-EFGH-JKMN-P",
        "😀" * 12,
        "мама мыла ра",
        "٢٣٤٥٦٧٨٩٢٣٤٥",
        "a" * 20_000,
    ],
)
def test_words_are_no_code(text: str) -> None:
    assert not rules.looks_like_code(text)


@given(st.text(max_size=40))
def test_any_text_is_judged(text: str) -> None:
    assert rules.looks_like_code(text) in {True, False}


@pytest.mark.parametrize(
    ("used", "revoked", "expires_in", "active", "state"),
    [
        (False, False, 1, True, CodeState.OPEN),
        (False, False, 0, True, CodeState.EXPIRED),
        (True, False, 1, True, CodeState.USED),
        (True, True, 0, False, CodeState.USED),
        (False, True, 1, True, CodeState.REVOKED),
        (False, False, 1, False, CodeState.LEFT),
    ],
)
def test_a_code_is_worth_something_while_it_is_open(
    used: bool, revoked: bool, expires_in: int, active: bool, state: CodeState
) -> None:
    stored = StoredInvitation(
        id=1,
        member=replace(PERSON, is_active=active),
        expires_at=NOW + timedelta(days=expires_in),
        used_at=NOW if used else None,
        revoked_at=NOW if revoked else None,
    )
    assert rules.state_of(stored, NOW) is state


def test_the_wait_begins_with_the_fifth_wrong_code_and_doubles_to_a_day() -> None:
    waits = [rules.after_wrong_code(count, NOW).blocked_until for count in range(12)]
    assert waits[: PATIENCE - 1] == [None] * (PATIENCE - 1)
    minutes = [(wait - NOW) / timedelta(minutes=1) for wait in waits if wait is not None]
    assert minutes == [15, 30, 60, 120, 240, 480, 960, 1440]


@given(st.integers(min_value=0, max_value=2**31 - 1))
def test_no_wait_is_longer_than_a_day_or_shorter_than_the_first(wrong_codes: int) -> None:
    caution = rules.after_wrong_code(wrong_codes, NOW)
    assert caution.wrong_codes == wrong_codes + 1
    if caution.blocked_until is not None:
        assert FIRST_WAIT <= caution.blocked_until - NOW <= LONGEST_WAIT
        assert rules.must_wait(caution.blocked_until, NOW)
        assert not rules.must_wait(caution.blocked_until, caution.blocked_until)


def test_nobody_waits_without_a_reason() -> None:
    assert not rules.must_wait(None, NOW)
