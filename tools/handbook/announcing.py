"""Announcements: what an officer writes and follows, what members get, and who is told in person."""

from collections.abc import Callable

from bot.cli.output import texts
from tools.handbook.album import Album
from tools.handbook.officers import GROUP, LEADER
from tools.handbook.phone import Phone

# People of content/demo/danh-sach.csv, and how many of them there are.
SECOND_OFFICER = "Lê Hoàng Nam"
EVERYBODY, IN_GROUP = 60, 10
WORDS = (
    "Chào {{ten}}!\n\n"
    "Khám sức khoẻ định kỳ: 7:30 thứ Sáu tuần sau, phòng họp tầng 2. "
    "Nhớ nhịn ăn sáng và mang theo căn cước."
)
CORRECTED = WORDS.replace("tầng 2", "tầng 3")
QUESTION = "Tổ mình muốn đi nghỉ mát vào tháng mấy?"
OPTIONS = ("Tháng 5", "Tháng 6", "Tháng 7")
# Members of `GROUP`, and which of `OPTIONS` each of them chooses.
ANSWERS = {
    "Thái Bá Lộc": 1,
    "Trần Lê Uyên": 1,
    "Nguyễn Khắc Vinh": 2,
    "Phan Thị Xuân": 1,
    "Lê Đăng Khoa": 0,
}
MEMBER = next(iter(ANSWERS))
# The demo begins without announcements.
FIRST, SECOND = 1, 2
# Somebody's telephone, by their name.
Phones = Callable[[str], Phone]


def announce(chair: Phone, phones: Phones, album: Album) -> None:
    """To everybody; some of them say that they took note."""
    chair.says("/guitin").taps("announce/new")
    album.keep("soan-thong-bao", chair.message())
    chair.says(WORDS)
    album.keep("gui-cho-ai", chair.message())
    chair.taps("audience/for_all", number=EVERYBODY).taps("announce/receipt_off")
    album.keep("cach-gui", chair.message())
    chair.taps("announce/preview").until("announce/test")
    album.keep("xem-truoc", chair.screen())
    chair.taps("announce/send", number=EVERYBODY).until("announce/state_sent")
    album.keep("nhan-thong-bao", phones(MEMBER).until("announce/noted").message())
    for name in ANSWERS:
        phones(name).until("announce/noted").notes(texts().label("announce/noted"))
    _open(chair, FIRST)
    album.keep("tinh-hinh", chair.message())


def tell_in_person(phones: Phones, album: Album) -> None:
    """What a leader is asked to do for those whom it didn't reach."""
    leader = phones(LEADER).until("announce/work_list")
    album.keep("nho-bao", leader.message())
    leader.taps("announce/work_list")
    album.keep("viec-can-bao", leader.message())


def ask_for_opinions(chair: Phone, phones: Phones, album: Album) -> None:
    """Of one group, without names, once a second officer has agreed."""
    chair.says("/guitin").taps("announce/new").says(QUESTION)
    chair.taps("audience/for_group").picks(GROUP).taps("announce/to_poll")
    chair.says("\n".join(OPTIONS)).taps("announce/named_on")
    album.keep("soan-y-kien", chair.message())
    chair.taps("announce/poll_done").taps("announce/approval_off").taps("announce/preview")
    chair.until("announce/test").taps("announce/send", number=IN_GROUP)
    officer = phones(SECOND_OFFICER).until("announce/look").taps("announce/look")
    officer.until("announce/approve").taps("announce/approve")
    album.keep("tra-loi", phones(MEMBER).finds(OPTIONS[0]).message())
    for name, option in ANSWERS.items():
        phones(name).finds(OPTIONS[0]).notes(OPTIONS[option])
    results = _open(chair, SECOND).taps("announce/to_results")
    results.taps("announce/close_poll").taps("announce/close_poll_now")
    album.keep("ket-qua-y-kien", chair.message())


def correct(chair: Phone, album: Album) -> None:
    _open(chair, FIRST).taps("announce/correct").says(CORRECTED).until("announce/correct_now")
    album.keep("sua-tin", chair.screen())
    chair.taps("announce/correct_now")


def read_again(member: Phone, album: Album) -> None:
    member.says("/thongbao")
    album.keep("thong-bao-da-nhan", member.message())


def _open(chair: Phone, number: int) -> Phone:
    return chair.says("/guitin").picks(f"{number}. ")
