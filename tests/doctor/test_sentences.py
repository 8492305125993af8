"""Whatever the doctor may find has its sentence, and what to do; nothing else is kept."""

import re
from pathlib import Path

import yaml

from bot import doctor
from bot.branch import MESSAGES

SOURCES = "\n".join(path.read_text("utf-8") for path in Path(doctor.__file__).parent.glob("*.py"))
# By what they are called in the settings, these say how messages come.
MODES = {f"{channel}_{mode}" for channel in ("telegram", "zalo_bot") for mode in ("polling", "webhook")}


def _keys(*kinds: str) -> set[str]:
    found = re.findall(rf'\b(?:{"|".join(kinds)})\(\s*\w+, "(\w+)"(?: if [\w.]+ else "(\w+)")?', SOURCES)
    return {key for keys in found for key in keys if key}


def test_every_finding_has_its_sentence_and_every_bad_one_an_advice() -> None:
    labels = yaml.safe_load((MESSAGES / "doctor" / "vi" / "labels.yaml").read_text("utf-8"))
    bad = _keys("warning", "problem", "tell")
    sentences = _keys("ok") | bad | MODES | {f"{key}_do" for key in bad}
    assert {key for key in labels if not key.startswith("name_")} == sentences
