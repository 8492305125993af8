"""The documents that members study: read from files, checked, versioned, shown."""

from handlers.kit.documents.canonical import canonical, from_canonical, version
from handlers.kit.documents.folder import check_documents, load_documents
from handlers.kit.documents.markdown import card_html
from handlers.kit.documents.model import Card, ContentError, Document, Problem, Question, Quiz

__all__ = [
    "Card",
    "ContentError",
    "Document",
    "Problem",
    "Question",
    "Quiz",
    "canonical",
    "card_html",
    "check_documents",
    "from_canonical",
    "load_documents",
    "version",
]
