"""Others' code for the browser, which `tools/build-browser-code` puts together: the repository holds none."""

from pathlib import Path

_BUILT = "vendor/age.js"


class IncompleteError(Exception):
    """It isn't there."""


def check_complete(root: Path) -> None:
    """IncompleteError when the folder lacks what the repository doesn't hold."""
    if not (root / _BUILT).is_file():
        raise IncompleteError
