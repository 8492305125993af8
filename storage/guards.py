"""Triggers that keep the evidence, and what was done at the desk, append-only, for both databases; the
migrations install them.
"""

from collections.abc import Sequence

EVIDENCE = ("evidence", "evidence_seal")
HEADS = ("evidence_key", "evidence_head", "evidence_node")
STAMPS = ("evidence_stamp",)
DESK = ("desk_act",)

_REFUSE = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$
"""


def append_only(dialect: str, tables: Sequence[str]) -> list[str]:
    """The statements that make each of these tables refuse update and delete."""
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            for table in tables
            for verb in ("update", "delete")
        ]
    return [
        _REFUSE,
        *(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
            for table in tables
        ),
    ]
