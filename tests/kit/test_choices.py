"""What people type for buttons that stand as lines of text."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from string import ascii_lowercase

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup, escape

from handlers.kit.choices import ON_A_PAGE, Menu, lines, listed, offer, standing
from handlers.kit.choosing import find, number_in
from handlers.kit.reply import Button, Reply
from storage import accounts, offers
from storage.database import Database
from tests.world import START

# Words of several letters: one alone is an answer that brings its own mark.
WORDS = st.sampled_from(["Học tập", "Gửi thông báo", "Lịch họp", "Đồng ý", "Không", "Về trang chính"])


def reply(*labels: str, lettered: bool = False) -> Reply:
    rows = tuple((Button(label, f"1~t3st~home.go~{at}"),) for at, label in enumerate(labels))
    return Reply(Markup("Chọn đi"), rows, lettered=lettered)


def answered(before: Sequence[Menu], *labels: str, key: str = "e1:0", lettered: bool = False) -> list[Menu]:
    """What stands after an answer."""
    menu = offer(reply(*labels, lettered=lettered), key, before, is_answer=True)
    return standing(before, menu, is_answer=True)


def pushed(before: Sequence[Menu], *labels: str, key: str = "news:1") -> list[Menu]:
    """What stands after a message that nobody had asked for."""
    menu = offer(reply(*labels), key, before, is_answer=False)
    return standing(before, menu, is_answer=False)


def meant(menus: Sequence[Menu], text: str) -> str:
    """The label that the text chooses; empty for none."""
    found = find(menus, text)
    return found[1].label if found else ""


def marks(menu: Menu) -> list[str]:
    return [each.mark for each in menu.choices]


@dataclass
class Person:
    """Somebody who reads messages in their order, and knows what can be answered with a mark: what was said
    last, and what came by itself since then.
    """

    menus: list[Menu] = field(default_factory=list)
    read: list[tuple[str, Menu]] = field(default_factory=list)

    def gets(self, menu: Menu, event: str) -> None:
        """`event` is what the message answers; empty for one that came by itself."""
        if event:
            self.read = [each for each in self.read if each[0] == event]
        self.read = [each for each in self.read if each[1].key != menu.key]
        self.read.append((event, menu))
        self.menus = standing(self.menus, menu, is_answer=bool(event))

    def understands(self, mark: str) -> tuple[str, str] | None:
        """The message and the words that bear this mark, the newest counting."""
        for _event, menu in reversed(self.read):
            for choice in menu.choices:
                if choice.mark == mark:
                    return menu.key, choice.label
        return None


# (answered event, or empty; its number among the answers; words; whether words are awaited)
MESSAGES = st.lists(
    st.tuples(
        st.sampled_from(["", "", "e1", "e2", "e3"]),
        st.lists(WORDS, min_size=1, max_size=25),
        st.booleans(),
    ),
    min_size=1,
    max_size=8,
)


@given(messages=MESSAGES)
def test_a_mark_means_the_newest_standing_choice_that_bears_it(
    messages: list[tuple[str, list[str], bool]],
) -> None:
    person = Person()
    for number, (event, labels, lettered) in enumerate(messages):
        key = f"{event or 'news'}:{number}"
        menu = offer(reply(*labels, lettered=lettered), key, person.menus, is_answer=bool(event))
        person.gets(menu, event)
        seen = {mark for _, each in person.read for mark in marks(each)}
        for mark in {*seen, "1", "2", "26", "199", "a", "z"}:
            found = find(person.menus, mark)
            assert (found and (found[0].key, found[1].label)) == person.understands(mark)


@given(messages=MESSAGES)
def test_no_two_standing_choices_share_a_mark(messages: list[tuple[str, list[str], bool]]) -> None:
    person = Person()
    for number, (event, labels, lettered) in enumerate(messages):
        key = f"{event or 'news'}:{number}"
        menu = offer(reply(*labels, lettered=lettered), key, person.menus, is_answer=bool(event))
        person.gets(menu, event)
        seen = [mark for _, each in person.read for mark in marks(each)]
        assert len(seen) == len(set(seen))


@given(before=MESSAGES, labels=st.lists(WORDS, min_size=1, max_size=9), lettered=st.booleans())
def test_an_answer_counts_from_the_beginning(
    before: list[tuple[str, list[str], bool]], labels: list[str], lettered: bool
) -> None:
    person = Person()
    for number, (event, words, letters) in enumerate(before):
        key = f"{event or 'news'}:{number}"
        menu = offer(reply(*words, lettered=letters), key, person.menus, is_answer=bool(event))
        person.gets(menu, event)
    menu = offer(reply(*labels, lettered=lettered), "new:0", person.menus, is_answer=True)
    numbers = [str(number) for number in range(1, 10)]
    assert marks(menu) == list(ascii_lowercase if lettered else numbers)[: len(labels)]


@given(messages=MESSAGES)
def test_a_message_that_is_tried_again_keeps_its_marks(messages: list[tuple[str, list[str], bool]]) -> None:
    menus: list[Menu] = []
    for number, (event, labels, lettered) in enumerate(messages):
        key, is_answer = f"{event or 'news'}:{number}", bool(event)
        menu = offer(reply(*labels, lettered=lettered), key, menus, is_answer=is_answer)
        menus = standing(menus, menu, is_answer=is_answer)
    for number, (event, labels, lettered) in enumerate(messages):
        key = f"{event or 'news'}:{number}"
        again = offer(reply(*labels, lettered=lettered), key, menus, is_answer=bool(event))
        (kept,) = [each for each in menus if each.key == key]
        assert marks(again) == marks(kept)


def test_pushes_go_on_counting() -> None:
    menus = pushed(answered([], "Học tập", "Lịch"), "Tôi đã nắm", "Để sau")
    menus = pushed(menus, "Có", "Không", key="news:2")
    assert [marks(each) for each in menus] == [["1", "2"], ["3", "4"], ["5", "6"]]
    assert [meant(menus, number) for number in "1456"] == ["Học tập", "Để sau", "Có", "Không"]


def test_answers_to_one_event_stand_side_by_side() -> None:
    menus = answered(answered([], "Học tập"), "Lịch", "Trợ giúp", key="e1:1")
    assert [meant(menus, number) for number in "123"] == ["Học tập", "Lịch", "Trợ giúp"]


def test_of_an_answer_that_is_over_only_the_words_are_understood() -> None:
    menus = answered(answered([], "Học tập", "Lịch họp"), "Quay lại", key="e2:0")
    assert meant(menus, "2") == ""
    assert meant(menus, "2. Lịch họp") == ""
    assert meant(menus, "lich hop") == "Lịch họp"


def test_after_the_highest_number_what_is_left_counts_from_the_beginning() -> None:
    menus = answered([], *[f"Mục số {at}" for at in range(150)])
    menus = pushed(menus, *[f"Tin {at}" for at in range(60)])
    menus = pushed(menus, "Có", key="news:2")
    # Everything up to 210 stands: nothing of it may come to mean something else.
    assert marks(menus[-1]) == ["211"]
    menus = pushed(pushed([], *[f"Tin {at}" for at in range(199)]), "Có", "Không", key="news:2")
    assert marks(menus[-1]) == ["200", "201"]
    assert meant(menus, "1") == "Tin 0"


def test_where_words_are_awaited_choices_bear_letters() -> None:
    menus = answered([], "Bỏ qua", "Huỷ", lettered=True)
    assert marks(menus[-1]) == ["a", "b"]
    assert lines(menus[-1].choices) == ["A. Bỏ qua", "B. Huỷ"]
    assert (meant(menus, "B"), meant(menus, "b."), meant(menus, "2")) == ("Huỷ", "Huỷ", "")
    assert marks(pushed(menus, "Tôi đã nắm")[-1]) == ["c"]


def test_after_z_come_pairs() -> None:
    menus = answered([], *[f"Mục {at}" for at in range(28)], lettered=True)
    assert marks(menus[-1])[25:] == ["z", "aa", "ab"]
    assert meant(menus, "AB") == "Mục 27"


def test_words_that_are_awaited_are_no_choice_of_an_earlier_menu() -> None:
    menus = answered([], "Có", "Không")
    menus = answered(menus, "Huỷ", key="e2:0", lettered=True)
    assert (meant(menus, "Có"), meant(menus, "huy")) == ("", "Huỷ")
    menus = answered(menus, "Về trang chính", key="e3:0")
    assert meant(menus, "Có") == "Có"


def test_answers_that_are_letters_bring_their_own_marks() -> None:
    menus = answered([], "A", "B", "C", "Để sau")
    assert marks(menus[-1]) == ["a", "b", "c", "1"]
    assert lines(menus[-1].choices) == ["1. Để sau"]
    # The number that stands before a line counts before a place.
    assert [meant(menus, text) for text in ("a", "B.", "2", "1", "4")] == ["A", "B", "B", "Để sau", ""]


def test_a_letter_of_an_answer_s_own_is_nobody_else_s_mark() -> None:
    menus = answered([], "A", "B", "Huỷ", lettered=True)
    assert marks(menus[-1]) == ["a", "b", "c"]
    assert [meant(menus, text) for text in "abc"] == ["A", "B", "Huỷ"]


TYPED = ["2", "2.", "2)", " 2 ", "số 2", "Số 2.", "so 2", "mục 2", "002", "２", "２．", "2️⃣", "②"]
OUTSIDE = ["", "3", "0", "1000", "9" * 20, "1, 2", "1.2", "12/3", "1. Gửi thông báo", "gửi", "²³", "👍", "٢"]


@pytest.mark.parametrize("text", TYPED)
def test_a_number_as_people_write_it(text: str) -> None:
    assert meant(answered([], "Học tập", "Gửi thông báo"), text) == "Gửi thông báo"
    assert number_in(text) == "2"


@pytest.mark.parametrize(
    "text",
    [
        "Gửi thông báo",
        "gui thong bao",
        "GỬI THÔNG BÁO!",
        "  gửi   thông báo ",
        unicodedata.normalize("NFD", "Gửi thông báo"),
        "📣 Gửi thông báo",
        "2. Gửi thông báo",
        "２．Gửi thông báo",
        "02. gui thong bao",
        "2 gửi thông báo",
    ],
)
def test_words_as_people_write_them(text: str) -> None:
    assert meant(answered([], "📚 Học tập", "Gửi thông báo"), text) == "Gửi thông báo"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "3",
        "0",
        "1000",
        "99999999999999999999",
        "1, 2",
        "1.2",
        "12/3",
        "1. Gửi thông báo",
        "gửi",
        "²³",
        "👍",
        "٢",
    ],
)
def test_what_is_outside_chooses_nothing(text: str) -> None:
    assert meant(answered([], "Học tập", "Gửi thông báo"), text) == ""


def test_words_that_mean_two_things_choose_nothing() -> None:
    menus = answered([], "Gửi", "Gửi!", "Huỷ")
    assert (meant(menus, "gửi"), meant(menus, "1"), meant(menus, "2. Gửi!")) == ("", "Gửi", "Gửi!")
    # Of what is offered in two messages the newest counts.
    menus = pushed(menus, "Huỷ")
    found = find(menus, "huỷ")
    assert found is not None
    assert found[0].key == "news:1"


def test_nobody_types_what_stands_in_brackets() -> None:
    menus = answered([], "Gửi (10 người)", "Gửi thử cho tôi", "Huỷ", "Ai chưa (2)", "Ai chưa (3)")
    assert (meant(menus, "gửi"), meant(menus, "Gui (10 nguoi)")) == ("Gửi (10 người)", "Gửi (10 người)")
    assert (meant(menus, "ai chưa"), meant(menus, "ai chưa (3)")) == ("", "Ai chưa (3)")
    menus = answered([], "Gửi (10 người)", "Gửi")
    assert meant(menus, "gửi") == "Gửi"
    # "Đoàn viên" is a command's word again, once others stand below.
    menus = answered(answered([], "Đoàn viên (8)"), "Thôi", key="e2:0")
    assert (meant(menus, "đoàn viên"), meant(menus, "đoàn viên (8)")) == ("", "Đoàn viên (8)")


def test_letters_are_written_in_many_ways() -> None:
    menus = answered([], "A", "B", "Để sau")
    assert [meant(menus, text) for text in ("b)", "Chọn B", "đáp án b", "chữ B nhé")] == ["B", "B", "B", ""]


def test_who_says_go_on_means_the_button_that_leads_on() -> None:
    menus = answered([], "‹ Trước", "Sau ›")
    assert [meant(menus, text) for text in ("tiếp", "Tiếp theo.", "tiếp đi")] == ["Sau ›", "Sau ›", ""]
    assert meant(pushed(menus, "Tôi đã nắm"), "tiếp") == ""
    assert meant(answered(menus, "Sau ›", key="e2:0", lettered=True), "tiếp") == ""
    assert meant(answered(menus, "Tuần sau ›", "Tháng sau ›", key="e2:0"), "tiếp") == ""


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("1. Đi\n2) Ở\n • 3: Chưa biết\n4 - Khác\n5.Thôi", ("1", "2", "3", "4", "5")),
        ("🕗 10:00–11:30 thứ Hai\n12.000 đồng\n8-10 người\n2 việc\nPhòng 2.\n15/4: nghỉ", ()),
    ],
)
def test_lines_that_list_something(text: str, numbers: tuple[str, ...]) -> None:
    assert listed(Reply(escape(text))) == numbers


@pytest.mark.parametrize("most_buttons", [0, 5])
def test_buttons_that_bring_their_number_from_the_list_above_keep_it(most_buttons: int) -> None:
    asked = Reply(Markup("1. Đi biển\n2. Đi núi"), reply("1. Đi biển", "2. Đi núi", "Để sau").buttons)
    before = answered([], "Rút lại", "Thôi")
    menu = offer(asked, "news:1", before, is_answer=False, most_buttons=most_buttons)
    menus = standing(before, menu, is_answer=False)
    assert [meant(menus, text) for text in ("1", "2", "đi núi", "rút lại")] == [
        *("1. Đi biển", "2. Đi núi"),
        *("2. Đi núi", "Rút lại"),
    ]
    assert most_buttons or lines(menu.choices) == ["1. Đi biển", "2. Đi núi", "3. Để sau"]
    writing = answered([], "Huỷ", lettered=True)
    assert marks(offer(asked, "news:1", writing, is_answer=False)) == ["b", "c", "d"]


def test_buttons_under_a_list_are_not_counted() -> None:
    asked = Reply(Markup("1. Đi\n2. Ở"), reply("Tôi đã nắm", "Để sau").buttons)
    menus = standing([], offer(asked, "news:1", [], is_answer=False, most_buttons=5), is_answer=False)
    assert (meant(menus, "1"), meant(menus, "tôi đã nắm")) == ("", "Tôi đã nắm")
    menus = standing([], offer(asked, "e1:0", [], is_answer=True, most_buttons=5), is_answer=True)
    assert meant(pushed(menus), "1") == "Tôi đã nắm"


def test_labels_without_a_word_are_chosen_by_their_marks() -> None:
    menus = answered([], "👍", "👎")
    assert (meant(menus, "2"), meant(menus, "👎"), meant(menus, "!")) == ("👎", "", "")


def test_a_long_list_is_shown_page_by_page() -> None:
    menu = answered([], *[f"Mục {at}" for at in range(1, 46)])[-1]
    sizes, first = [], []
    for _ in range(3):
        sizes.append((len(menu.page), menu.hidden))
        first.append(menu.page[0].label)
        menu = menu.next_page()
    assert sizes == [(ON_A_PAGE, 25), (ON_A_PAGE, 5), (5, 0)]
    assert first == ["Mục 1", "Mục 21", "Mục 41"]
    assert not menu.page


def test_no_more_is_remembered_than_people_remember() -> None:
    menus: list[Menu] = []
    for number in range(30):
        menus = answered(menus, f"Chọn {number}", key=f"e{number}:0")
    assert len(menus) == 8
    assert (meant(menus, "chọn 29"), meant(menus, "chọn 3")) == ("Chọn 29", "")


async def test_menus_come_back_as_they_were_kept(database: Database) -> None:
    menus = answered([], *[f"Mục {at}" for at in range(45)])
    menus = pushed(answered(menus, "A", "Huỷ", key="e2:0", lettered=True), "Đồng ý")
    menus[-1] = menus[-1].next_page()
    async with database.write() as tx:
        await accounts.arrive(tx, "zalo_bot", "lan", START)
        await offers.save(tx, "zalo_bot", "lan", msgspec.to_builtins(menus))
        await offers.save(tx, "zalo_bot", "nobody", msgspec.to_builtins(menus))
    async with database.read() as tx:
        assert msgspec.convert(await offers.load(tx, "zalo_bot", "lan"), list[Menu]) == menus
        assert await offers.load(tx, "zalo_bot", "nobody") == []
        assert await offers.load(tx, "zalo_oa", "lan") == []
