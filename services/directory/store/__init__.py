"""Tables and queries of the directory.

All tables are mapped whichever is asked for: their foreign keys name one another, and the routing
snapshot listens to all of them.
"""

from services.directory.store import models as _all_tables  # noqa: F401 - mapped by being imported
