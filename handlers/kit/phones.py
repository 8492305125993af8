"""Telephone numbers of Vietnam, as people write them into a text."""

import re

# Ten digits from 0, or nine after +84, with what people put between them; a piece of a longer number, such as
# 1.000.000.000.000, is none.
PHONE = re.compile(r"(?<!\d)(?<!\d\.)(?:\+?84|0)(?:[ .-]?\d){9}(?!\d)", re.ASCII)
