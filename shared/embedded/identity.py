"""As whom the engines run: PostgreSQL refuses root, and a user without a name."""

from __future__ import annotations

import os
import pwd
import subprocess
import sys
from pathlib import Path

from shared.embedded.problems import CannotGoOn

LEASH = Path(__file__).with_name("leash.py")


def engine_identity(programs: Path, data: Path) -> str:
    """The `leash.py` identity under which `programs` may run and keep `data`.

    An ordinary user with a name is left as it is. Root becomes `nobody` where nobody can reach both
    places, else it is called nobody in a user namespace of its own, as is a user without a name.
    Raises CannotGoOn with the ways out where neither is possible.
    """
    uid = os.geteuid()
    if uid != 0 and _has_name(uid):
        return "self"
    nobody = pwd.getpwnam("nobody")
    if uid == 0 and _others_pass(programs) and _others_pass(data):
        return f"{nobody.pw_uid}:{nobody.pw_gid}"
    mapped = f"map:{nobody.pw_uid}:{nobody.pw_gid}"
    if _possible(mapped):
        return mapped
    who = "root" if uid == 0 else f"a user without a name (number {uid})"
    raise CannotGoOn(
        f"The built-in database cannot run as {who} from this folder. Run `make run` as an ordinary user, "
        "or move the project to a folder that every user may enter (such as one below /srv), or use "
        "your own PostgreSQL by setting DATABASE_URL_DIRECTORY, DATABASE_URL_REFERRALS and "
        "DATABASE_URL_NOTIFICATIONS."
    )


def own(folder: Path, identity: str) -> None:
    """Give `folder`, with all in it, to `identity`; the folder may have been another's before."""
    uid, gid = os.geteuid(), os.getegid()
    if identity != "self" and not identity.startswith("map:"):
        uid, gid = (int(part) for part in identity.split(":"))
    if folder.stat().st_uid == uid:
        return
    for place, _, files in os.walk(folder):
        os.chown(place, uid, gid)
        for name in files:
            os.chown(os.path.join(place, name), uid, gid, follow_symlinks=False)


def leashed(command: list[str], identity: str = "self", signal_number: int = 15) -> list[str]:
    """`command`, to be told with `signal_number` when this process dies, run as `identity`."""
    return [
        sys.executable,
        "-I",
        "-S",
        str(LEASH),
        str(os.getpid()),
        str(int(signal_number)),
        identity,
        *command,
    ]


def _has_name(uid: int) -> bool:
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True


def _others_pass(path: Path) -> bool:
    """True when users other than the owner may walk down to `path`, and read it where it is a program."""
    path = path.resolve()
    if path.is_file() and path.stat().st_mode & 0o005 != 0o005:
        return False
    return all(folder.stat().st_mode & 0o001 for folder in path.parents)


def _possible(identity: str) -> bool:
    trial = subprocess.run(leashed(["true"], identity), capture_output=True, check=False)
    return trial.returncode == 0
