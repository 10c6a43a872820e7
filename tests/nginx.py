"""Where the gateway's nginx is."""

from __future__ import annotations

import os
import shutil

MISSING = (
    "NGINX IS MISSING: the gateway was NOT tried. Install Debian's `nginx` (as root: apt-get install nginx), "
    "or name another by setting NGINX=/path/to/it, and run the tests again."
)


def find_nginx() -> str | None:
    """The path of an nginx: `NGINX`, or the one on the PATH or where Debian puts it."""
    named = os.environ.get("NGINX")
    if named:
        return shutil.which(named)
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
