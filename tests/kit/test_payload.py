import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.kit.payload import MAX_BYTES, PayloadError, Press, decode, encode, has_form

ACTIONS = st.from_regex(r"[a-z_]{1,8}\.[a-z_]{1,12}", fullmatch=True)
ARGUMENTS = st.lists(st.from_regex(r"[A-Za-z0-9_.,-]{0,8}", fullmatch=True), max_size=3)


@given(action=ACTIONS, arguments=ARGUMENTS)
def test_what_is_encoded_is_decoded(action: str, arguments: list[str]) -> None:
    payload = encode("t3st", action, *arguments)
    assert len(payload.encode()) <= MAX_BYTES
    assert has_form(payload)
    assert decode(payload, "t3st", {}) == Press(action, tuple(arguments))


@given(payload=st.text(max_size=100))
def test_anything_else_is_a_payload_error_and_nothing_worse(payload: str) -> None:
    try:
        press = decode(payload, "t3st", {})
    except PayloadError:
        return
    assert payload.startswith("1~t3st~")
    assert press.action in payload


def test_a_renamed_button_goes_on_working() -> None:
    old = encode("t3st", "study.page", 3)
    assert decode(old, "t3st", {"study.page": "study.card"}).action == "study.card"


def test_another_branch_s_button_is_refused() -> None:
    with pytest.raises(PayloadError):
        decode(encode("abcd", "study.card", 1), "t3st", {})


@pytest.mark.parametrize("argument", ["a~b", "tiếng", "x" * 60, "a b"])
def test_an_unfit_argument_is_found_when_the_button_is_built(argument: str) -> None:
    with pytest.raises(ValueError, match=r"button|bytes"):
        encode("t3st", "study.card", argument)


@pytest.mark.parametrize("text", ["", "-1", "1.0", "٣", "99999999999", "2147483648"])
def test_a_number_is_a_small_whole_number(text: str) -> None:
    with pytest.raises(PayloadError):
        Press("study.card", (text,)).number(0)


def test_a_missing_argument_is_a_payload_error() -> None:
    with pytest.raises(PayloadError):
        Press("study.card").word(0)
