"""Secrets of the embedded run: made once, kept in `.linkwork/`, readable by this user alone.

Two files: `secrets.json` belongs to the data (it opens what is encrypted there) and goes into backups;
`engines.json` belongs to the engines on this machine and does not.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Sequence
from pathlib import Path

from cryptography.fernet import Fernet
from joserfc.jwk import ECKey

from shared.embedded.folder import Folder, read_json, write_json
from shared.embedded.problems import explain_os_error


def make_secrets(services: Sequence[str]) -> dict[str, str]:
    """Fresh values for every secret setting: setting name → value.

    Service keys are EC P-256 JWKs (RFC 7517) whose `kid` is the service's name; `SERVICE_JWKS` holds
    their public halves.
    """
    keys = {
        name: ECKey.generate_key("P-256", {"kid": name, "use": "sig", "alg": "ES256"}) for name in services
    }
    made = {
        "SECRET_KEYS": Fernet.generate_key().decode(),
        "GUARD_KEY": secrets.token_urlsafe(32),
        "CSRF_KEY": secrets.token_urlsafe(32),
        "METRICS_TOKEN": secrets.token_urlsafe(32),
        "SERVICE_JWKS": json.dumps({"keys": [key.as_dict(private=False) for key in keys.values()]}),
    }
    for name, key in keys.items():
        made[f"SERVICE_KEY_{name.upper()}"] = json.dumps(key.as_dict(private=True))
    return made


def keep_secrets(folder: Folder, services: Sequence[str]) -> dict[str, str]:
    """The folder's secrets; what is missing is made now and kept."""
    kept, fresh = read_json(folder.secrets), make_secrets(services)
    # Service keys and the list of their public halves belong together: all kept, or all new.
    return _complete(folder.secrets, kept, fresh, lambda name: not name.startswith("SERVICE_"))


def keep_engine_passwords(folder: Folder, services: Sequence[str]) -> dict[str, str]:
    """Passwords of the built-in engines: `postgres`, `valkey` and one for each service's database."""
    fresh = {name: secrets.token_urlsafe(24) for name in ("postgres", "valkey", *services)}
    return _complete(folder.engines, read_json(folder.engines), fresh, lambda _: True)


def _complete(
    path: Path, kept: dict[str, str], fresh: dict[str, str], keeps: Callable[[str], bool]
) -> dict[str, str]:
    if fresh.keys() <= kept.keys():
        return kept
    whole = fresh | {name: value for name, value in kept.items() if keeps(name)}
    try:
        write_json(path, whole)
    except OSError as problem:
        raise explain_os_error(problem, "keep its secrets") from problem
    return whole
