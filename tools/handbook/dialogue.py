"""The dialogue: a theme that members answer, what the employer's side sees, a round with its legal steps."""

from tools.handbook.album import Album
from tools.handbook.announcing import Phones
from tools.handbook.phone import Phone

MEMBER = "Phan Thị Xuân"
# Of content/demo/danh-sach.csv: the employer's side, and the theme that it was given.
EMPLOYER = "Phạm Văn Đức"
HANDED_OVER = "Xe đưa đón"
TITLE = "Chỗ để xe đạp"
TEXT = "Nhiều người đi làm bằng xe đạp mà sân sau chưa có mái che. Đề nghị làm giá để xe có mái."


def talk(chair: Phone, phones: Phones, album: Album) -> None:
    chair.says("/doithoai").taps("dialogue/themes").taps("dialogue/write").says(TITLE).says(TEXT)
    chair.taps("dialogue/publish").taps("dialogue/yes_publish")
    album.keep("van-de", phones(MEMBER).says("/doithoai").picks(TITLE).message())
    album.keep("ben-su-dung", phones(EMPLOYER).says("/doithoai").picks(HANDED_OVER).message())
    chair.says("/doithoai").taps("dialogue/rounds").taps("dialogue/round", number=1)
    album.keep("dot-doi-thoai", chair.beginning())
