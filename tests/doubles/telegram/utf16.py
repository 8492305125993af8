"""Telegram counts entity offsets in UTF-16 units and tells errors in bytes of UTF-8."""


def utf16_length(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def byte_offset(text: str, position: int) -> int:
    return len(text[:position].encode())
