"""What comes by itself: the calendar, duties, and how everybody has it as they like."""

from tools.handbook.album import Album
from tools.handbook.phone import Phone


def look_ahead(member: Phone, stranger: Phone, album: Album) -> None:
    """`stranger` isn't invited to anything: the first button of a month is a day's piece."""
    member.says("/lich").taps("calendar/this_month").taps("calendar/month_after")
    album.keep("lich-thang", member.message())
    stranger.says("/lich").taps("calendar/this_month").taps("calendar/month_after").picks("")
    album.keep("bai-ngay-le", stranger.message())


def look_after_duties(chair: Phone, album: Album) -> None:
    chair.says("/nhiemvu")
    album.keep("nhiem-vu", chair.message())
    chair.picks("")
    album.keep("mot-nhiem-vu", chair.message())


def choose(member: Phone, album: Album) -> None:
    member.says("/caidat")
    album.keep("cai-dat", member.message())
    member.taps("settings/calendar").taps("feed/make")
    album.keep("lich-dien-thoai", member.message())
