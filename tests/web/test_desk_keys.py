"""A reader's key and sealed items in a real browser, under the site's own policy, and opened elsewhere."""

import json
from base64 import b64decode, b64encode
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from unicodedata import normalize

import argon2.low_level as argon2
import pytest
from playwright.async_api import Page

from handlers.kit.sealing import (
    SIZES,
    check_recipient,
    decode,
    encode,
    identity_from,
    open_with,
    recipient_of,
    seal_to,
)
from tests.web.age import age, needs_age
from tests.web.chromium import Watched, chromium
from tests.web.house import House, until

pytestmark = pytest.mark.browser
PASSPHRASE = "hoa phượng nở đỏ rực sân trường"
TEXT = 'Ca đêm "nóng" quá 😀, mong được xem lại.\n'
STRANGER = identity_from(b"\2" * 32)

# What a page of the desk imports, from the folder that the page names.
BEFORE = """async (given) => {
  const folder = document.querySelector('link[rel=stylesheet]').href.replace(/[^/]*$/, 'desk/');
  const names = ['keys', 'sealing', 'wrapping', 'opener'];
  const modules = names.map((name) => import(`${folder}${name}.js`));
  const [keys, sealing, wrapping, opener] = await Promise.all(modules);
  const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const base64 = (plain) => btoa(Array.from(plain, (byte) => String.fromCharCode(byte)).join(''));
  const reason = async (wrong) => {
    try { await wrong(); return null; } catch (error) { return error.reason ?? error.constructor.name; }
  };
"""


async def run(page: Page, script: str, **given: Any) -> Any:
    return await page.evaluate(f"{BEFORE}{script}}}", given)


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture
async def browser(public: House) -> AsyncIterator[Watched]:
    async with chromium(public.url) as watched:
        yield watched
        assert watched.complaints == []
        assert [url for url in watched.asked if not url.startswith(public.url)] == []


@pytest.fixture
async def page(browser: Watched) -> Page:
    return await browser.open("/")


async def make_key(page: Page) -> dict[str, Any]:
    """The `recipient`, and the secret half as `code` and `sheet`."""
    made: dict[str, Any] = await run(
        page,
        """
        const recipient = await keys.generate();
        return { recipient, sheet: keys.recoveryText(), code: keys.recoveryCode() };
        """,
    )
    return made


async def make_wrapped_key(page: Page) -> dict[str, Any]:
    """Also its `wrapped` form, the `steps` of the progress, and how many `turns` others had."""
    made = await make_key(page)
    wrapped = await run(
        page,
        """
        const steps = [];
        let turns = 0;
        const other = setInterval(() => { turns += 1; }, 1);
        const wrapped = await keys.wrap(given.passphrase, (part) => steps.push(part));
        clearInterval(other);
        return { wrapped, steps, turns };
        """,
        passphrase=PASSPHRASE,
    )
    return {**made, **wrapped}


async def test_a_key_is_wrapped_and_unwrapped_elsewhere(public: House, page: Page) -> None:
    made = await make_wrapped_key(page)
    check_recipient(made["recipient"])
    assert recipient_of(made["code"]) == made["recipient"]
    assert made["steps"] == sorted(made["steps"])
    assert made["steps"][-1] == 1
    assert len(made["steps"]) == 100
    assert made["turns"] > 1
    assert made["code"] not in json.dumps(made["wrapped"])
    async with chromium(public.url) as other:
        there = await other.open("/")
        again = await run(
            there,
            """
            await keys.unwrap(JSON.parse(given.wrapped), given.recipient, given.passphrase);
            return [keys.recipient(), keys.recoveryCode()];
            """,
            wrapped=json.dumps(made["wrapped"]),
            recipient=made["recipient"],
            # As another keyboard composes letters and leaves a space at the end.
            passphrase="hoa phươ\u0323ng nở đỏ rực  sân trường ",
        )
    assert again == [made["recipient"], made["code"]]


async def test_the_wrapping_key_is_argon2id_of_the_passphrase(page: Page) -> None:
    """The reference implementation derives the key that opens the box."""
    made = await make_wrapped_key(page)
    wrapped = made["wrapped"]
    assert {name: wrapped[name] for name in ("v", "kdf", "m", "t", "p")} == {
        "v": 1,
        "kdf": "argon2id",
        "m": 65536,
        "t": 3,
        "p": 1,
    }
    key = argon2.hash_secret_raw(
        PASSPHRASE.encode(),
        b64decode(wrapped["salt"]),
        time_cost=3,
        memory_cost=65536,
        parallelism=1,
        hash_len=32,
        type=argon2.Type.ID,
    )
    identity = await run(
        page,
        """
        const key = await crypto.subtle.importKey('raw', bytes(given.key), 'AES-GCM', false, ['decrypt']);
        const box = bytes(given.wrapped.box);
        const additionalData = new TextEncoder().encode(given.recipient);
        const options = { name: 'AES-GCM', iv: bytes(given.wrapped.nonce), additionalData };
        return new TextDecoder().decode(await crypto.subtle.decrypt(options, key, box));
        """,
        key=b64encode(key).decode(),
        wrapped=wrapped,
        recipient=made["recipient"],
    )
    assert identity == made["code"]


async def test_what_goes_wrong_with_a_key_has_its_own_name(page: Page) -> None:
    made = await make_wrapped_key(page)
    reasons = await run(
        page,
        """
        const { wrapped, recipient } = given.made;
        keys.lock();
        const unwrap = (changed, publicHalf = recipient, passphrase = given.passphrase) => reason(
          () => keys.unwrap(changed, publicHalf, passphrase));
        return [
          await unwrap(wrapped, recipient, 'hoa phuong no do ruc san truong'),
          await unwrap(wrapped, given.other),
          await unwrap({ ...wrapped, box: wrapped.box.replace(/^..../, 'AAAA') }),
          await unwrap({ ...wrapped, m: 8 }),
          await unwrap({ ...wrapped, v: 2 }),
          await unwrap({ ...wrapped, salt: '*' }),
          await unwrap({ ...wrapped, nonce: 'AAAA' }),
          await unwrap(null),
          keys.recipient(),
          await reason(() => keys.recoveryText()),
          await reason(() => keys.wrap(given.passphrase)),
          await reason(() => keys.withIdentities((identities) => identities)),
        ];
        """,
        made=made,
        other=recipient_of(STRANGER),
        passphrase=PASSPHRASE,
    )
    assert reasons == [*["wrong_passphrase"] * 3, *["damaged"] * 5, None, *["locked"] * 3]


async def test_who_locks_while_a_passphrase_is_tried_stays_locked(page: Page) -> None:
    made = await make_wrapped_key(page)
    ends = await run(
        page,
        """
        const unwrap = () => keys.unwrap(given.wrapped, given.recipient, given.passphrase, () => keys.lock());
        return [await reason(unwrap), keys.recipient()];
        """,
        wrapped=made["wrapped"],
        recipient=made["recipient"],
        passphrase=PASSPHRASE,
    )
    assert ends == ["locked", None]


async def test_a_weak_passphrase_wraps_nothing(page: Page) -> None:
    weak = [
        "",
        "   ",
        "matkhau",
        "một hai ba bốn",
        "mot mot mot mot mot",
        "a b c d e f",
        "a" * 40,
        "ab ab ab ab ab ab",
    ]
    strong = ["một hai ba bốn năm", "một  Hai ba bốn Năm", "correct-horse-battery", "đồng-hồ-treo-tường"]
    found = await run(
        page,
        """
        await keys.generate();
        const refused = await reason(() => keys.wrap(given.weak[2]));
        return [refused, given.weak.map(wrapping.isStrong), given.strong.map(wrapping.isStrong)];
        """,
        weak=weak,
        strong=strong,
    )
    assert found == ["weak", [False] * len(weak), [True] * len(strong)]


async def test_the_recovery_sheet_is_typed_back_in_any_way(page: Page) -> None:
    made = await make_key(page)
    sheet = made["sheet"]
    assert sheet.replace(" ", "") == made["code"]
    assert all(len(group) <= 4 for group in sheet.split()[1:])
    bare = sheet.removeprefix("AGE-SECRET-KEY-1")
    typed = [
        sheet,
        sheet.lower(),
        made["code"],
        bare,
        sheet.replace(" ", "\n"),
        sheet.replace(" ", " - "),
        bare.replace("0", "O").replace("L", "1").replace("8", "b"),
    ]
    letter = bare.strip()[0]
    wrong = [
        ("", "mistyped"),
        (sheet[:-1], "mistyped"),
        (sheet + "Q", "mistyped"),
        (bare.strip().replace(letter, "Q" if letter != "Q" else "P", 1), "mistyped"),
        (STRANGER, "other_key"),
    ]
    found = await run(
        page,
        """
        const take = async (typed) => {
          keys.lock();
          const problem = await reason(() => keys.recover(typed, given.recipient));
          return problem ?? keys.recoveryCode();
        };
        const all = [];
        for (const each of given.typed) all.push(await take(each));
        return all;
        """,
        recipient=made["recipient"],
        typed=[*typed, *(each for each, _ in wrong)],
    )
    assert found == [*[made["code"]] * len(typed), *(problem for _, problem in wrong)]


async def test_nothing_of_a_key_is_kept_by_the_browser_or_sent(page: Page) -> None:
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method + request.url + (request.post_data or "")))
    made = await make_wrapped_key(page)
    kept = await page.evaluate(
        "async () => JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie,"
        " document.body.outerHTML, await indexedDB.databases(), await caches.keys()])"
    )
    secret = made["code"].removeprefix("AGE-SECRET-KEY-1")
    assert secret not in kept
    assert all(secret not in each and each.startswith("GET") for each in sent)
    await page.reload()
    assert await run(page, "return keys.recipient();") is None


async def test_what_the_browser_seals_the_server_opens(page: Page) -> None:
    made = await make_key(page)
    header = {"kind": "answer", "text": TEXT, "by": "Nguyễn Thị Thu Hương"}
    sealed = await run(
        page,
        """
        const file = { header: { kind: 'file', name: 'a.png', mime: 'image/png' }, body: bytes(given.body) };
        return [
          base64(await sealing.seal({ header: given.header }, given.recipients)),
          base64(await sealing.seal(file, given.recipients)),
        ];
        """,
        # As some telephones send it; the package composes its letters.
        header={**header, "text": normalize("NFD", TEXT)},
        recipients=[made["recipient"], recipient_of(STRANGER)],
        body=b64encode(b"\1" * SIZES[1]).decode(),
    )
    text, file = (b64decode(each) for each in sealed)
    for identity in (made["code"], STRANGER):
        assert decode(open_with(identity, text)) == ({"v": 1, **header}, b"")
    plain = open_with(STRANGER, file)
    assert len(plain) == SIZES[2]
    assert decode(plain).body == b"\1" * SIZES[1]


async def test_what_the_server_seals_the_browser_opens(page: Page) -> None:
    made = await make_key(page)
    header = {
        "kind": "concern",
        "category": "safety",
        "text": TEXT,
        "answer_to": recipient_of(STRANGER),
        "files": [],
    }
    body = bytes(range(256)) * 1000
    found = await run(
        page,
        """
        const read = async (each) => {
          const { header, body } = await keys.withIdentities(
            (identities) => sealing.open(bytes(each), identities));
          return [header, base64(body)];
        };
        return Promise.all(given.sealed.map(read));
        """,
        sealed=[
            b64encode(seal_to([made["recipient"]], plain)).decode()
            for plain in (encode(header), encode({"kind": "file"}, body))
        ],
    )
    assert found[0] == [{"v": 1, **header}, ""]
    assert b64decode(found[1][1]) == body


async def test_browser_and_server_write_the_same_bytes(page: Page) -> None:
    header = {
        "kind": "note",
        "text": 'a"\\\n\t\u0007é\u2028😀</script>',
        "by": "Hương",
        "files": [1, None, True],
    }
    written = await run(page, "return base64(sealing.encode(given.header));", header=header)
    assert b64decode(written) == encode(header)


async def test_the_browser_refuses_what_isnt_whole_or_isnt_for_it(page: Page) -> None:
    made = await make_key(page)
    good = seal_to([made["recipient"]], encode({"kind": "note", "text": TEXT}))
    changed = bytearray(good)
    changed[-1] ^= 1
    plain = encode({"kind": "note", "text": "word"})
    bare = [
        plain[:-1],
        plain + b"\0",
        plain[:-1] + b"\1",
        plain.replace(b'"v":1', b'"v":2'),
        plain.replace(b"note", b"spel"),
        plain.replace(b"word", b"w\xffrd"),
        b"\xff" * SIZES[0],
        b"\0" * SIZES[0],
    ]
    sealed = [
        good[:-1],
        bytes(changed),
        good + b"\0",
        b"",
        seal_to([recipient_of(STRANGER)], plain),
        *(seal_to([made["recipient"]], each) for each in bare),
    ]
    reasons = await run(
        page,
        """
        const problems = [];
        const open = (each) => keys.withIdentities((identities) => sealing.open(bytes(each), identities));
        for (const each of given.sealed) problems.push(await reason(() => open(each)));
        problems.push(await reason(() => sealing.seal({ header: { kind: 'spell' } }, [keys.recipient()])));
        problems.push(await reason(() => sealing.seal({ header: { kind: 'note' } }, [])));
        problems.push(await reason(() => sealing.encode({ kind: 'file' }, new Uint8Array(12 * 1024 * 1024))));
        return problems;
        """,
        sealed=[b64encode(each).decode() for each in sealed],
    )
    assert reasons == ["SealingProblem"] * (len(sealed) + 3)


async def test_many_items_are_opened_at_once_in_their_order(page: Page) -> None:
    """By workers, which the site's policy has to let start."""
    made = await make_key(page)
    sealed = [
        b64encode(
            seal_to([made["recipient"]], encode({"kind": "note", "n": number}, b"\1" * number))
        ).decode()
        for number in range(120)
    ]
    sealed[7] = b64encode(b64decode(sealed[7])[:-1]).decode()
    found = await run(
        page,
        """
        const steps = [];
        const opened = await keys.withIdentities((identities) => opener.openAll(
          given.sealed.map(bytes), identities, { onProgress: (done) => steps.push(done) }));
        const read = opened.map((item) => item && [item.header.n, item.body.length]);
        const nothing = await keys.withIdentities((identities) => opener.openAll([], identities));
        return [read, steps, nothing];
        """,
        sealed=sealed,
    )
    read, steps, nothing = found
    assert read == [None if number == 7 else [number, number] for number in range(120)]
    assert steps == sorted(steps)
    assert steps[-1] == 120
    assert nothing == []


async def test_opening_ends_when_the_page_locks(page: Page) -> None:
    made = await make_key(page)
    note = seal_to([made["recipient"]], encode({"kind": "note"}))
    ends = await run(
        page,
        """
        const stop = new AbortController();
        const many = new Array(2000).fill(bytes(given.note));
        const options = { onProgress: () => stop.abort(), signal: stop.signal };
        const open = () => keys.withIdentities((identities) => opener.openAll(many, identities, options));
        return [await reason(open), await reason(open)];
        """,
        note=b64encode(note).decode(),
    )
    assert ends == ["DOMException", "DOMException"]
    await until(lambda: page.workers == [])


@needs_age
async def test_the_program_age_opens_what_is_sealed(page: Page, tmp_path: Path) -> None:
    """With an identity that the browser made, from the browser and from the server."""
    made = await make_key(page)
    key = tmp_path / "key.txt"
    key.write_text(made["code"] + "\n", "ascii")
    there = b64decode(
        await run(
            page,
            "return base64(await sealing.seal({ header: given.header }, [keys.recipient()]));",
            header={"kind": "note", "text": TEXT},
        )
    )
    here = seal_to([made["recipient"]], encode({"kind": "note", "text": TEXT}))
    for sealed in (there, here):
        opened = await age(tmp_path, ["--decrypt", "--identity", key], sealed)
        assert decode(opened).header["text"] == TEXT
