"""What only the web chat has: longer texts than a message may be, and a form before there is a session."""

from tests.lines.web import WebWorld
from tests.people import WORKER
from tests.study.course import publish


async def test_a_text_of_twenty_thousand_letters_is_refused_with_a_sentence(web: WebWorld) -> None:
    talk = await web.talk(WORKER)
    await publish(web)
    await talk.says("/hoctap")
    for text in ("ữ" * 20_000, "ữ" * 4097, "😀" * 2049):
        await talk.says(text)
        talk.sees("Tin dài quá", "4.096")
        assert talk.new == []
    await talk.taps("Sau ›")
    talk.sees("Trang 2/3")


async def test_a_text_without_letters_is_refused_with_a_sentence(web: WebWorld) -> None:
    talk = await web.talk(WORKER)
    for text in ("", " \n ", "\u200b\u200d\ufeff"):
        await talk.says(text)
        talk.sees("chưa có chữ nào")


async def test_the_form_says_what_a_code_looks_like(web: WebWorld) -> None:
    talk = web.stranger("somebody")
    for wrong in ("", "xin chào", "1234-5678-90AB", "<b>x</b>", "x" * 5000):
        await talk.says(wrong)
        talk.sees("Mã mời có 12 ký tự")


async def test_a_code_that_nobody_has_is_refused_in_the_chat(web: WebWorld) -> None:
    talk = web.stranger("somebody")
    await talk.says("2222-2222-2222")
    talk.sees("mã")
    await talk.says("/menu")
    talk.sees("mã mời")
