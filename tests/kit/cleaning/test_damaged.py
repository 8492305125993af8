"""Damaged files, also on purpose: they are cleaned or refused, and nothing else happens."""

from contextlib import suppress

from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.kit.cleaning import NotCleanableError, clean_file
from tests.kit.cleaning.files import PICTURES, telling_pdf, tells

_SENT = {**{name: make() for name, make in PICTURES.items()}, "pdf": telling_pdf(), "txt": "Tổ 3".encode()}
_CHANGES = st.tuples(st.integers(0, 2**20), st.integers(0, 8), st.binary(max_size=8))


@settings(deadline=None, max_examples=300)
@given(kind=st.sampled_from(sorted(_SENT)), changes=st.lists(_CHANGES, min_size=1, max_size=6))
def test_a_damaged_file_is_cleaned_or_refused(kind: str, changes: list[tuple[int, int, bytes]]) -> None:
    damaged = _SENT[kind]
    for place, cut, noise in changes:
        at = place % (len(damaged) + 1)
        damaged = damaged[:at] + noise + damaged[at + cut :]
    with suppress(NotCleanableError):
        assert not tells(clean_file(damaged).content)
