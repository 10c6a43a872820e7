"""Each service does what its /openapi.json says: no 5xx, answers of the shapes and statuses described."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import cycle
from typing import Any

import pytest
import requests
from schemathesis import Case, GenerationMode
from schemathesis.core.transport import Response

from shared.auth.tokens import service_token
from shared.clock import now
from shared.demo_ids import demo_id
from shared.settings import SERVICES
from tests.builders.fuzzing import described, faults, operations
from tests.builders.routes import every_route
from tests.builders.running_lives import in_every_state
from tests.stack import Stack

pytestmark = pytest.mark.deep

EXAMPLES = 20
SENDER, TEAM = "demo-practice", "demo-linkworker"
SENDS = ("answer", "withdraw", "void")


class Callers:
    """The right token for an operation; our own services' come from the running copy's keys."""

    def __init__(self, stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
        self.stack = stack
        secrets = json.loads((stack.home / "secrets.json").read_text())
        for name, value in secrets.items():
            if name.startswith("SERVICE_KEY_"):
                monkeypatch.setenv(name, value if isinstance(value, str) else json.dumps(value))

    def headers(self, service: str, operation: Any) -> dict[str, str]:
        """What goes with a request."""
        needs = str(operation.definition.raw.get("x-needs", "anybody"))
        if operation.path.startswith("/oauth/") or needs == "anybody":
            return {}
        if needs.startswith("services") and "any of" not in needs:
            us = next(name for name in ("notifications", "referrals") if name in needs)
            return {"Authorization": f"Bearer {service_token(us, service, now())}"}
        sends = operation.path.endswith(SENDS) or operation.path in ("/api/v1/referrals", "/api/v1/routes")
        return {"Authorization": f"Bearer {self.stack.token(SENDER if sends else TEAM)}"}


@pytest.fixture
def ids(stack: Stack) -> dict[str, Iterator[str]]:
    """Real ones for what addresses name, so that not every answer is 404; every third is made up."""
    referrals = list(in_every_state(stack).values())
    return {
        "referral_id": cycle([*referrals, ""]),
        "service_id": cycle([str(demo_id("service", "york-gp-link-workers")), ""]),
        "worker_id": cycle([str(demo_id("link_worker", "linkworker")), ""]),
        "code": cycle(["york", "wakefield", ""]),
    }


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_does_what_its_description_says(service, stack, ids, monkeypatch):
    callers = Callers(stack, monkeypatch)
    schema = described(stack.url(service, "/openapi.json"))
    base, found, tried = stack.url(service), [], 0
    for operation in operations(schema):
        tried += 1
        headers = callers.headers(service, operation)

        def call(case: Case, mode: GenerationMode, headers: dict[str, str] = headers) -> Response:
            for name in case.path_parameters if mode is GenerationMode.POSITIVE else ():
                case.path_parameters[name] = next(ids.get(name, cycle([""]))) or case.path_parameters[name]
            return case.call(base_url=base, headers=headers, timeout=30)

        found += faults(operation, call, headers, EXAMPLES)
    assert tried >= 2
    assert not found, "\n\n".join(found)


@pytest.mark.parametrize("service", SERVICES)
def test_every_route_of_the_api_is_described(service, stack):
    document = requests.get(stack.url(service, "/openapi.json"), timeout=20).json()
    assert document["openapi"].startswith("3.1")
    told = {
        (method.upper(), path)
        for path, methods in document["paths"].items()
        for method in methods
        if method in ("get", "post", "put", "patch", "delete")
    }
    routes = {
        (route.method, route.rule)
        for route in every_route()
        if route.service == service and route.rule.startswith(("/api/", "/oauth/", "/.well-known/"))
    }
    assert {method + _plain(path) for method, path in told} == {
        method + _plain(path) for method, path in routes
    }


def _plain(path: str) -> str:
    """Without how a parameter is written."""
    return "".join("{}" if part.startswith(("{", "<")) else part for part in path.split("/"))


@pytest.mark.parametrize("service", SERVICES)
def test_a_method_that_is_not_there_is_refused_with_those_that_are(service, stack):
    for route in every_route():
        if route.service != service or route.rule.startswith("/assets"):
            continue
        known = {each.method for each in every_route() if (each.service, each.rule) == (service, route.rule)}
        values = {
            name: "1" if f"<int:{name}>" in route.rule else "6f1c2a34-0000-4000-8000-000000000000"
            for name in route.arguments
        }
        path = route.address(**values)
        refused = requests.request("PATCH", stack.url(service, path), timeout=20, allow_redirects=False)
        assert refused.status_code == 405, f"{route}: {refused.status_code}"
        allowed = {each.strip() for each in refused.headers["Allow"].split(",")}
        assert known <= allowed, f"{route}: {allowed}"
