"""What is reported of studying: of one campaign, of a year, who is missing, how good the questions are."""

from handlers.campaign.printed import coverage, missing, questions, year
from handlers.kit.access import Right
from handlers.kit.reports import ReportKind

REPORTS = (
    ReportKind(
        "coverage",
        Right.SEE_FIGURES,
        of_campaign=coverage.of_campaign,
        of_year=year.of_year,
        of_group=coverage.of_campaign,
    ),
    ReportKind(
        "missing",
        Right.SEE_NAMES,
        of_campaign=missing.of_campaign,
        of_group=missing.of_campaign,
    ),
    ReportKind("quiz", Right.SEE_FIGURES, of_campaign=questions.of_campaign),
)
