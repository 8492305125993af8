from datetime import UTC, datetime

from handlers.kit import crediting
from storage.evidence import Kind
from storage.study import Progress


def test_what_was_entered() -> None:
    now = datetime(2026, 3, 2, tzinfo=UTC)
    assert crediting.entered(Progress()) is None
    assert crediting.entered(Progress(acknowledged_at=now, passed_at=now)) is None
    assert crediting.entered(Progress(waived_at=now)) is Kind.WAIVER
    assert crediting.entered(Progress(credit="attendance")) is Kind.ATTENDANCE
    assert crediting.entered(Progress(credit="make_up")) is Kind.MAKE_UP
