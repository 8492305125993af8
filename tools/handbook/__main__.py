"""`make handbook`: every picture of the handbook, taken anew."""

from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser

from tools.handbook import members, officers
from tools.handbook.album import Album
from tools.handbook.paper import first_slips
from tools.handbook.phone import Phone, open_browser
from tools.handbook.program import invitation_sheet, running_demo

PICTURES = Path(__file__).parents[2] / "docs" / "huong-dan" / "hinh"


def main() -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as name, open_browser() as browser:
        folder = Path(name)
        with running_demo(folder) as address:
            album = Album(PICTURES, browser)
            album.keep("phieu-moi", first_slips(invitation_sheet(folder)))
            _play(browser, address, album)
            album.tidy()


def _play(browser: Browser, address: str, album: Album) -> None:
    """First what officers look at, while the demo's figures are still as it comes."""

    def phone(name: str) -> Phone:
        return Phone(browser, address).chooses(name)

    album.keep("chon-nguoi", Phone(browser, address).opens("/").screen())
    chair = phone(officers.CHAIR)
    officers.open_the_menu(chair, album)
    officers.watch(chair, album)
    officers.see_less(phone(officers.LEADER), phone(officers.CELL_COMMITTEE), album)
    officers.enter_by_hand(chair, album)
    officers.publish(chair, album)
    code = officers.look_after_the_roster(chair, album)
    members.come_in(Phone(browser, address), code, album)
    member = phone(members.MEMBER)
    members.study(member, album)
    members.look_at_own_data(member, album)


main()
