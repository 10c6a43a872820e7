"""The sample service without a browser: style sheets are small stand-ins."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.unit.shared_web.sample_app import make_app

CSS = (
    b"@font-face{font-family:Frutiger W01;src:url(https://assets.nhs.uk/fonts/55.woff2)}"
    b"@font-face{font-family:Frutiger W01;src:url(https://assets.nhs.uk/fonts/65.woff2)}"
    b"body{font-family:Frutiger W01,Arial,Sans-serif}" + b".a{color:#005eb8}" * 50 + b"\n"
    b"/*# sourceMappingURL=nhsuk-frontend.min.css.map */\n"
)
JS = b"const initAll=()=>{};export{initAll};//# sourceMappingURL=nhsuk-frontend.min.js.map\n"


@pytest.fixture(autouse=True)
def frontend(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A FRONTEND_DIR with the packages' style sheets and scripts; where the NHS's are."""
    folder = tmp_path / "node_modules" / "nhsuk-frontend" / "dist" / "nhsuk"
    folder.mkdir(parents=True)
    (folder / "nhsuk-frontend.min.css").write_bytes(CSS)
    (folder / "nhsuk-frontend.min.js").write_bytes(JS)
    maps = tmp_path / "node_modules" / "leaflet" / "dist"
    maps.mkdir(parents=True)
    (maps / "leaflet.css").write_bytes(b".leaflet-map-pane{z-index:auto}")
    (maps / "leaflet.js").write_bytes(b"window.L={};")
    monkeypatch.setenv("FRONTEND_DIR", str(tmp_path / "node_modules"))
    return folder


@pytest.fixture
def client() -> FlaskClient:
    """A link worker's browser."""
    return make_app().test_client()


@pytest.fixture
def visitor() -> FlaskClient:
    """The browser of somebody not signed in."""
    return make_app(who=None).test_client()
