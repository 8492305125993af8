from typing import Any

import pytest

from handlers.kit import audience
from handlers.kit.audience import AudienceError
from handlers.kit.texts import Texts
from storage import audiences, campaigns
from storage.audiences import Kind, Part
from tests.storage.test_audiences import publish
from tests.world import World


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("all", (Part(Kind.ALL),)),
        (" ALL ", (Part(Kind.ALL),)),
        ("party + Members", (Part(Kind.PARTY), Part(Kind.MEMBERS))),
        ("party+party", (Part(Kind.PARTY),)),
        ("group: Tổ  Hành chính ", (Part(Kind.GROUP, ("Tổ Hành chính",)),)),
        ("Group:Tổ R+D", (Part(Kind.GROUP, ("Tổ R+D",)),)),
        ("group:Tổ R+D+officers", (Part(Kind.GROUP, ("Tổ R+D",)), Part(Kind.OFFICERS))),
        ("code:NV06, nv07,,", (Part(Kind.CODE, ("NV06", "nv07")),)),
        ("unfinished:3", (Part(Kind.UNFINISHED, ("3",)),)),
        ("group:To\u0302\u0309 Ha\u0300nh chi\u0301nh", (Part(Kind.GROUP, ("Tổ Hành chính",)),)),
    ],
)
def test_what_people_type(text: str, parts: tuple[Part, ...]) -> None:
    assert audience.parse(text) == parts


@pytest.mark.parametrize(
    ("text", "key", "values"),
    [
        ("", "audience/unknown_word", {"word": ""}),
        ("moi nguoi", "audience/unknown_word", {"word": "moi nguoi"}),
        ("all+x", "audience/unknown_word", {"word": "all+x"}),
        ("all:x", "audience/unknown_word", {"word": "all:x"}),
        ("group:", "audience/unnamed", {"word": "group"}),
        ("party+code: , ,", "audience/unnamed", {"word": "code"}),
        ("unfinished", "audience/unnamed", {"word": "unfinished"}),
    ],
)
def test_what_nobody_can_read(text: str, key: str, values: dict[str, Any]) -> None:
    with pytest.raises(AudienceError) as refused:
        audience.parse(text)
    assert (refused.value.key, refused.value.values) == (key, values)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("ALL", "all"),
        ("group:TỔ HÀNH CHÍNH+group:to hanh chinh", "group:to hanh chinh"),
        ("code:nv06,NV06,NV07", "code:NV06,NV07"),
        ("unfinished:an-toan+party", "unfinished:1+party"),
        ("unfinished:1", "unfinished:1"),
    ],
)
async def test_what_is_kept(branch_world: World, text: str, kept: str) -> None:
    async with branch_world.database.write() as tx:
        await publish(tx, "all")
        found = await audience.resolve(branch_world.work(tx), text)
        assert found == kept
        # What is kept can be published again as it stands.
        assert await audience.resolve(branch_world.work(tx), found) == kept
        assert audiences.read(kept)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("group:Tổ Không Có", "Tổ Hành chính, Tổ Kỹ thuật, Tổ Nghiệp vụ"),
        ("code:NV06,NV98,NV99", "NV98, NV99"),
        ("unfinished:7", "Không có đợt học “7”"),
        ("unfinished:khac", "Không có đợt học “khac”"),
        ("x" * 4000, "“" + "x" * 60 + "”"),
        ("code:" + ",".join(map(str, range(300))), "18, 19. "),
        ("<b>x</b>", "&lt;b&gt;"),
        ("code:", "code:"),
    ],
)
async def test_what_is_refused_is_said_in_words(branch_world: World, text: str, said: str) -> None:
    async with branch_world.database.write() as tx:
        with pytest.raises(AudienceError) as refused:
            await audience.resolve(branch_world.work(tx), text)
    assert said in branch_world.services.texts.render(refused.value.key, **refused.value.values)


async def test_too_many_codes(branch_world: World) -> None:
    async with branch_world.database.write() as tx:
        work = branch_world.work(tx)
        many = "+".join(["code:NV06,NV07", *(["group:to hanh chinh", "group:to ky thuat"] * 30)])
        assert await audience.resolve(work, many) == "code:NV06,NV07+group:to hanh chinh+group:to ky thuat"
        with pytest.raises(AudienceError) as refused:
            await audience.resolve(work, "+".join(f"code:{code}" for code in _orders()))
    assert refused.value.key == "audience/too_long"
    assert "400" in _say(branch_world.services.texts, refused.value)


def _orders() -> list[str]:
    """Different parts of two codes each, so that nothing is left out as a double."""
    codes = ["CT01", "BCH02", "CU03", "TT04", "TT05", "NV06", "NV07", "NV08"]
    return [f"{one},{other}" for one in codes for other in codes if one != other]


def _say(texts: Texts, refused: AudienceError) -> str:
    return texts.render(refused.key, **refused.values)


async def test_audiences_in_words(branch_world: World) -> None:
    async with branch_world.database.write() as tx:
        work = branch_world.work(tx)
        await publish(tx, "all")
        for kept, words in (
            ("all", "mọi người"),
            ("party+group:to ky thuat", "đảng viên, Tổ Kỹ thuật"),
            ("members+officers", "đoàn viên công đoàn, cán bộ công đoàn"),
            ("code:NV06,NV07", "người có mã NV06, NV07"),
            ("unfinished:1", "người chưa học xong “An toàn”"),
            ("group:to da bo+unfinished:9", "to da bo, người chưa học xong “9”"),
        ):
            assert await audience.describe(work, kept) == words
        assert await campaigns.find(tx, "1") is not None
