"""Files that people send from the page."""

import asyncio
from typing import Any

import pytest

from handlers.kit.files import LARGEST
from handlers.kit.limits import Seats
from tests.web.house import Answer, Browser, House, until

PDF = b"%PDF-1.7\r\n--\r\n\r\n--\xff\x00 boundary"
NOT_READ = "mới đọc được chữ"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


async def test_a_file_reaches_a_step_that_takes_files(ha: Browser) -> None:
    await ha.says("/hand")
    async with ha.stream() as page:
        sent = await ha.send_file(
            "Quyết định.pdf", "application/pdf", PDF, id="my-file-1", text=" **mới** & <b> "
        )
        own, answer = (await page.until("got"))[-2:]
    assert sent.status == 202
    assert own.data["client"] == "my-file-1"
    assert own.data["html"] == "<p>📎 Quyết định.pdf<br><b>mới</b> &amp; &lt;b&gt;</p>"
    assert answer.data["html"] == "<p>got <b>mới</b> &amp; &lt;b&gt;</p>"
    file = answer.data["file"]
    assert (file["name"], file["mime"], file["size"]) == ("Quyết định.pdf", "application/pdf", len(PDF))
    assert await (await ha.client.get(file["url"])).read() == PDF


async def test_formatting_that_is_typed_reaches_a_step_and_stands_in_the_transcript_as_typed(
    demo: House, ha: Browser
) -> None:
    await ha.says("/hand")
    await ha.says("**đậm** [chữ](https://x.vn)")
    own, answer = (await demo.transcript(ha))[-2:]
    assert own.html == "<p>**đậm** [chữ](https://x.vn)</p>"
    assert answer.html == '<p>heard <b>đậm</b> <a href="https://x.vn">chữ</a></p>'


async def test_the_same_id_counts_once_however_often_it_comes(demo: House, ha: Browser) -> None:
    await ha.says("/hand")
    for _ in range(3):
        assert (await ha.send_file("a.pdf", "application/pdf", PDF, id="only-once")).status == 202
    texts = [message.html for message in await demo.transcript(ha)]
    assert texts.count("<p>📎 a.pdf</p>") == 1
    assert texts.count("<p>got </p>") == 1


async def test_a_file_where_none_is_expected_gets_the_kind_answer(demo: House, ha: Browser) -> None:
    assert (await ha.send_file("a.png", "image/png", b"x")).status == 202
    own, answer = (await demo.transcript(ha))[-2:]
    assert (own.author, own.html, own.file) == ("me", "<p>📎 a.png</p>", None)
    assert NOT_READ in answer.html


async def test_a_file_in_a_private_flow_leaves_no_trace(demo: House, ha: Browser) -> None:
    await ha.says("/ask")
    await ha.send_file("nobody-may-see.pdf", "application/pdf", PDF, text="nobody")
    assert not any("nobody" in message.html for message in await demo.transcript(ha))


async def test_names_and_types_are_made_fit_to_be_passed_on(demo: House, ha: Browser) -> None:
    for name, mime, kept, kept_mime in (
        ("../../etc/pass%22wd", "Text/HTML; charset=x", "pass wd", "text/html"),
        ("C:\\Users\\An\\\u202efdp.exe", "nonsense", "fdp.exe", "application/octet-stream"),
        ("<img src=x>.png", "image/png", "img src=x.png", "image/png"),
        ("đ" * 300 + ".docx", "a/" + "b" * 200, "đ" * 115 + ".docx", "application/octet-stream"),
        (" .. ", "a/b", "file", "a/b"),
    ):
        await ha.says("/hand")
        await ha.send_file(name, mime, b"x")
        file = (await demo.transcript(ha))[-1].file
        assert file is not None
        assert (file.name, file.mime) == (kept, kept_mime)


async def test_the_largest_file_is_taken_and_one_byte_more_is_refused_with_the_limit(
    demo: House, ha: Browser
) -> None:
    await ha.says("/hand")
    for size in (LARGEST + 1, LARGEST + 5_000_000):
        _is_refused(await ha.send_file("a.bin", "a/b", bytes(size)), 413, "20 MB")
    assert (await ha.send_file("a.bin", "a/b", bytes(LARGEST))).status == 202
    file = (await demo.transcript(ha))[-1].file
    assert file is not None
    assert file.size == LARGEST


async def test_an_empty_file_and_a_long_caption_are_refused_kindly(ha: Browser) -> None:
    _is_refused(await ha.send_file("a.txt", "text/plain", b""), 400, "không có nội dung")
    _is_refused(await ha.send_file("a.txt", "text/plain", b"x", text="đ" * 4097), 413, "4.096")


async def test_only_the_page_itself_may_send(demo: House, ha: Browser) -> None:
    before = await demo.transcript(ha)
    csrf, ha.csrf = ha.csrf, "0" * 64
    _is_refused(await ha.send_file("a.txt", "text/plain", b"x"), 403, "tải lại trang")
    ha.csrf = csrf
    ha.client.headers["Sec-Fetch-Site"] = "cross-site"
    _is_refused(await ha.send_file("a.txt", "text/plain", b"x"), 403, "tải lại trang")
    assert await demo.transcript(ha) == before
    async with demo.browser() as stranger:
        assert (await stranger.send_file("a.txt", "text/plain", b"x")).status == 401


_ID = b'--B\r\nContent-Disposition: form-data; name="id"\r\n\r\nabcdefgh\r\n'
_FILE = b'--B\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nx\r\n'


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"--B--\r\n",
        _ID + b"--B--\r\n",
        _FILE + b"--B--\r\n",
        _ID + _FILE,
        (_ID + _FILE).replace(b"\r\n\r\n", b"\r\n") + b"--B--",
        _ID.replace(b"abcdefgh", b"short") + _FILE + b"--B--",
        _ID.replace(b"abcdefgh", b"abcdefgh\xff") + _FILE + b"--B--",
        _ID + _FILE.replace(b'; filename="a"', b"") + b"--B--",
        _ID + _FILE.replace(b'"a"', b'"\xff"') + b"--B--",
        _ID * 9 + _FILE + b"--B--",
        _ID.replace(b"form-data;", b"form-data; " + b"x" * 5000 + b";") + _FILE + b"--B--",
        b"junk" + _ID + _FILE + b"--B--",
    ],
)
async def test_what_is_no_form_with_a_file_is_refused(ha: Browser, body: bytes) -> None:
    _is_refused(await _posted(ha, body, "multipart/form-data; boundary=B"), 400, "không đọc được")


async def test_without_its_boundary_a_form_is_refused(ha: Browser) -> None:
    _is_refused(await _posted(ha, _ID + _FILE + b"--B--", "multipart/form-data"), 400, "không đọc được")


async def test_a_form_as_browsers_make_it_is_taken(demo: House, ha: Browser) -> None:
    typed = _FILE.replace(b"\r\n\r\n", b"\r\nContent-Type: image/png\r\n\r\n")
    await ha.says("/hand")
    assert (await _posted(ha, _ID + typed + b"--B--\r\n", 'multipart/form-data; boundary="B"')).status == 202
    await demo.delivery.settle()
    file = (await demo.transcript(ha))[-1].file
    assert file is not None
    assert (file.name, file.mime, file.size) == ("a", "image/png", 1)


async def test_too_fast_is_slowed_down(ha: Browser) -> None:
    statuses = [(await ha.send_file("a", "a/b", b"x")).status for _ in range(40)]
    assert statuses[:25] == [202] * 25
    assert statuses[-1] == 429


def test_seats_are_few_and_given_back() -> None:
    seats = Seats(most=3, each=2)
    with seats.taken("a") as first, seats.taken("a") as second, seats.taken("a") as third:
        assert (first, second, third) == (True, True, False)
        with seats.taken("b") as other, seats.taken("c") as late:
            assert (other, late) == (True, False)
    with pytest.raises(ZeroDivisionError), seats.taken("a"):
        raise ZeroDivisionError
    with seats.taken("a") as again:
        assert again
    assert not seats._taken


@pytest.fixture
def seats(monkeypatch: pytest.MonkeyPatch) -> list[Seats]:
    """Those of the pages that are opened after this."""
    made: list[Seats] = []

    def make(*, most: int, each: int) -> Seats:
        made.append(Seats(most=most, each=each))
        return made[-1]

    monkeypatch.setattr("bot.web.chat.Seats", make)
    return made


async def test_more_uploads_at_a_time_than_fit_into_memory_wait(seats: list[Seats], ha: Browser) -> None:
    """The third of one person is told to come again, and the page does."""
    slow = [asyncio.Event(), asyncio.Event()]

    async def body(wait: asyncio.Event) -> Any:
        yield _ID
        await wait.wait()
        yield _FILE + b"--B--"

    form = {"X-CSRF-Token": ha.csrf, "Content-Type": "multipart/form-data; boundary=B"}
    async with asyncio.TaskGroup() as group:
        under_way = [group.create_task(ha.post("/chat/send", data=body(wait), headers=form)) for wait in slow]
        await until(lambda: seats[0]._taken.total() == 2)
        third = await _posted(ha, _ID + _FILE + b"--B--", form["Content-Type"])
        for wait in slow:
            wait.set()
        assert {(await each).status for each in under_way} == {202}
    assert third.status == 503
    assert (await _posted(ha, _ID + _FILE + b"--B--", form["Content-Type"])).status == 202


async def _posted(browser: Browser, body: bytes, mime: str) -> Answer:
    headers = {"X-CSRF-Token": browser.csrf, "Content-Type": mime}
    return await browser.post("/chat/send", data=body, headers=headers)


def _is_refused(answer: Answer, status: int, words: str) -> None:
    assert answer.status == status
    assert words in answer.json["error"]
