"""Papers set by Typst with our fonts, which travel inside the file; and QR codes for them."""

import io
import json
from collections.abc import Mapping
from typing import Any

from handlers.kit.templates import FONTS, OURS


def typeset(name: str, data: Mapping[str, Any], **options: Any) -> bytes:
    """The layout of that name in `content/reports/`, filled in. It keeps one processor busy for up to some
    seconds: from a chat call it in a thread.
    """
    import typst  # noqa: PLC0415 - 40 MB that a running bot need not hold until somebody wants a paper

    made: bytes = typst.compile(
        OURS / name,
        root=OURS,
        # Alike on every machine, with every Vietnamese letter.
        font_paths=[FONTS],
        ignore_system_fonts=True,
        # Data and never markup: nothing in it is read as the typesetter's language.
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        **options,
    )
    return made


def qr_svg(text: str) -> str:
    """With the error correction that survives a fold in the paper."""
    import segno  # noqa: PLC0415 - only for printing

    image = io.BytesIO()
    segno.make(text, error="m", micro=False).save(image, kind="svg", border=2, xmldecl=False, svgclass=None)
    return image.getvalue().decode()
