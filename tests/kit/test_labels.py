"""The labels' files: no name stands twice, for then one of the two would be silently dropped."""

import re
from collections import Counter
from pathlib import Path

import pytest

from bot.branch import MESSAGES

FILES = sorted(MESSAGES.glob("*/vi/labels.yaml"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.parts[-3])
def test_no_label_stands_twice(path: Path) -> None:
    names = re.findall(r"^(\w+):", path.read_text("utf-8"), re.MULTILINE)
    assert [name for name, times in Counter(names).items() if times > 1] == []
