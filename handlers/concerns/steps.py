"""Where the concerns' conversations stand."""

# Of `/kiennghi`.
CHOOSING = "concerns.choosing"
WRITING = "concerns.writing"
# Of `/tracuu`.
ASKING = "concerns.asking"
READING = "concerns.reading"
REPLYING = "concerns.replying"

BEGUN = frozenset({CHOOSING, WRITING})
LOOKED_AT = frozenset({ASKING, READING, REPLYING})
