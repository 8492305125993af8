"""What office programs go by: how their files are called, and what makes a cell a formula."""

_OPEN_XML = "application/vnd.openxmlformats-officedocument"
DOCX_MIME = f"{_OPEN_XML}.wordprocessingml.document"
XLSX_MIME = f"{_OPEN_XML}.spreadsheetml.sheet"
# A cell that begins so could be taken for a formula, now or when somebody saves it as CSV.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
