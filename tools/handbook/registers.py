"""The registers: a recruit asks to be admitted, officers enter what is decided, training and an agreement."""

from tools.handbook.album import Album
from tools.handbook.announcing import Phones
from tools.handbook.phone import Phone

# Of content/demo/danh-sach.csv.
RECRUIT = "Đỗ Thị Ngân"
COURSE = "Nghiệp vụ công đoàn cơ sở"
# The course lies in the past whenever the pictures are taken, and the agreement holds until its last day.
DAYS = {"course": "15/9", "signed": "2/1/2026", "until": "1/1/2029"}
OFFICERS = "NV001, NV003"


def ask_to_join(phones: Phones, album: Album) -> None:
    recruit = phones(RECRUIT).says("/gianhap")
    album.keep("xin-gia-nhap", recruit.message())
    album.keep("don-gia-nhap", recruit.taps("registers/apply").message())


def keep(chair: Phone, album: Album) -> None:
    chair.says("/doanvien").taps("roster/registers").taps("registers/training").taps("registers/add_training")
    chair.says(COURSE).says(DAYS["course"]).says(OFFICERS)
    album.keep("tap-huan", chair.message())
    chair.taps("registers/back").taps("registers/agreements").taps("registers/add_agreement")
    chair.says("01/TƯLĐTT").says(DAYS["signed"]).says(DAYS["until"])
    chair.taps("registers/back")
    album.keep("so-theo-doi", chair.message())
    chair.taps("registers/admissions").picks(RECRUIT)
    album.keep("mot-don", chair.message())
