"""The command `caunoi`."""

from bot.cli.app import main

__all__ = ["main"]
