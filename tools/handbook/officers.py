"""What officers see: the roster, publishing, reports, and what they enter by hand."""

from tools.handbook.album import Album
from tools.handbook.phone import Phone

# People of content/demo/danh-sach.csv.
CHAIR = "Nguyễn Thị Thu Hương"
LEADER = "Trần Văn Út"
CELL_COMMITTEE = "Trần Minh Quân"
NEWCOMER = "Nguyễn Thanh Tòng"
# Lê Thị Ngọc Ánh, who has passed the running campaign.
PASSED = "NV003"
ABSENT = "Nguyễn Khắc Vinh"
GROUP = "Tổ Công nghệ thông tin"
# The campaign that the demo is in the middle of, as its button begins.
RUNNING = "2. "
# The document whose first campaign is over.
FREE = "Dữ liệu cá nhân"
MEETING = "NV025\nĐoàn Minh Ân\nTrần Văn Mới"
REASON = "Đi học dài hạn đến tháng 6"


def open_the_menu(chair: Phone, album: Album) -> None:
    chair.says("/menu")
    album.keep("menu-chu-tich", chair.screen())


def look_after_the_roster(chair: Phone, album: Album) -> str:
    """The code of a new invitation for `NEWCOMER`."""
    chair.says("/doanvien")
    album.keep("doan-vien", chair.message())
    chair.says(NEWCOMER.rpartition(" ")[2]).picks(NEWCOMER)
    album.keep("mot-nguoi", chair.message())
    chair.taps("roster/invite")
    album.keep("ma-moi-moi", chair.message())
    return chair.code()


def watch(chair: Phone, album: Album) -> None:
    """A campaign's report, and what it leads to."""
    _report(chair)
    album.keep("bao-cao", chair.message())
    chair.taps("campaign/chart").page.locator(".picture img").last.wait_for()
    album.keep("bieu-do", chair.message())
    _report(chair).taps("campaign/missing")
    album.keep("ai-chua-hoc", chair.message())
    chair.taps("campaign/back_to_report").taps("campaign/remind")
    album.keep("nhac-ngay", chair.message())
    chair.taps("campaign/back_to_report").taps("campaign/close")
    album.keep("dong-dot", chair.message())


def enter_by_hand(chair: Phone, album: Album) -> None:
    """A waiver that is written, and a meeting's list that isn't."""
    _report(chair).taps("campaign/record").taps("campaign/one").says(ABSENT)
    album.keep("ghi-nhan", chair.message())
    chair.taps("campaign/enter_waiver").says(REASON)
    album.keep("mien-hoc", chair.message())
    chair.taps("campaign/enter")
    _report(chair).taps("campaign/record").taps("campaign/many").taps("campaign/days_back_1").says(MEETING)
    album.keep("diem-danh", chair.message())
    chair.taps("campaign/cancel")


def publish(chair: Phone, album: Album) -> None:
    chair.says("/hoctap")
    album.keep("hoc-tap-chu-tich", chair.message())
    chair.taps("study/publish")
    album.keep("chon-tai-lieu", chair.message())
    chair.picks(FREE)
    album.keep("chon-doi-tuong", chair.message())
    chair.taps("campaign/for_group").picks(GROUP)
    album.keep("dat-han", chair.message())
    chair.taps("campaign/in_days", days=14)
    album.keep("diem-dat", chair.message())
    chair.taps("campaign/default_mark", mark=80)
    album.keep("xem-lai", chair.message())
    chair.taps("campaign/publish")
    album.keep("da-mo", chair.message())


def see_less(leader: Phone, cell_committee: Phone, album: Album) -> None:
    """The same campaign for those who see only their group, or only figures."""
    _report(leader)
    album.keep("to-truong", leader.message())
    _report(cell_committee)
    album.keep("cap-uy", cell_committee.message())


def _report(phone: Phone) -> Phone:
    return phone.says("/baocao").picks(RUNNING)
