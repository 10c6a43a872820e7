"""Every address of the three services, read off their url maps."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter

from shared.auth.guard import Guard, guard_of
from shared.http import MACHINE_PATHS
from shared.settings import SERVICES


@dataclass(frozen=True)
class Route:
    """One method of one rule; `arguments` are the names in its address."""

    service: str
    method: str
    rule: str
    endpoint: str
    arguments: frozenset[str]
    guard: Guard

    @property
    def is_page(self) -> bool:
        """For people, and not a file or what a page's script reads."""
        return not self.rule.startswith((*MACHINE_PATHS, "/assets/", "/maps/"))

    @property
    def is_api(self) -> bool:
        """For partners' systems and our own services."""
        return self.rule.startswith("/api/")

    def address(self, **values: str) -> str:
        """The path with `values` in it."""
        path: str = _adapter(self.service).build(self.endpoint, values, method=self.method)
        return path

    def __str__(self) -> str:
        return f"{self.service} {self.method} {self.rule}"


@cache
def every_route() -> tuple[Route, ...]:
    """All of them, by service and rule."""
    return tuple(route for service in SERVICES for route in _routes(service))


@cache
def pages() -> tuple[Route, ...]:
    """What a person can open."""
    return tuple(route for route in every_route() if route.is_page and route.method == "GET")


def match(service: str, path: str, method: str = "GET") -> tuple[Route, Mapping[str, Any]] | None:
    """The route an address of `service` leads to, and the values in it; None where there is none."""
    try:
        rule, values = _adapter(service).match(path, method=method, return_rule=True)
    except HTTPException:
        return None
    for route in every_route():
        if (route.service, route.rule, route.method) == (service, str(rule), method):
            return route, values
    return None


@cache
def _app(service: str) -> Flask:
    made: Flask = importlib.import_module(f"services.{service}.app").create_app()
    return made


def _adapter(service: str) -> MapAdapter:
    return _app(service).url_map.bind("localhost")


def _routes(service: str) -> list[Route]:
    app = _app(service)
    return [
        Route(
            service,
            method,
            str(rule),
            rule.endpoint,
            frozenset(rule.arguments),
            guard_of(app.view_functions[rule.endpoint]) or Guard(),
        )
        for rule in sorted(app.url_map.iter_rules(), key=str)
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]
