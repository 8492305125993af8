"""From the first card to the certificate, the same on every line."""

from tests.certificates.passing import passes
from tests.people import WORKER
from tests.study.course import TITLE, publish
from tests.world import World


async def test_the_certificate_follows_the_quiz(line_world: World) -> None:
    course = await publish(line_world)
    talk = await line_world.talk(WORKER)
    await passes(course, talk)
    await talk.taps("Giấy chứng nhận")
    files = talk.files
    await talk.says("/toi")
    await talk.taps("Giấy chứng nhận")
    await talk.taps(TITLE)
    files += talk.files
    assert [(name, content[:5]) for name, content in files] == [("giay-chung-nhan-1.pdf", b"%PDF-")] * 2
