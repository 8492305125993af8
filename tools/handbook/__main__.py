"""`make handbook`: every picture of the handbook, taken anew."""

from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from playwright.sync_api import Browser

from bot.system import SystemClock
from handlers.kit.hours import is_quiet
from tools.handbook import announcing, concerns, dialogue, meeting, members, officers, registers, year
from tools.handbook.album import Album
from tools.handbook.paper import NOTICE_MM, SLIPS_MM, lying, upper_part
from tools.handbook.phone import Phone, open_browser
from tools.handbook.program import certificate, invitation_sheet, notice, running_demo

PICTURES = Path(__file__).parents[2] / "docs" / "huong-dan" / "hinh"
# The pictures'; see `Phone`.
_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


def main() -> None:
    if is_quiet(SystemClock().now().astimezone(_ZONE)):
        raise SystemExit("Take the pictures by day: at night nothing is sent, and they would show that.")
    PICTURES.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as name, open_browser() as browser:
        folder = Path(name)
        with running_demo(folder) as address:
            album = Album(PICTURES, browser)
            album.keep("phieu-moi", upper_part(invitation_sheet(folder), SLIPS_MM))
            album.keep("giay-chung-nhan", lying(certificate(folder, officers.PASSED)))
            _play(browser, address, album)
            album.keep("ban-in", upper_part(notice(folder, announcing.FIRST), NOTICE_MM))
            album.tidy()


def _play(browser: Browser, address: str, album: Album) -> None:
    """First what officers look at, while the demo's figures are still as it comes; last what everybody has in
    their chat from then on.
    """

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
    announcing.announce(chair, phone, album)
    announcing.tell_in_person(phone, album)
    announcing.ask_for_opinions(chair, phone, album)
    announcing.correct(chair, album)
    announcing.read_again(phone(announcing.MEMBER), album)
    year.look_ahead(phone(announcing.MEMBER), phone(members.MEMBER), album)
    meeting.call(chair, phone, album, SystemClock().now().astimezone(_ZONE))
    meeting.check_in(chair, phone, album, browser)
    year.look_after_duties(chair, album)
    year.choose(phone(members.MEMBER), album)
    concerns.raise_and_answer(chair, phone, album)
    dialogue.talk(chair, phone, album)
    registers.ask_to_join(phone, album)
    registers.keep(chair, album)


main()
