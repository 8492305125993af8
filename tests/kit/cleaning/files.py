"""Files that tell who made them, in every place their formats have for it, and looks into what comes out."""

import io
import struct
import zlib
from collections.abc import Callable, Iterator, Sequence
from zipfile import ZipFile

import pytest
from PIL import Image, PngImagePlugin, TiffImagePlugin

from handlers.kit.cleaning import NotCleanableError, Reason, clean_file

# What no cleaned file may hold, in no encoding.
MARK = "Nguyen Van Dau NV0815"
MARKED = MARK.encode()
_FORMS = (MARKED, MARK.encode("utf-16-le"), MARK.encode("utf-16-be"), MARKED.hex().encode())
XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/">' + MARKED + b"</x:xmpmeta>"


def tells(content: bytes) -> bool:
    """Whether the mark stands in it."""
    return any(form in content for form in _FORMS)


def refused(content: bytes) -> Reason:
    with pytest.raises(NotCleanableError) as caught:
        clean_file(content)
    return caught.value.reason


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


# Pictures.


def photo(width: int = 64, height: int = 48) -> Image.Image:
    """Of many colours, as photos are; the left half is redder, the right half bluer."""
    picture = Image.merge("RGB", [Image.linear_gradient("L").resize((width, height))] * 3)
    picture.paste((200, 30, 30), (0, 0, width // 2, height // 2))
    picture.paste((30, 30, 200), (width // 2, 0, width, height // 2))
    grain = Image.effect_noise((width, height), 20).convert("RGB")
    tinted = Image.blend(picture, grain, 0.1)
    return Image.merge("RGB", [tinted.getchannel("R"), tinted.getchannel("G"), picture.getchannel("B")])


def saved(picture: Image.Image, form: str, **options: object) -> bytes:
    written = io.BytesIO()
    picture.save(written, form, **options)
    return written.getvalue()


def exif(orientation: int = 1) -> Image.Exif:
    """Camera, author, place, and the small picture that cameras put beside the large one."""
    made = Image.Exif()
    made[0x0112] = orientation
    made[0x010F] = made[0x013B] = MARK
    made.get_ifd(0x8825).update({1: "N", 2: (10.0, 46.0, 37.0), 29: MARK})
    made.get_ifd(0x8769).update({0x9286: b"ASCII\0\0\0" + MARKED, 0xA431: MARK, 0x927C: MARKED})
    return made


def icc() -> bytes:
    """A profile's header with the mark as its text; nobody reads its colours here."""
    return struct.pack(">I", 200) + b"mark" * 4 + MARKED.ljust(180, b"\0")


def telling_jpeg(orientation: int = 1) -> bytes:
    options = {"icc_profile": icc(), "xmp": XMP, "comment": MARKED, "quality": 90}
    made = saved(photo(), "JPEG", exif=exif(orientation), **options)
    # What Photoshop writes for newspapers, and a thumbnail.
    parts = segment(0xED, b"Photoshop 3.0\x008BIM\x04\x04\0\0" + MARKED) + segment(
        0xE0, b"JFXX\0\x10" + MARKED
    )
    return made[:2] + parts + made[2:] + MARKED


def segment(marker: int, content: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content


def telling_png(picture: Image.Image | None = None) -> bytes:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Author", MARK)
    notes.add_text("Comment", MARK, zip=True)
    notes.add_itxt("XML:com.adobe.xmp", XMP.decode(), zip=True)
    notes.add(b"tIME", struct.pack(">HBBBBB", 2026, 3, 4, 5, 6, 7))
    notes.add(b"maRk", MARKED)
    return saved(picture or photo(), "PNG", pnginfo=notes, exif=exif(), icc_profile=icc()) + MARKED


def telling_gif() -> bytes:
    frames = [Image.new("P", (20, 20), 0), Image.new("P", (20, 20), 1)]
    for frame in frames:
        frame.putpalette([255, 0, 0, 0, 0, 255])
    return saved(frames[0], "GIF", save_all=True, append_images=frames[1:], comment=MARKED) + MARKED


def telling_webp() -> bytes:
    return saved(photo(), "WEBP", exif=exif(), xmp=XMP, icc_profile=icc()) + MARKED


def telling_mpo() -> bytes:
    """Two JPEGs in one file, as cameras put a picture's depth or brightness behind it."""
    return saved(photo(), "MPO", save_all=True, append_images=[photo()], exif=exif()) + MARKED


def telling_avif() -> bytes:
    return saved(photo(), "AVIF", exif=exif(), xmp=XMP)


def telling_tiff(**options: object) -> bytes:
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    tags[270] = tags[315] = MARK
    tags[700] = XMP
    return saved(photo(), "TIFF", tiffinfo=tags, icc_profile=icc(), **options)


def telling_bmp() -> bytes:
    return saved(photo(), "BMP") + MARKED


PICTURES: dict[str, Callable[[], bytes]] = {
    "jpeg": telling_jpeg,
    "png": telling_png,
    "gif": telling_gif,
    "webp": telling_webp,
    "avif": telling_avif,
    "mpo": telling_mpo,
    "tiff": telling_tiff,
    "bmp": telling_bmp,
}


def chunk(name: bytes, content: bytes) -> bytes:
    checked = name + content
    return struct.pack(">I", len(content)) + checked + struct.pack(">I", zlib.crc32(checked))


def png_header(width: int, height: int) -> bytes:
    """A PNG that says it is so large, with a few bytes of picture."""
    shape = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", shape)
        + chunk(b"IDAT", zlib.compress(b""))
        + chunk(b"IEND", b"")
    )


def png_chunks(content: bytes) -> Iterator[bytes]:
    """The names of a PNG's parts up to its last byte."""
    at = 8
    while at < len(content):
        yield content[at + 4 : at + 8]
        at += 12 + int.from_bytes(content[at : at + 4])


def jpeg_markers(content: bytes) -> Iterator[int]:
    """The markers of a JPEG up to its last byte."""
    at = 2
    while content[at + 1] != 0xDA:
        yield content[at + 1]
        at += 2 + int.from_bytes(content[at + 2 : at + 4])
    assert content.index(b"\xff\xd9", at) == len(content) - 2


# PDFs.


def pdf(objects: Sequence[bytes], trailer: bytes = b"") -> bytes:
    """A PDF of these objects, numbered from 1; the first is its catalogue."""
    written = bytearray(b"%PDF-1.7\n")
    places = []
    for number, each in enumerate(objects, 1):
        places.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    table = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    table += b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n"
    return bytes(written) + table + end % (len(objects) + 1, trailer, len(written))


def stream(content: bytes, entries: bytes = b"") -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(content), entries, content)


def telling_pdf() -> bytes:
    """Author, a script, a file within it, hidden text, a note and a filled form; black at the left below,
    and where the form was filled at the right above.
    """
    drawing = b"0 g 0 0 100 100 re f BT /F 12 Tf 3 Tr 10 150 Td (%s) Tj ET" % MARKED
    mark = MARKED
    return pdf(
        [
            b"<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /JavaScript /JS (app.alert\\('%s'\\)) >>"
            b" /Names << /EmbeddedFiles << /Names [ (a) 8 0 R ] >> >> /Metadata 9 0 R"
            b" /AcroForm << /Fields [ 7 0 R ] >> >>" % mark,
            b"<< /Type /Pages /Count 1 /Kids [ 3 0 R ] >>",
            (
                b"<< /Type /Page /Parent 2 0 R /MediaBox [ 0 0 200 200 ] /Contents 4 0 R"
                b" /Annots [ 6 0 R 7 0 R ] /Resources << /Font << /F 5 0 R >> >> >>"
            ),
            stream(drawing),
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
            b"<< /Type /Annot /Subtype /Text /Rect [ 10 180 20 190 ] /Contents (%s) /T (%s) >>"
            % (mark, mark),
            b"<< /Type /Annot /Subtype /Widget /FT /Tx /T (%s) /V (%s) /Rect [ 100 100 200 200 ] /F 4"
            b" /AP << /N 11 0 R >> /DA (/F 12 Tf) >>" % (mark, mark),
            b"<< /Type /Filespec /F (%s) /EF << /F 10 0 R >> >>" % mark,
            stream(XMP, b"/Type /Metadata /Subtype /XML"),
            stream(mark, b"/Type /EmbeddedFile"),
            stream(b"0 g 0 0 100 100 re f", b"/Type /XObject /Subtype /Form /BBox [ 0 0 100 100 ]"),
            b"<< /Author (%s) /Producer (%s) /CreationDate (D:20260304050607) >>" % (mark, mark),
        ],
        b"/Info 12 0 R /ID [ <%s> <%s> ]" % (mark.hex().encode(), mark.hex().encode()),
    )


def plain_pdf(
    box: bytes = b"0 0 200 200", drawing: bytes = b"0 g 0 0 100 100 re f", *, pages: int = 1
) -> bytes:
    kids = b" ".join(b"%d 0 R" % (4 + number) for number in range(pages))
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [ %s ] /Contents 3 0 R >>" % box
    tree = b"<< /Type /Pages /Count %d /Kids [ %s ] >>" % (pages, kids)
    return pdf([b"<< /Type /Catalog /Pages 2 0 R >>", tree, stream(drawing), *[page] * pages])


def locked_pdf() -> bytes:
    """As if a password had been set: the keys that the empty one should give aren't these."""
    return pdf(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Count 0 /Kids [ ] >>",
            b"<< /Filter /Standard /V 1 /R 2 /P -4 /O <%s> /U <%s> >>" % (b"11" * 32, b"22" * 32),
        ],
        b"/Encrypt 3 0 R /ID [ <00> <00> ]",
    )


def bomb_pdf(size: int) -> bytes:
    """Its page's drawing inflates to `size` bytes."""
    squeezed = zlib.compressobj(9, wbits=-zlib.MAX_WBITS)
    piece = squeezed.compress(b"0 g " * 2**18) + squeezed.flush(zlib.Z_FULL_FLUSH)
    drawing = b"\x78\xda" + piece * (size // 2**20) + squeezed.flush() + bytes(4)
    tree = b"<< /Type /Pages /Count 1 /Kids [ 4 0 R ] >>"
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [ 0 0 200 200 ] /Contents 3 0 R >>"
    return pdf([b"<< /Type /Catalog /Pages 2 0 R >>", tree, stream(drawing, b"/Filter /FlateDecode"), page])


# Archives.


def archive(*names: str) -> bytes:
    written = io.BytesIO()
    with ZipFile(written, "w") as packed:
        for name in names:
            packed.writestr(name, MARK)
    return written.getvalue()
