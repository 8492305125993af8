"""The demo branch: 60 people with a believable past, so that no screen is empty."""

from bot.demo.run import run

__all__ = ["run"]
