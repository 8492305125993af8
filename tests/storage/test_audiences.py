from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage import audiences, campaigns, evidence, members, study
from storage.audiences import NAMING, Kind, Part
from storage.campaigns import FrozenVersion
from storage.database import Database, Transaction
from storage.evidence import NewEvidence
from tests import people

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
VERSION = FrozenVersion("a" * 64, "an-toan", 1, "An toàn", b"canonical")


async def publish(tx: Transaction, audience: str, *, slug: str = "an-toan", pass_mark: int = 0) -> int:
    await campaigns.freeze(tx, VERSION, NOW)
    return await campaigns.create(
        tx,
        slug=slug,
        version_hash=VERSION.hash,
        title="An toàn",
        audience=audience,
        deadline=date(2026, 3, 9),
        pass_mark=pass_mark,
        published_by=None,
        now=NOW,
    )


async def id_of(tx: Transaction, code: str) -> int:
    person = await members.by_code(tx, code)
    assert person is not None
    return person.id


async def waive(tx: Transaction, campaign_id: int, code: str) -> None:
    member_id = await id_of(tx, code)
    entry = NewEvidence(evidence.Kind.WAIVER, member_id, None, campaign_id, "direct", NOW)
    await study.waive(tx, campaign_id, member_id, NOW, await evidence.append(tx, entry))


async def codes(tx: Transaction, audience: str) -> set[str]:
    """Whom the audience holds, by each of the ways to ask."""
    ids = await audiences.member_ids(tx, audience)
    everybody = {person.id: person.code for person in await members.everybody(tx)}
    assert await audiences.count(tx, audience) == len(ids)
    inside = {number for number in everybody if await audiences.contains(tx, audience, number)}
    assert inside == set(ids)
    return {everybody[number] for number in ids}


EVERYBODY = {code for code, *_ in people.PEOPLE}


@pytest.mark.parametrize(
    ("audience", "expected"),
    [
        ("all", EVERYBODY),
        ("members", EVERYBODY - {"NV08", "NV10"}),
        ("party", {"CT01", "CU03", "TT05"}),
        ("officers", {"CT01", "BCH02", "TT04", "TT05"}),
        ("group:to ky thuat", {"NV09", "NV10"}),
        ("group:to khong co", set()),
        ("code:NV06,NV10,NV99", {"NV06", "NV10"}),
        ("group:to ky thuat+code:NV06", {"NV06", "NV09", "NV10"}),
        ("party+officers", {"CT01", "BCH02", "CU03", "TT04", "TT05"}),
        ("unfinished:99", set()),
    ],
)
async def test_who_belongs(database: Database, audience: str, expected: set[str]) -> None:
    async with database.write() as tx:
        await people.seed(tx, NOW)
        assert await codes(tx, audience) == expected


async def test_membership_is_live(database: Database) -> None:
    async with database.write() as tx:
        await people.seed(tx, NOW)
        await members.mark_left(tx, ["NV09"], NOW)
        assert await codes(tx, "group:to ky thuat") == {"NV10"}
        person = await members.by_code(tx, "NV06")
        assert person is not None
        groups = await members.group_ids(tx)
        await members.change(tx, [{"b_id": person.id, "group_id": groups["to ky thuat"]}])
        assert await codes(tx, "group:to ky thuat") == {"NV06", "NV10"}


async def test_whoever_has_finished_leaves_the_audience_of_the_unfinished(database: Database) -> None:
    async with database.write() as tx:
        await people.seed(tx, NOW)
        first = await publish(tx, "group:to ky thuat+code:NV06")
        assert await codes(tx, f"unfinished:{first}") == {"NV06", "NV09", "NV10"}
        await waive(tx, first, "NV09")
        assert await codes(tx, f"unfinished:{first}") == {"NV06", "NV10"}
        second = await publish(tx, f"unfinished:{first}+party", slug="khac")
        await waive(tx, second, "CT01")
        await waive(tx, second, "NV06")
        # Of an audience that is itself the rest of another campaign.
        assert await codes(tx, f"unfinished:{second}") == {"CU03", "TT05", "NV10"}
        await waive(tx, first, "NV10")
        assert await codes(tx, f"unfinished:{second}") == {"CU03", "TT05"}


async def test_several_audiences_are_asked_in_one_go(database: Database) -> None:
    async with database.write() as tx:
        await people.seed(tx, NOW)
        asked = ["all", "members", "party", "group:to ky thuat", "all", "code:NV10"]
        assert await audiences.including(tx, asked, await id_of(tx, "NV10")) == {
            "all",
            "group:to ky thuat",
            "code:NV10",
        }
        assert await audiences.including(tx, asked, 999) == set()
        assert await audiences.including(tx, [], await id_of(tx, "NV10")) == set()


async def test_a_group_may_have_a_plus_in_its_name(database: Database) -> None:
    async with database.write() as tx:
        await people.seed(tx, NOW)
        await members.add_groups(tx, [("Tổ R+D", "to r+d")])
        person = await id_of(tx, "NV06")
        await members.change(tx, [{"b_id": person, "group_id": (await members.group_ids(tx))["to r+d"]}])
        assert await codes(tx, "group:to r+d+code:NV10") == {"NV06", "NV10"}


async def test_people_are_found_within_the_audience_only(database: Database) -> None:
    async with database.write() as tx:
        await people.seed(tx, NOW)
        assert [each.code for each in await audiences.search(tx, "all", "anh", 10)] == ["NV07", "CT01"]
        assert [each.code for each in await audiences.search(tx, "party", "anh", 10)] == ["CT01"]
        assert [each.code for each in await audiences.search(tx, "all", "nv0", 2)] == ["NV09", "NV06"]
        assert await audiences.search(tx, "all", "%", 10) == []
        assert await audiences.search(tx, "all", "_", 10) == []


async def test_people_of_a_list_are_found_by_code_and_by_whole_name(database: Database) -> None:
    async with database.write() as tx:
        await people.seed(tx, NOW)
        found = await audiences.among(tx, "all", ["NV06", "XX"], ["ngo van uoc", "tuan"])
        assert {person.code for person in found} == {"NV06", "NV10"}
        assert await audiences.among(tx, "party", ["NV06"], []) == []


async def test_codes_and_groups_that_exist(database: Database) -> None:
    async with database.write() as tx:
        await people.seed(tx, NOW)
        assert await audiences.known_codes(tx, ["NV06", "nv07", "NV99"]) == {"NV06"}
        assert (await audiences.group_names(tx))["to ky thuat"] == "Tổ Kỹ thuật"


NAMES = st.text("abcdxyz 0123456789+.:-", min_size=1, max_size=12).map(lambda text: f"x{text}x")
PARTS = st.one_of(
    st.sampled_from([Part(kind) for kind in Kind if kind not in NAMING]),
    NAMES.map(lambda name: Part(Kind.GROUP, (name,))),
    st.lists(NAMES, min_size=1, max_size=3).map(lambda names: Part(Kind.CODE, tuple(names))),
    st.integers(1, 10**6).map(lambda number: Part(Kind.UNFINISHED, (str(number),))),
)


@given(st.lists(PARTS, min_size=1, max_size=5))
def test_what_is_written_is_read_again(parts: list[Part]) -> None:
    assert audiences.read("+".join(map(str, parts))) == tuple(parts)


@pytest.mark.parametrize("text", ["", "nobody", "all+", "everyone+all"])
def test_what_nobody_made_is_not_read(text: str) -> None:
    with pytest.raises(ValueError, match="Kind"):
        audiences.read(text)
