"""Puts a command on a leash, then becomes it: `python -I -S leash.py PARENT SIGNAL IDENTITY COMMAND…`.

The command gets SIGNAL from the kernel when the process PARENT dies, even by SIGKILL. IDENTITY is `self`,
`UID:GID` (an ordinary user to become; only root can) or `map:UID:GID` (stay the same user, but be called
UID in a user namespace of its own: for programs that refuse root, or a user without a name, where becoming
somebody else is not possible). The leash goes on after the change of user, which would take it off.

Only the standard library, and little of it: it runs before every process of the one-command run.
"""

from __future__ import annotations

import ctypes
import os
import sys

PR_SET_PDEATHSIG = 1
CLONE_NEWUSER = 0x10000000


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _check(answer: int) -> None:
    if answer != 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))


def die_with_parent(signal_number: int) -> None:
    """Ask the kernel for `signal_number` when the parent dies. Only Linux has this; elsewhere nothing."""
    if sys.platform == "linux":
        _check(_libc().prctl(PR_SET_PDEATHSIG, signal_number, 0, 0, 0))


def become(identity: str) -> None:
    """Take on `identity` (see above). Raises OSError where the system refuses."""
    if identity == "self":
        return
    if not identity.startswith("map:"):
        uid, gid = (int(part) for part in identity.split(":"))
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
        return
    _, inside_uid, inside_gid = identity.split(":")
    uid, gid = os.geteuid(), os.getegid()
    _check(_libc().unshare(CLONE_NEWUSER))
    for name, line in (
        ("setgroups", "deny"),
        ("uid_map", f"{inside_uid} {uid} 1"),
        ("gid_map", f"{inside_gid} {gid} 1"),
    ):
        with open(f"/proc/self/{name}", "w", encoding="ascii") as file:
            file.write(line)


def main(arguments: list[str]) -> None:
    """Never returns: the process becomes the command, or ends with a sentence and status 127."""
    parent, signal_number, identity, *command = arguments
    try:
        become(identity)
        die_with_parent(int(signal_number))
        if os.getppid() != int(parent):
            sys.exit(0)
        os.execvp(command[0], command)  # noqa: S606 - becoming the command is the point
    except OSError as problem:
        sys.exit(f"{command[0]} could not be started: {problem.strerror}")


if __name__ == "__main__":
    main(sys.argv[1:])
