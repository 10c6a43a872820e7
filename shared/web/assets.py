"""Style sheets, scripts and the icon, read once into memory and served under `/assets/<hash>/<name>`.

The hash covers all of them, so a page and its assets always match and a browser may keep them for a
year. Relative references between assets keep working because the hash is a folder. Fonts: the stock
NHS style sheet fetches Frutiger from assets.nhs.uk; we are not the NHS, so those rules are dropped and Arial
is used, and no third party learns who reads a page here.
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
import re
from dataclasses import dataclass
from pathlib import Path

from flask import Flask, Response, current_app, request, url_for
from werkzeug.exceptions import NotFound

from shared import settings
from shared.auth.guard import public

OWN = Path(__file__).parent / "static"
PROJECT = Path(__file__).parents[2]
NHS_DIST = Path("nhsuk-frontend") / "dist" / "nhsuk"
NHS_FILES = ("nhsuk-frontend.min.css", "nhsuk-frontend.min.js")
LEAFLET_DIST = Path("leaflet") / "dist"
PACKAGED = (
    *(NHS_DIST / name for name in NHS_FILES),
    *(LEAFLET_DIST / name for name in ("leaflet.js", "leaflet.css")),
)
OWN_FILES = ("linkwork.css", "linkwork.js", "map.css", "map.js", "print.css", "icon.svg")
YEAR = 365 * 24 * 3600
_EXTENSION = "linkwork_assets"
_FONT_FACE = re.compile(rb"@font-face\s*\{[^}]*\}")
_SOURCE_MAP = re.compile(rb"(/\*|//)# sourceMappingURL=[^\s*]+(\s*\*/)?\s*$")


@dataclass(frozen=True)
class Asset:
    """One file as it is sent."""

    body: bytes
    zipped: bytes
    kind: str


@dataclass(frozen=True)
class Assets:
    """All files by name, and the hash they share."""

    files: dict[str, Asset]
    version: str


def frontend_dir() -> Path:
    """`FRONTEND_DIR`, the `node_modules` of nhsuk-frontend and leaflet; by default the project's own."""
    return Path(settings.optional("FRONTEND_DIR", str(PROJECT / "node_modules")))


def missing() -> str | None:
    """None when the packages' style sheets and scripts are there, else a sentence naming what is not."""
    absent = [path for path in PACKAGED if not (frontend_dir() / path).is_file()]
    if not absent:
        return None
    names = " and ".join(f"{path.name} of {path.parts[0]}" for path in absent)
    return f"{names} not found; run npm ci, or set FRONTEND_DIR."


def init_assets(app: Flask) -> None:
    """Serve the assets of `app`, and offer `asset_url(name)` to its templates."""
    app.extensions[_EXTENSION] = _load()
    app.jinja_env.globals["asset_url"] = asset_url

    @app.get("/assets/<version>/<name>", endpoint="linkwork_asset")
    @public
    def asset(version: str, name: str) -> Response:
        return _send(version, name)


def asset_url(name: str) -> str:
    """The address of an asset, with the hash of today's set."""
    return url_for("linkwork_asset", version=_of_app().version, name=name)


def _of_app() -> Assets:
    assets: Assets = current_app.extensions[_EXTENSION]
    return assets


def _load() -> Assets:
    found: dict[str, Asset] = {}
    digest = hashlib.sha256()
    paths = [OWN / name for name in OWN_FILES]
    paths += [path for name in PACKAGED if (path := frontend_dir() / name).is_file()]
    for path in sorted(paths, key=lambda p: p.name):
        body = _SOURCE_MAP.sub(b"", _FONT_FACE.sub(b"", path.read_bytes()))
        digest.update(path.name.encode() + b"\0" + body)
        kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        found[path.name] = Asset(body, gzip.compress(body, 6, mtime=0), kind)
    return Assets(found, digest.hexdigest()[:16])


def _send(version: str, name: str) -> Response:
    assets = _of_app()
    asset = assets.files.get(name)
    if asset is None:
        raise NotFound
    zipped = request.accept_encodings["gzip"] > 0 and len(asset.zipped) < len(asset.body)
    response = Response(asset.zipped if zipped else asset.body, mimetype=asset.kind)
    if zipped:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding"
    if version == assets.version:
        response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    else:
        # A page rendered before a new release asks for its old hash: today's file, not to be kept.
        response.headers["Cache-Control"] = "no-cache"
    return response
