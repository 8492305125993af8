"""What `caunoi doctor` looks at: a module for each kind of check. None of them changes anything."""

from bot.doctor.examining import examine
from bot.doctor.findings import Finding, State

__all__ = ["Finding", "State", "examine"]
