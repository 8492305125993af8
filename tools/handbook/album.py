"""The folder of the handbook's pictures."""

from pathlib import Path

from playwright.sync_api import Browser

from tools.handbook.picture import smaller


class Album:
    """Keeps pictures by name; what was not kept again is gone at the end."""

    def __init__(self, folder: Path, browser: Browser) -> None:
        self._folder = folder
        self._page = browser.new_page()
        self._kept: set[Path] = set()

    def keep(self, name: str, png: bytes) -> None:
        path = self._folder / f"{name}.png"
        path.write_bytes(smaller(png, self._page))
        self._kept.add(path)
        print(f"{path.name}: {path.stat().st_size // 1024} KB")

    def tidy(self) -> None:
        for path in self._folder.iterdir():
            if path not in self._kept:
                path.unlink()
