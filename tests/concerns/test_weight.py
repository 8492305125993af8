"""Files in drafts take no more memory than there is for them, and give it back."""

import gc
from dataclasses import replace

from handlers.concerns.rules import Draft, DraftFile
from handlers.concerns.weight import Weight


def _file(size: int) -> DraftFile:
    return DraftFile("tep-1.png", "image/png", b"x" * size)


def test_no_more_is_held_than_there_is_room_for() -> None:
    weight = Weight(100)
    held = [_file(60), _file(41), _file(40)]
    assert [weight.hold(each) for each in held] == [True, False, True]


def test_a_draft_that_is_forgotten_makes_room() -> None:
    weight = Weight(100)
    draft = Draft("pay", b"s" * 9, files=(_file(100),))
    assert weight.hold(draft.files[0])
    longer = replace(draft, text="More.")
    del draft
    assert not weight.hold(_file(1))
    assert longer.files
    del longer
    gc.collect()
    assert weight.hold(_file(100))
