"""Whatever is kept about a person stands in the file they may take along."""

from storage import own_data
from storage.schema import metadata


def test_the_file_reads_every_table_whose_rows_are_a_persons() -> None:
    own = {table.name for table in metadata.tables.values() if "member_id" in table.c}
    read = "\n".join(str(statement) for statement in own_data._SECTIONS.values())
    assert [name for name in sorted(own) if f"{name}.member_id = :b_member" not in read] == []
