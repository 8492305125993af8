"""Papers to print, in the layout that decree 30/2020/NĐ-CP asks of administrative documents."""

from handlers.kit.papers.layout import Head, Paper, Signature, format_paper_day

__all__ = ["Head", "Paper", "Signature", "format_paper_day"]
