"""`caunoi evidence verify` of a database."""

from storage.database import Database
from tests.evidence.commands import Ended, here
from tests.storage.chain import sealed_branch
from tests.world import World


async def verify(database: Database, *words: str) -> Ended:
    url = database.url.set(drivername=database.url.get_backend_name())
    settings = {"CAUNOI_DATABASE_URL": url.render_as_string(hide_password=False)}
    return await here(settings, "verify", *words)


async def test_it_takes_the_head_that_it_printed(branch_world: World) -> None:
    await sealed_branch(branch_world.database)
    first = await verify(branch_world.database)
    head = first.out.partition("Dấu niêm phong cuối: ")[2].split()[0]
    second = await verify(branch_world.database, "--head", head.upper())
    assert (first.code, second.code) == (0, 0)
    assert "tại mục thứ 7" in second.out


async def test_a_head_that_is_gone_ends_as_any_finding(branch_world: World) -> None:
    await sealed_branch(branch_world.database)
    ended = await verify(branch_world.database, "--head", "ab" * 32, "--json")
    assert ended.code == 2
    assert '"problem": "rewritten"' in ended.out
    assert ended.err.startswith("Không mục nào trong sổ mang dấu niêm phong đã cất")


async def test_a_mistyped_head_is_told_in_one_line(branch_world: World) -> None:
    ended = await verify(branch_world.database, "--head", "abc")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith("Dấu niêm phong đưa vào không đúng dạng")
    assert ended.err.count("\n") == 1
