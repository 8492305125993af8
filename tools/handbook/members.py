"""What members see: the way in, a document from its first card to the quiz's result, and their own data."""

from bot.branch import DOCUMENTS
from handlers.kit.documents import load_documents
from tools.handbook.album import Album
from tools.handbook.phone import Phone

# Somebody of content/demo/danh-sach.csv who was invited, and has not begun.
MEMBER = "Hoàng Văn Bé"
DOCUMENT = "nghi-quyet-02"
# All that stands on the page where one enters.
_ENTRY_HEIGHT = 520


def come_in(newcomer: Phone, code: str, album: Album) -> None:
    """With a slip: look, agree, be welcome."""
    newcomer.opens(f"/enter?code={code}")
    album.keep("vao-cau-noi", newcomer.screen(_ENTRY_HEIGHT))
    newcomer.enters(code)
    album.keep("nut-dong-y", newcomer.screen())
    album.keep("dong-y", newcomer.beginning())
    newcomer.taps("link/agree")
    album.keep("chao-mung", newcomer.message())


def study(member: Phone, album: Album) -> None:
    album.keep("thu-moi", member.screen())
    member.taps("campaign/begin")
    album.keep("trang-dau", member.screen())
    while not member.has("study/to_statement"):
        member.taps("study/next")
    member.taps("study/to_statement")
    album.keep("loi-xac-nhan", member.message())
    member.taps("study/confirm")
    album.keep("da-xac-nhan", member.message())
    member.taps("study/take_quiz")
    album.keep("cau-hoi", member.message())
    _answer_all_but_one(member, album)
    album.keep("ket-qua", member.message())


def _answer_all_but_one(member: Phone, album: Album) -> None:
    member.picks(_letter(member.reads(), right=False))
    album.keep("giai-thich", member.message())
    while member.has("study/next_question"):
        member.taps("study/next_question")
        member.picks(_letter(member.reads(), right=True))
    member.until("study/my_documents")


def _letter(screen: str, *, right: bool) -> str:
    """The letter of the right option on a question's screen, or of the first that is wrong."""
    quiz = load_documents(DOCUMENTS)[DOCUMENT].quiz
    answers = {f". {question.right}" for question in quiz.questions} if quiz else set()
    options = [line for line in screen.splitlines() if line[1:2] == "."]
    return next(line[0] for line in options if (line[1:] in answers) is right)


def look_at_own_data(member: Phone, album: Album) -> None:
    member.says("/toi")
    album.keep("ho-so", member.message())
    member.taps("me/withdraw")
    album.keep("rut-dong-y", member.message())
    member.taps("me/stay")
