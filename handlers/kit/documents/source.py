"""A content file as lines: decoded, and free of what editors and phones leave behind."""

from pathlib import Path

from handlers.kit.documents.findings import Findings
from handlers.kit.vietnamese import clean

MAX_BYTES = 1_000_000


def read_lines(path: Path, findings: Findings) -> list[str]:
    """The lines of a file, NFC and without blanks at their ends; none when it can't be read at all. A byte
    order mark, Windows line ends and invisible characters are taken away without a word.
    """
    text = _read_text(path, findings)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n") if text else []
    return [_tidy(line, number, findings) for number, line in enumerate(lines, 1)]


def _read_text(path: Path, findings: Findings) -> str:
    try:
        if path.stat().st_size > MAX_BYTES:
            findings.add(1, "too_big", limit=MAX_BYTES // 1_000_000)
            return ""
        text = path.read_bytes().decode("utf-8-sig")
    except OSError:
        findings.add(1, "unreadable")
        return ""
    except UnicodeDecodeError as error:
        findings.add(error.object[: error.start].count(b"\n") + 1, "not_utf8")
        return ""
    if not text.strip():
        findings.add(1, "empty_file")
        return ""
    return text


def _tidy(line: str, number: int, findings: Findings) -> str:
    if "\t" in line:
        findings.add(number, "tab")
    # A line stays one line: the numbers must be those that an editor shows.
    return clean(line).replace("\n", " ").rstrip()
