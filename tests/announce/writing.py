"""An officer on the way to an announcement."""

from tests.talk import Talk

TEXT = "Chào <b>{{ten}}</b>, mai họp lúc 8 giờ."


async def to_audience(talk: Talk, text: str = TEXT) -> None:
    await talk.says("/guitin")
    await talk.taps("Soạn thông báo")
    await talk.writes(text)
    talk.sees("Gửi cho ai?")


async def to_options(talk: Talk, audience: str = "code:NV06,NV07,NV10", text: str = TEXT) -> None:
    await to_audience(talk, text)
    await talk.says(audience)
    talk.sees("Người nhận", "Giờ gửi")


async def to_review(talk: Talk, audience: str = "code:NV06,NV07,NV10", text: str = TEXT) -> None:
    await to_options(talk, audience, text)
    await talk.taps("Xem trước")
    talk.sees("Gửi thông báo này?")


async def announce(
    talk: Talk, audience: str = "code:NV06,NV07,NV10", *, receipt: bool = False, poll: bool | None = None
) -> None:
    """`poll`: ask for an opinion, with names or without."""
    await to_options(talk, audience)
    if receipt:
        await talk.taps("Hỏi “Tôi đã nắm”: không")
    if poll is not None:
        await talk.taps("Hỏi ý kiến…")
        await talk.says("Có\nKhông")
        if not poll:
            await talk.taps("Ghi tên người trả lời: có")
        await talk.taps("Xong")
    await talk.taps("Xem trước")
    await talk.taps("Gửi (")
    talk.sees("Thông báo số")
