"""The platform's own menu of commands: one for everybody, a longer one for officers."""

from collections.abc import Iterable
from typing import Protocol

from handlers.kit.access import GRANTS
from handlers.kit.feature import Command
from handlers.kit.private import PrivateCommand
from handlers.kit.roles import Role
from handlers.kit.texts import Texts
from storage import accounts
from storage.database import Database

Commands = list[tuple[str, str]]


class MenuChannel(Protocol):
    @property
    def name(self) -> str: ...

    async def set_menu(self, address: str, *, officer: bool) -> bool:
        """Whether the platform took it."""
        ...


def commands_for(given: Iterable[Command | PrivateCommand], texts: Texts, *, officer: bool) -> Commands:
    """(name, description) of those that stand in menus and are of use to a member or an officer."""
    members_rights = GRANTS[Role.WORKER]
    return [
        (command.name, texts.label(command.label))
        for command in given
        if command.label and (officer or command.right is None or command.right in members_rights)
    ]


class OfficerMenus:
    """Gives the officers' menu to those who became officers, and takes it from those who are no longer.

    What was set is remembered while the program runs; after a start every officer's menu is set anew.
    """

    def __init__(self, database: Database, channel: MenuChannel) -> None:
        self._database = database
        self._channel = channel
        self._set: set[str] = set()

    async def refresh(self) -> None:
        async with self._database.read() as tx:
            officers = await accounts.officer_addresses(tx, self._channel.name)
        for address in officers - self._set:
            if await self._channel.set_menu(address, officer=True):
                self._set.add(address)
        for address in self._set - officers:
            if await self._channel.set_menu(address, officer=False):
                self._set.discard(address)
