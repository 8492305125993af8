from markupsafe import Markup

from handlers.kit.reply import Button, Reply, spelled_out

MENU = Reply(Markup("<b>Thực đơn</b>"), ((Button("Lịch", "1~t3st~calendar.show"),),))
OTHER = Reply(Markup("Lịch"))


def test_without_a_notice_nothing_changes() -> None:
    assert spelled_out((MENU, OTHER), "") == (MENU, OTHER)


def test_a_notice_stands_above_the_first_reply() -> None:
    first, other = spelled_out((MENU, OTHER), "Đã ghi <3")
    assert first.text == "Đã ghi &lt;3\n\n<b>Thực đơn</b>"
    assert (first.buttons, other) == (MENU.buttons, OTHER)


def test_a_notice_alone_is_a_message_that_is_kept_nowhere() -> None:
    assert spelled_out((), "Đã ghi") == (Reply(Markup("Đã ghi"), ephemeral=True),)
