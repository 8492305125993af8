from tests.people import WORKER
from tests.world import World


async def test_a_stranger_is_told_how_to_begin(branch_world: World) -> None:
    talk = branch_world.stranger("somebody")
    await talk.says("xin chào")
    talk.sees("mã mời", "tổ trưởng")


async def test_an_unknown_word_gets_the_menu(branch_world: World) -> None:
    talk = await branch_world.talk(WORKER)
    await talk.says("thời tiết hôm nay")
    talk.sees("chưa hiểu", "Đặng Thu Hà")


async def test_media_get_a_kind_word(branch_world: World) -> None:
    talk = await branch_world.talk(WORKER)
    await talk.sends("sticker")
    talk.sees("gõ bằng chữ")


async def test_a_name_with_markup_is_shown_as_written(branch_world: World) -> None:
    talk = await branch_world.talk("NV09")
    await talk.says("/menu")
    talk.sees("Bùi Ngọc <b>Ấn</b> & Co")


async def test_a_forged_button_gets_the_menu(branch_world: World) -> None:
    talk = await branch_world.talk(WORKER)
    await talk.says("/menu")
    await talk.presses(talk.last, "1~0ther~study.card~1~1")
    talk.sees("Nút này đã cũ", "muốn làm gì")
