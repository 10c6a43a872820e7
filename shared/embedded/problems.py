"""What stops the starter, always as a sentence that says how to mend it."""

from __future__ import annotations

import errno


class CannotGoOn(Exception):
    """The run, backup, restore or reset cannot go on; the text is for the person at the terminal."""


class Interrupted(Exception):
    """Somebody asked the starter to stop while it was still starting."""


def explain_os_error(problem: OSError, doing: str) -> CannotGoOn:
    """The sentence for a full disk, a folder that may not be written, or another refusal of the system.

    `doing` completes "Linkwork could not …".
    """
    where = f" ({problem.filename})" if problem.filename else ""
    if problem.errno in (errno.ENOSPC, errno.EDQUOT):
        return CannotGoOn(
            f"Linkwork could not {doing}: the disk is full{where}. Free some space and try again."
        )
    if problem.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return CannotGoOn(
            f"Linkwork could not {doing}: this user may not write there{where}. "
            "Give this user the right to write in the project's folder, or run from a copy of it elsewhere."
        )
    return CannotGoOn(f"Linkwork could not {doing}: {problem.strerror or problem}{where}.")
