"""Where the browser of the end-to-end tests is."""

from __future__ import annotations

import os
import shutil

MISSING = (
    "CHROMIUM IS MISSING: the pages were NOT tried in a browser. Install Debian's `chromium` (as root: "
    "apt-get install chromium), or name another by setting CHROMIUM=/path/to/it, and run the tests again."
)


def find_chromium() -> str | None:
    """The path of a Chromium: `CHROMIUM`, or the first found under its usual names."""
    named = os.environ.get("CHROMIUM")
    if named:
        return shutil.which(named)
    for name in ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"):
        path = shutil.which(name)
        if path:
            return path
    return None
