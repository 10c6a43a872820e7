"""The file of a backup: a tar whose manifest says what is inside, with SHA-256 sums.

Members: `manifest.json`, one `<service>.dump` each (pg_dump's custom format) and `secrets.json`, without
which encrypted fields could not be read.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tarfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from shared.embedded.folder import write_json
from shared.embedded.problems import CannotGoOn

FORMAT = 1


def members(services: Sequence[str]) -> list[str]:
    """What a backup holds beside its manifest."""
    return [*(f"{service}.dump" for service in services), "secrets.json"]


def pack(draft: Path, services: Sequence[str], demo: Sequence[str], target: Path) -> None:
    """Make the archive `target`, whole or not at all, of the members lying in the folder `draft`.

    `demo`: the services that hold the demo. `draft` must be on the same disk as `target`.
    """
    sums = {name: _sum(draft / name) for name in members(services)}
    made_at = datetime.now(UTC).isoformat()
    manifest = {"format": FORMAT, "made_at": made_at, "demo": list(demo), "sha256": sums}
    write_json(draft / "manifest.json", manifest)
    archive = draft / "archive.tar"
    fd = os.open(archive, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(fd, "wb") as file:
        with tarfile.open(fileobj=file, mode="w") as tar:
            for name in ("manifest.json", *members(services)):
                tar.add(draft / name, arcname=name)
        file.flush()
        os.fsync(file.fileno())
    archive.replace(target)


def unpack(source: Path, place: Path, services: Sequence[str]) -> dict[str, Any]:
    """Bring an archive's members to the folder `place`; its manifest.

    Raises CannotGoOn unless every member is there and whole.
    """
    broken = f"{source} is not a whole Linkwork backup, so nothing was changed"
    try:
        with tarfile.open(source) as tar:
            for name in ("manifest.json", *members(services)):
                _extract(tar, name, place / name)
        manifest = json.loads((place / "manifest.json").read_text())
        sums, version = dict(manifest["sha256"]), manifest["format"]
    except FileNotFoundError as problem:
        raise CannotGoOn(f"There is no file {source}. Backups are in .linkwork/backups/.") from problem
    except tarfile.ReadError as problem:
        raise CannotGoOn(
            f"{source} is not a backup of Linkwork, or only a part of one; nothing was changed."
        ) from problem
    except (tarfile.TarError, EOFError, KeyError, TypeError, ValueError) as problem:
        raise CannotGoOn(f"{broken} ({problem}).") from problem
    if version != FORMAT:
        raise CannotGoOn(f"{source} was made by another version of Linkwork (format {version}).")
    for name in members(services):
        if sums.get(name) != _sum(place / name):
            raise CannotGoOn(f"{broken}: {name} is damaged.")
    return dict(manifest)


def _extract(tar: tarfile.TarFile, name: str, target: Path) -> None:
    content = tar.extractfile(name)
    if content is None:
        raise KeyError(f"{name} is not a file")
    with content, target.open("wb") as file:
        shutil.copyfileobj(content, file)


def _sum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
