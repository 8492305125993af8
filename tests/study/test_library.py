from collections import OrderedDict

import pytest

from handlers.kit.documents import version
from handlers.study import library
from tests.study.course import DOCUMENT, other, publish
from tests.world import World


async def test_a_text_is_parsed_once_while_it_is_kept(
    branch_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Without what other tests have read.
    monkeypatch.setattr(library, "_shelf", OrderedDict())
    monkeypatch.setattr(library, "_KEPT", 1)
    second = other(DOCUMENT, "hai", "Hai")
    for document in (DOCUMENT, second):
        await publish(branch_world, document)
    async with branch_world.database.read() as tx:
        work = branch_world.work(tx)
        first = await library.reading(work, version(DOCUMENT))
        assert await library.reading(work, version(DOCUMENT)) is first
        assert (await library.reading(work, version(second))).document == second
        again = await library.reading(work, version(DOCUMENT))
    assert again is not first
    assert again == first
    assert [str(body) for body in first.bodies] == [f"Nội dung <b>{n}</b> &lt;i&gt;" for n in (1, 2, 3)]


async def test_an_unknown_version_is_a_mistake_of_ours(branch_world: World) -> None:
    async with branch_world.database.read() as tx:
        with pytest.raises(LookupError):
            await library.reading(branch_world.work(tx), "0" * 64)
