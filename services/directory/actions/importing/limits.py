"""How much an import may be. Whatever is larger is refused in words that say what to do."""

MIB = 1024 * 1024
CHUNK = MIB
MOST_BYTES = 512 * MIB
MOST_BY_PAGE = 32 * MIB
MOST_RECORDS = 500_000
# A single thing of a feed: so many names, values and brackets, and so deep.
MOST_EVENTS = 20_000
DEEPEST = 30
# Of a compressed file: so much when it is unpacked, and at most so many times its size.
MOST_UNPACKED = 1024 * MIB
MOST_RATIO = 200
MOST_SHARED_WORDS = 64 * MIB
MOST_COLUMNS = 200
MOST_ROWS = 200_000
LONGEST_CELL = 50_000
MOST_EMPTY_ROWS = 2_000
# Of an address: so many pages and so long.
MOST_PAGES = 2_000
MOST_SECONDS = 1_200
# Records that are read, checked or kept at a time.
AT_ONCE = 250
