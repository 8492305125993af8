import pyrage
import pytest

from handlers.desk.frames import frame, frames_in
from handlers.desk.sealed import LARGEST, LARGEST_TEXT, recipients_of, require_sealed
from handlers.kit import sealing
from handlers.kit.errors import RefusedError
from storage.concerns.items import ItemKind

PEOPLE = [pyrage.x25519.Identity.generate() for _ in range(30)]
# As the library of the browser makes them: without a stanza of rubbish.
GREASE = b"grease"


def _sealed(readers: int, size: int = sealing.SIZES[0]) -> bytes:
    return pyrage.encrypt(bytes(size), [each.to_public() for each in PEOPLE[:readers]])


def _without_grease(sealed: bytes) -> bytes:
    head, _, rest = sealed.partition(b"\n-> ")
    stanzas = rest.partition(b"\n---")[0].split(b"\n-> ")
    kept = [each for each in stanzas if GREASE not in each.split(b"\n")[0]]
    return head + b"".join(b"\n-> " + each for each in kept) + b"\n---" + rest.partition(b"\n---")[2]


@pytest.mark.parametrize("size", sealing.SIZES)
@pytest.mark.parametrize("readers", [1, 2, 30])
def test_what_is_sealed_as_it_should_be_is_taken(readers: int, size: int) -> None:
    for _ in range(3 if size < 1_000_000 else 1):
        sealed = _sealed(readers, size)
        require_sealed(sealed, readers)
        require_sealed(_without_grease(sealed), readers)
        assert len(sealed) <= LARGEST
        assert len(sealed) <= LARGEST_TEXT or size > sealing.SIZES[1]


@pytest.mark.parametrize("other", [1, 3])
def test_for_others_than_told_it_is_not(other: int) -> None:
    with pytest.raises(RefusedError):
        require_sealed(_sealed(2), other)


@pytest.mark.parametrize(
    "sealed",
    [
        b"",
        b"age-encryption.org/v1\n",
        b"age-encryption.org/v2\n" + _sealed(2)[22:],
        _sealed(2, 20_479),
        _sealed(2, 20_481),
        _sealed(2)[:-1],
        _sealed(2) + b"\0",
        pyrage.passphrase.encrypt(bytes(sealing.SIZES[0]), "mật khẩu"),
        _sealed(2).replace(b"-> X25519", b"-> x25519"),
        _sealed(2).replace(b"\n--- ", b"\n-- "),
        pyrage.encrypt(bytes(sealing.SIZES[0]), [PEOPLE[0].to_public()] * 2, armored=True),
    ],
)
def test_what_is_no_age_file_of_our_sizes_is_not(sealed: bytes) -> None:
    with pytest.raises(RefusedError):
        require_sealed(sealed, 2)


def test_an_answer_is_for_whoever_wrote_too() -> None:
    assert [recipients_of(kind, 3) for kind in ItemKind] == [3, 3, 3, 4, 3]


def test_frames_go_there_and_back() -> None:
    pieces = [(bytes([each]) * 16, b"x" * each * 300) for each in range(5)]
    assert list(frames_in(b"".join(frame(*each) for each in pieces))) == pieces
    assert list(frames_in(b"")) == []


@pytest.mark.parametrize("cut", [1, 15, 16, 19, 20, 24])
def test_a_frame_that_is_not_whole_is_a_mistake(cut: int) -> None:
    with pytest.raises(ValueError, match="whole"):
        list(frames_in(frame(bytes(16), b"12345")[:cut]))
