"""`caunoi demo`: the whole program on a branch of its own, with a chooser of persons in front of the chat."""

from pathlib import Path

from pydantic import SecretStr

from bot import main
from bot.config import Settings
from bot.demo.history import tell
from storage.instance_lock import only_instance


async def run(port: int, folder: Path, *, fresh: bool = False) -> None:
    """Build the demo branch in `folder` if it isn't there (or `fresh`), and run it until it is stopped."""
    settings = _settings(port, folder)
    with only_instance(settings.database):
        if _is_empty(folder, fresh=fresh):
            await tell(settings)
            _mark_complete(folder)
    await main.run(settings, demo=True)


def _is_empty(folder: Path, *, fresh: bool) -> bool:
    """Whether there is no history told to its end; what remains of an interrupted one is removed."""
    if (folder / _COMPLETE).exists() and not fresh:
        return False
    for file in folder.glob("caunoi.db*"):
        if file.suffix != ".lock":
            file.unlink()
    return True


def _mark_complete(folder: Path) -> None:
    (folder / _COMPLETE).touch()


# Stands beside a database whose history was told to its end; one without it was interrupted and is told anew.
_COMPLETE = "complete"


def _settings(port: int, folder: Path) -> Settings:
    """Nothing of the real branch's environment reaches the demo, and only this machine opens its pages."""
    return Settings(
        _env_file=None,  # type: ignore[call-arg]
        data_dir=folder,
        database_url=SecretStr(f"sqlite:///{folder / 'caunoi.db'}"),
        telegram_token=SecretStr(""),
        telegram_mode="polling",
        web_host="127.0.0.1",
        web_port=port,
        public_url=f"http://127.0.0.1:{port}",
    )
