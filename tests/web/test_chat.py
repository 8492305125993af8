from bot.web.chat import LONGEST_TEXT
from tests.web.house import Browser, House
from tests.web.probe import PICTURE, TABLE


async def test_a_newcomer_finds_the_menu_and_not_an_empty_page(ha: Browser) -> None:
    async with ha.stream() as page:
        asked, answered = await page.take(2)
    assert (asked.data["from"], asked.data["html"]) == ("me", "<p>/menu</p>")
    assert "Đặng Thu Hà" in answered.data["html"]


async def test_a_text_comes_back_as_own_message_before_its_answer(ha: Browser) -> None:
    async with ha.stream() as page:
        await page.take(2)
        await ha.send(id="abcdefgh", text="/echo xin chào")
        own, answer = await page.take(2)
    assert own.data["client"] == "abcdefgh"
    assert own.data["html"] == "<p>/echo xin chào</p>"
    assert answer.data["html"] == "<p>echo xin chào</p>"
    assert answer.data["client"] is None
    assert own.data["seq"] < answer.data["seq"]
    assert answer.data["at"] == "2026-03-02T01:30:00.000+00:00"


async def test_the_same_id_counts_once_however_often_it_comes(demo: House, ha: Browser) -> None:
    for _ in range(3):
        assert (await ha.send(id="only-once", text="/echo one")).status == 202
    texts = [message.html for message in await demo.transcript(ha)]
    assert texts.count("<p>echo one</p>") == 1
    assert texts.count("<p>/echo one</p>") == 1


async def test_a_turned_page_keeps_its_place_and_brings_a_notice(ha: Browser) -> None:
    async with ha.stream() as page:
        await ha.says("/pages")
        first = (await page.until("Page"))[-1]
        await ha.says("/echo later")
        later = (await page.until("<p>echo later</p>"))[-1]
        await ha.presses(first.data, "Next")
        events = await page.take(2)
    turned = next(event for event in events if event.name == "message")
    notice = next(event for event in events if event.name == "notice")
    assert turned.data["html"] == "<p><b>Page</b> 2</p>"
    assert turned.data["id"] == first.data["id"]
    assert turned.data["seq"] == first.data["seq"] < later.data["seq"]
    assert turned.id is not None
    assert later.id is not None
    assert turned.id > later.id
    assert notice.data == {"text": "turned"}
    assert notice.id is None


async def test_somebody_elses_message_stays_as_it_is(demo: House, ha: Browser, tuan: Browser) -> None:
    await ha.says("/pages")
    before = await demo.transcript(ha)
    page = before[-1]
    payload = page.buttons[0][0][1]
    answer = await tuan.send(kind="press", payload=payload, message=page.id)
    assert answer.status == 202
    assert await demo.transcript(ha) == before
    assert (await demo.transcript(tuan))[-1].html == "<p><b>Page</b> 2</p>"


async def test_nobody_edits_what_a_person_wrote(demo: House, ha: Browser) -> None:
    await ha.send(id="my-own-words", text="/pages")
    page = (await demo.transcript(ha))[-1]
    await ha.send(kind="press", payload=page.buttons[0][0][1], message="me:my-own-words")
    texts = [message.html for message in await demo.transcript(ha)]
    assert "<p>/pages</p>" in texts
    assert texts[-1] == "<p><b>Page</b> 2</p>"


async def test_markup_in_texts_and_names_is_shown_as_written(demo: House) -> None:
    async with demo.browser() as browser:
        chooser = await browser.get("/")
        assert '<bdi class="name">Bùi Ngọc <b>Ấn</b> & Co' in chooser.text
        raw = await browser.client.get("/")
        assert "Bùi Ngọc &lt;b&gt;Ấn&lt;/b&gt; &amp; Co" in await raw.text()
        await browser.choose("NV09")
        await browser.says("/echo <img src=x onerror=alert(1)> & *b* _i_")
        messages = await demo.transcript(browser)
    assert "Ngọc &lt;b&gt;Ấn" in messages[1].html
    assert messages[-1].html == "<p>echo &lt;img src=x onerror=alert(1)&gt; &amp; *b* _i_</p>"
    assert "<img" not in messages[-2].html


async def test_texts_are_cleaned_and_composed(demo: House, ha: Browser) -> None:
    await ha.says("/echo Nguye\u0302\u0303n\u200b\u202e\x07\ud83d!")
    assert (await demo.transcript(ha))[-1].html == "<p>echo Nguyễn!</p>"


async def test_an_emoji_alone_is_a_message(ha: Browser) -> None:
    assert (await ha.send(text="👩‍🏭")).status == 202


async def test_a_text_without_anything_visible_is_refused_kindly(ha: Browser) -> None:
    answer = await ha.send(text=" \u200b\u200f\n")
    assert answer.status == 400
    assert "chưa có chữ nào" in answer.json["error"]


async def test_the_longest_text_is_taken_and_one_letter_more_is_refused_with_the_limit(ha: Browser) -> None:
    assert (await ha.send(text="đ" * LONGEST_TEXT)).status == 202
    for text in ("đ" * (LONGEST_TEXT + 1), "👍" * (LONGEST_TEXT // 2 + 1), "đ" * 20_000):
        answer = await ha.send(text=text)
        assert answer.status == 413
        assert "4.096" in answer.json["error"]


async def test_a_forged_button_gets_a_kind_answer(demo: House, ha: Browser) -> None:
    for payload in ("", "~" * 256, "1~0ther~study.card~1", "\ud83d", "1~t3st~probe.page~99999999999"):
        answer = await ha.send(kind="press", payload=payload)
        assert answer.status == 202
    assert "muốn làm gì" in (await demo.transcript(ha))[-1].html


async def test_too_fast_is_slowed_down_and_passes(demo: House, ha: Browser) -> None:
    statuses = [(await ha.send(kind="press", payload="x")).status for _ in range(40)]
    assert statuses[:25] == [202] * 25
    assert statuses[-1] == 429
    demo.clock.forward(minutes=1)
    assert (await ha.send(text="/menu")).status == 202


async def test_an_invitation_does_not_stay_in_the_transcript(demo: House, ha: Browser) -> None:
    await ha.says("/start ABCD-EFGH-2345")
    await ha.says("abcd efgh 2345")
    kept = [message.html for message in await demo.transcript(ha) if message.author == "me"]
    assert kept[-2:] == ["<p>/start •••</p>", "<p>•••</p>"]


async def test_a_private_flow_leaves_no_words(demo: House, ha: Browser) -> None:
    await ha.says("/ask")
    await ha.says("nobody may read this")
    messages = await demo.transcript(ha)
    assert messages[-1].html == "<p>heard</p>"
    assert not any("nobody" in message.html for message in messages)


async def test_a_picture_is_shown_and_a_table_is_saved(demo: House, ha: Browser, tuan: Browser) -> None:
    await ha.says("/picture")
    await ha.says("/table")
    async with ha.stream() as page:
        picture = (await page.until("<p>picture</p>"))[-1].data["file"]
        table = (await page.until("<p>table</p>"))[-1].data["file"]
    assert (picture["name"], picture["mime"], picture["size"]) == ("a.png", "image/png", len(PICTURE))
    shown = await ha.client.get(picture["url"])
    assert await shown.read() == PICTURE
    assert shown.headers["Content-Disposition"].startswith("inline")
    saved = await ha.client.get(table["url"])
    assert await saved.read() == TABLE
    assert saved.headers["Content-Disposition"] == "attachment; filename*=UTF-8''B%E1%BA%A3ng%201.html"
    assert saved.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in saved.headers["Content-Security-Policy"]
    assert (await tuan.get(picture["url"])).status == 404
    async with demo.browser() as stranger:
        assert (await stranger.get(picture["url"])).status == 404


async def test_an_ephemeral_message_is_seen_by_its_person_and_kept_nowhere(
    demo: House, ha: Browser, tuan: Browser
) -> None:
    async with ha.stream() as page, tuan.stream() as other:
        await ha.says("/secret")
        event = (await page.until("secret words"))[-1]
        await tuan.says("/echo end")
        seen_by_other = await other.until("<p>echo end</p>")
    assert event.id is None
    assert not any("secret words" in str(each.data) for each in seen_by_other)
    assert not any("secret words" in message.html for message in await demo.transcript(ha))
    file = event.data["file"]
    assert await (await ha.client.get(file["url"])).read() == PICTURE
    assert (await tuan.get(file["url"])).status == 404


async def test_a_page_that_reconnects_in_a_moment_gets_the_ephemeral_message_again(ha: Browser) -> None:
    await ha.says("/secret")
    async with ha.stream() as page:
        event = (await page.until("secret words"))[-1]
        await ha.says("/echo after")
        after = (await page.until("<p>echo after</p>"))[-1]
    assert event.data["seq"] < after.data["seq"]
