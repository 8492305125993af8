"""Papers to print, in the layout that decree 30/2020/NĐ-CP asks of administrative documents.

`papers.layout` writes them as .docx. It isn't loaded here: python-docx is memory that a running bot need not
hold.
"""

from handlers.kit.papers.words import Head, Signature, format_paper_day

__all__ = ["Head", "Signature", "format_paper_day"]
