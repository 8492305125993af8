"""A picture, drawn anew on a clean canvas: the pixels go over, and nothing that was written beside them."""

import io
import warnings

from PIL import (
    AvifImagePlugin,
    Image,
    ImageOps,
    MpoImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

from handlers.kit.cleaning.kinds import Picture
from handlers.kit.cleaning.model import (
    MOST_JPEG_PIXELS,
    MOST_PIXELS,
    CleanFile,
    Ending,
    NotCleanableError,
    Reason,
)

# In pixels, on the long side: enough to read a page of print.
LONGEST_SIDE = 2560
_QUALITY = 85
# Screenshots and drawings of so few colours stay sharp as PNG, and are small; a grey photo isn't.
_FEW_COLOURS = 256
_MAY_BE_LARGER = 2
_DEEP_MODES = ("I", "F")
# What Pillow would only load when it meets such a picture; then nothing can be opened any more.
LOADED = (AvifImagePlugin, MpoImagePlugin, TiffImagePlugin, WebPImagePlugin)
Image.preinit()
# Threads would each need memory of their own within the process' limit.
AvifImagePlugin.DEFAULT_MAX_THREADS = 1


def redraw_picture(content: bytes, kind: Picture) -> CleanFile:
    with warnings.catch_warnings():
        # They are about the file, and nobody is to read about it.
        warnings.simplefilter("ignore")
        canvas = _canvas(_opened(content, kind))
    photo = CleanFile(Ending.JPG, as_jpeg(canvas, _QUALITY))
    if canvas.getcolors(_FEW_COLOURS) is None:
        return photo
    drawing = CleanFile(Ending.PNG, _written(canvas, "PNG"))
    return drawing if len(drawing.content) <= _MAY_BE_LARGER * len(photo.content) else photo


def as_jpeg(canvas: Image.Image, quality: int) -> bytes:
    return _written(canvas, "JPEG", quality=quality, optimize=True)


def _opened(content: bytes, kind: Picture) -> Image.Image:
    """The picture, of which only the header has been read: what it says of the size is looked at first."""
    try:
        # One format only: what lies behind or within it in another one is never looked at.
        picture = Image.open(io.BytesIO(content), formats=[kind])
    except Image.DecompressionBombError:
        raise NotCleanableError(Reason.TOO_MANY_PIXELS) from None
    most = MOST_JPEG_PIXELS if kind is Picture.JPEG else MOST_PIXELS
    if picture.width * picture.height > most:
        raise NotCleanableError(Reason.TOO_MANY_PIXELS)
    if kind is Picture.TIFF and _has_more(picture):
        raise NotCleanableError(Reason.PAGED_PICTURE)
    if picture.mode.startswith(_DEEP_MODES):
        raise NotCleanableError(Reason.UNKNOWN)
    return picture


def _has_more(picture: Image.Image) -> bool:
    try:
        picture.seek(1)
    except EOFError:
        picture.seek(0)
        return False
    return True


def _canvas(picture: Image.Image) -> Image.Image:
    """Upright, small enough, on white: what lay hidden under transparent parts is gone, too."""
    # A JPEG can be read at a half or a quarter of its size.
    picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
    mode = "RGBA" if picture.has_transparency_data else "RGB"
    drawn = picture if picture.mode == mode else picture.convert(mode)
    drawn.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    upright = ImageOps.exif_transpose(drawn)
    canvas = Image.new("RGB", upright.size, "white")
    canvas.paste(upright, mask=upright if mode == "RGBA" else None)
    return canvas


def _written(canvas: Image.Image, form: str, **options: int) -> bytes:
    written = io.BytesIO()
    canvas.save(written, form, **options)
    return written.getvalue()
