"""What maps are drawn on is one host that was chosen, or nobody's."""

from __future__ import annotations

import pytest

from services.directory import config
from shared.settings import MissingSetting


def test_without_a_setting_there_are_no_tiles(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MAP_TILES_URL", raising=False)
    assert config.map_tiles() is None


def test_tiles_have_one_origin_and_somebody_to_be_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAP_TILES_URL", "https://tiles.example:8443/v1/{z}/{x}/{y}.png?key=a1")
    monkeypatch.setenv("MAP_TILES_ATTRIBUTION", "© Example  mapmakers https://maps.example/thanks")
    tiles = config.map_tiles()
    assert tiles is not None
    assert tiles.origin == "https://tiles.example:8443"
    assert (tiles.credit, tiles.credit_url) == ("© Example mapmakers", "https://maps.example/thanks")


@pytest.mark.parametrize("words", ["Example mapmakers", "https://maps.example"])
def test_who_is_named_may_have_no_page(monkeypatch: pytest.MonkeyPatch, words: str) -> None:
    monkeypatch.setenv("MAP_TILES_URL", "https://tiles.example/{z}/{x}/{y}.png")
    monkeypatch.setenv("MAP_TILES_ATTRIBUTION", words)
    tiles = config.map_tiles()
    assert tiles is not None
    assert (tiles.credit, tiles.credit_url) == (words, "")


@pytest.mark.parametrize(
    "url",
    [
        "https://{s}.tiles.example/{z}/{x}/{y}.png",
        "https://tiles.example/{z}/{x}.png",
        "https://tiles.example; script-src *//{z}/{x}/{y}",
        "https://*/{z}/{x}/{y}.png",
        "tiles.example/{z}/{x}/{y}.png",
        "javascript:alert(1)/{z}/{x}/{y}",
    ],
)
def test_what_is_no_address_of_one_host_stops_the_start(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("MAP_TILES_URL", url)
    monkeypatch.setenv("MAP_TILES_ATTRIBUTION", "Somebody")
    with pytest.raises(MissingSetting, match="MAP_TILES_URL"):
        config.map_tiles()


def test_tiles_nobody_is_named_for_stop_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAP_TILES_URL", "https://tiles.example/{z}/{x}/{y}.png")
    monkeypatch.delenv("MAP_TILES_ATTRIBUTION", raising=False)
    with pytest.raises(MissingSetting, match="MAP_TILES_ATTRIBUTION"):
        config.map_tiles()
