import io
import zipfile
from collections.abc import Callable

import pytest
from PIL import Image, PngImagePlugin

from handlers.kit.cleaning import Ending, Reason, clean_file
from handlers.kit.cleaning.pictures import LONGEST_SIDE
from tests.kit.cleaning.files import (
    PICTURES,
    archive,
    jpeg_markers,
    opened,
    photo,
    png_chunks,
    png_header,
    refused,
    saved,
    telling_gif,
    telling_jpeg,
    telling_png,
    telling_tiff,
    tells,
)

_JFIF, _TABLES, _FRAME = 0xE0, {0xDB, 0xC4}, 0xC0


@pytest.mark.parametrize("make", PICTURES.values(), ids=PICTURES)
def test_nothing_that_was_written_beside_the_pixels_survives(make: Callable[[], bytes]) -> None:
    sent = make()
    assert tells(sent)
    cleaned = clean_file(sent)
    assert not tells(cleaned.content)
    if cleaned.ending is Ending.PNG:
        assert set(png_chunks(cleaned.content)) == {b"IHDR", b"IDAT", b"IEND"}
    else:
        markers = list(jpeg_markers(cleaned.content))
        assert markers.count(_JFIF) == 1
        assert set(markers) == {_JFIF, _FRAME, *_TABLES}
    assert not {"exif", "icc_profile", "comment", "xmp"} & set(opened(cleaned.content).info)


@pytest.mark.parametrize("make", PICTURES.values(), ids=PICTURES)
def test_what_is_seen_survives(make: Callable[[], bytes]) -> None:
    sent = make()
    before, after = opened(sent).convert("RGB"), opened(clean_file(sent).content).convert("RGB")
    assert after.size == before.size
    for spot in ((4, 4), (before.width - 4, 4), (4, before.height - 4)):
        assert after.getpixel(spot) == pytest.approx(before.getpixel(spot), abs=30)


def test_a_photo_is_a_jpeg_and_a_drawing_stays_a_png() -> None:
    photographed = clean_file(saved(photo(), "PNG"))
    drawn = clean_file(saved(Image.new("RGB", (300, 300), "navy"), "PNG"))
    assert (photographed.ending, photographed.mime) == (Ending.JPG, "image/jpeg")
    assert (drawn.ending, drawn.mime) == (Ending.PNG, "image/png")


def test_a_grey_photo_isnt_a_drawing() -> None:
    grey = Image.effect_noise((300, 300), 80)
    assert clean_file(saved(grey, "JPEG")).ending is Ending.JPG


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_comes_out_upright(orientation: int) -> None:
    upright = {6: (40, 60), 8: (40, 60), 5: (40, 60), 7: (40, 60)}.get(orientation, (60, 40))
    exif = Image.Exif()
    exif[0x0112] = orientation
    turned = Image.new("RGB", (60, 40), "red")
    turned.paste((0, 0, 255), (0, 0, 30, 20))
    cleaned = opened(clean_file(saved(turned, "JPEG", exif=exif, quality=95)).content)
    assert cleaned.size == upright
    assert not cleaned.getexif()
    # Where the blue corner is to be seen.
    right, below = orientation in {2, 3, 6, 7}, orientation in {3, 4, 7, 8}
    corner = cleaned.convert("RGB").getpixel((upright[0] - 5 if right else 5, upright[1] - 5 if below else 5))
    assert corner == pytest.approx((0, 0, 255), abs=20)


def test_a_large_photo_becomes_smaller() -> None:
    cleaned = opened(clean_file(saved(photo(4000, 3000), "JPEG")).content)
    assert cleaned.size == (LONGEST_SIDE, LONGEST_SIDE * 3 // 4)


def test_only_the_first_frame_of_an_animation_is_kept() -> None:
    cleaned = opened(clean_file(telling_gif()).content)
    assert getattr(cleaned, "n_frames", 1) == 1
    assert cleaned.convert("RGB").getpixel((10, 10)) == (255, 0, 0)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_what_lies_under_transparent_parts_is_gone(mode: str) -> None:
    secret = Image.new("RGBA", (40, 40), (9, 99, 199, 0))
    secret.paste((0, 0, 0, 255), (0, 0, 20, 40))
    cleaned = opened(clean_file(saved(secret.convert(mode), "PNG")).content)
    assert cleaned.mode == "RGB"
    assert cleaned.getpixel((30, 20)) == (255, 255, 255)
    assert cleaned.getpixel((10, 20)) == (0, 0, 0)


@pytest.mark.parametrize("mode", ["1", "L", "P", "CMYK"])
def test_every_usual_kind_of_pixels_is_read(mode: str) -> None:
    form = "JPEG" if mode == "CMYK" else "PNG"
    assert opened(clean_file(saved(photo().convert(mode), form)).content).size == (64, 48)


def test_pixels_that_would_come_out_wrong_arent_taken() -> None:
    assert refused(saved(Image.new("I;16", (10, 10), 40000), "PNG")) is Reason.UNKNOWN


def test_a_tiff_of_several_pages_isnt_cut_to_its_first() -> None:
    assert refused(telling_tiff(save_all=True, append_images=[photo()])) is Reason.PAGED_PICTURE


def test_a_picture_that_says_it_is_huge_isnt_opened() -> None:
    assert refused(png_header(60_000, 60_000)) is Reason.TOO_MANY_PIXELS
    assert refused(png_header(9_000, 9_000)) is Reason.TOO_MANY_PIXELS


@pytest.mark.parametrize("form", ["PNG", "TIFF"])
def test_a_picture_that_inflates_isnt_opened(form: str) -> None:
    options = {"compression": "group4"} if form == "TIFF" else {}
    bomb = saved(Image.new("1", (12_000, 12_000)), form, **options)
    assert len(bomb) < 2**20
    assert refused(bomb) is Reason.TOO_MANY_PIXELS


def test_notes_that_inflate_are_refused() -> None:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", "a" * 2**25, zip=True)
    assert refused(saved(photo(), "PNG", pnginfo=notes)) is Reason.DAMAGED


def test_half_a_picture_is_refused() -> None:
    assert refused(telling_jpeg()[:1500]) is Reason.DAMAGED


@pytest.mark.parametrize("behind", [archive("a.txt"), b"<html><script>alert(1)</script></html>"])
@pytest.mark.parametrize("make", [telling_jpeg, telling_gif, telling_png])
def test_what_follows_a_picture_is_cut_off(make: Callable[[], bytes], behind: bytes) -> None:
    cleaned = clean_file(make() + behind)
    assert not zipfile.is_zipfile(io.BytesIO(cleaned.content))
    assert b"<script" not in cleaned.content
    assert b"PK\x03\x04" not in cleaned.content
