"""The gateway of docker-compose.yml: a real nginx before servers that say what they heard."""

from __future__ import annotations

import http.client
import json
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from typing import Any

import pytest

from services.directory.actions.importing.limits import MIB, MOST_BY_PAGE
from shared.errors import TooLarge, Unavailable
from shared.http import MACHINE_PATHS
from shared.request_body import LARGEST_BODY, too_large
from shared.settings import SERVICES
from tests.builders.compose import NotSet, containers, variables
from tests.builders.containers import Place, a_place
from tests.builders.upstreams import Echo, echoing

pytestmark = pytest.mark.gateway
HOST = "linkwork.example"
AWAY = "notifications"
GATEWAY_LIMIT = 512 * 1024
SETTINGS = {name: "not-needed-here" for name, default in variables().items() if default is None}
SETTINGS |= {"PUBLIC_ORIGIN": f"https://{HOST}"}


@pytest.fixture(scope="module")
def place() -> Iterator[Place]:
    """The gateway alone; the test stands where the proxy that ends TLS does."""
    with a_place(SETTINGS | {"TLS_PROXY": "127.0.0.1"}) as place:
        place.start("gateway")
        place.until_well("gateway")
        yield place


@pytest.fixture(scope="module")
def services(place: Place) -> Iterator[dict[str, Echo]]:
    """Two of the three answer; nobody is where the third should be."""
    with ExitStack() as opened:
        there = [name for name in SERVICES if name != AWAY]
        yield {name: opened.enter_context(echoing(place.at[name], LARGEST_BODY)) for name in there}


def ask(
    place: Place,
    path: str,
    *,
    method: str = "GET",
    host: str = HOST,
    body: bytes | None = None,
    source: str = "127.0.0.1",
    **headers: str,
) -> tuple[int, dict[str, str], str]:
    """One request to the gateway from the address `source`; header names with _ for -."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    there = http.client.HTTPConnection(place.at["gateway"], 8080, timeout=20, source_address=(source, 0))
    with closing(there):
        there.request(method, path, body, {"Host": host} | named)
        answer = there.getresponse()
        return answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read().decode()


def heard(place: Place, path: str, **more: Any) -> dict[str, Any]:
    """What the service behind `path` was asked."""
    status, _, text = ask(place, path, **more)
    assert status == 200, text
    found = json.loads(text)
    found["headers"] = [(name.lower(), value) for name, value in found["headers"]]
    return dict(found)


@pytest.mark.parametrize(
    ("path", "service", "inside"),
    [
        ("/directory/", "directory", "/"),
        ("/directory/sign-in?next=%2Fx", "directory", "/sign-in?next=%2Fx"),
        ("/referrals/api/v1/referrals?cursor=a%2Bb", "referrals", "/api/v1/referrals?cursor=a%2Bb"),
        ("/referrals/assets/0123/a.css", "referrals", "/assets/0123/a.css"),
        ("/referrals/openapi.json", "referrals", "/openapi.json"),
        ("/referrals/caf%C3%A9%20x", "referrals", "/caf%C3%A9%20x"),
        ("/directory/directory/", "directory", "/directory/"),
        (
            "/.well-known/oauth-authorization-server/directory",
            "directory",
            "/.well-known/oauth-authorization-server",
        ),
    ],
)
def test_each_path_leads_to_its_service(
    place: Place, services: dict[str, Echo], path: str, service: str, inside: str
) -> None:
    before = len(services[service].heard)
    assert heard(place, path)["path"] == inside
    assert len(services[service].heard) == before + 1


def test_a_service_is_told_the_public_address_and_nothing_a_client_made_up(
    place: Place, services: dict[str, Echo]
) -> None:
    forged = {
        "X_Forwarded_Host": "evil.example",
        "X_Forwarded_Proto": "gopher",
        "X_Forwarded_Prefix": "/evil",
        "X_Forwarded_Port": "1",
        "X_Forwarded_Server": "evil.example",
        "X_Real_IP": "203.0.113.9",
        "Forwarded": "for=203.0.113.9;host=evil.example",
        "Proxy": "http://evil.example",
        "Traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "Tracestate": "evil=1",
        "Baggage": "evil=1",
    }
    got = heard(place, "/referrals/people", source="127.0.0.9", X_Forwarded_For="203.0.113.9", **forged)
    told = dict(got["headers"])
    assert len(told) == len(got["headers"])
    assert told["host"] == told["x-forwarded-host"] == HOST
    assert told["x-forwarded-proto"] == "https"
    assert told["x-forwarded-prefix"] == "/referrals"
    # Not from the proxy that ends TLS: what it says of other addresses is not believed.
    assert told["x-forwarded-for"] == "127.0.0.9"
    assert not {"traceparent", "tracestate", "baggage"} & set(told)
    assert "evil" not in json.dumps(got)
    assert "203.0.113.9" not in json.dumps(got)


def test_a_header_sent_twice_or_with_underscores_is_not_passed_on(
    place: Place, services: dict[str, Echo]
) -> None:
    with socket.create_connection((place.at["gateway"], 8080), 10) as there:
        there.sendall(
            b"GET /directory/x HTTP/1.1\r\nHost: linkwork.example\r\nConnection: close\r\n"
            b"X-Forwarded-Prefix: /evil\r\nX-Forwarded-Prefix: /evil2\r\n"
            b"X_Forwarded_Prefix: /evil3\r\nSCRIPT_NAME: /evil4\r\n\r\n"
        )
        said = b"".join(iter(lambda: there.recv(65536), b""))
    assert b"200 OK" in said
    assert b"evil" not in said


@pytest.mark.parametrize("forwarded", ["198.51.100.7", "203.0.113.9, 198.51.100.7"])
def test_who_the_client_is_is_taken_from_the_proxy_that_ends_tls(
    place: Place, services: dict[str, Echo], forwarded: str
) -> None:
    told = dict(heard(place, "/directory/x", X_Forwarded_For=forwarded)["headers"])
    assert told["x-forwarded-for"] == "198.51.100.7"


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "linkwork.example.evil.example"])
def test_another_host_is_answered_by_no_service(place: Place, services: dict[str, Echo], host: str) -> None:
    before = sum(len(each.heard) for each in services.values())
    assert ask(place, "/directory/", host=host)[0] == 421
    assert sum(len(each.heard) for each in services.values()) == before


@pytest.mark.parametrize(
    ("path", "status", "location"),
    [
        ("/", 302, "/directory/"),
        ("/directory", 308, "/directory/"),
        ("/referrals?a=b", 308, "/referrals/?a=b"),
        ("/notifications", 308, "/notifications/"),
        ("/elsewhere", 404, None),
        ("/nowhere/api/v1", 404, None),
        ("/directoryx/", 404, None),
        ("/directory/metrics", 404, None),
        ("/referrals/metrics/x", 404, None),
        ("/referrals/x/../metrics", 404, None),
        ("/referrals/%6Detrics", 404, None),
        ("/referrals//metrics", 404, None),
        ("/healthz", 200, None),
    ],
)
def test_what_the_gateway_answers_itself(
    place: Place, services: dict[str, Echo], path: str, status: int, location: str | None
) -> None:
    got, headers, _ = ask(place, path)
    assert (got, headers.get("location")) == (status, location)
    assert "x-said-by" not in headers
    assert headers["server"] == "nginx"


def test_a_body_over_the_services_limit_is_refused_by_the_service_in_its_own_words(
    place: Place, services: dict[str, Echo]
) -> None:
    for size in (LARGEST_BODY + 1, GATEWAY_LIMIT):
        status, headers, _ = ask(place, "/referrals/api/v1/referrals", method="POST", body=b"x" * size)
        assert (status, headers["x-said-by"]) == (413, "service")


def test_a_body_over_the_gateways_limit_gets_the_same_answer(place: Place, services: dict[str, Echo]) -> None:
    body = b"x" * (GATEWAY_LIMIT + 1)
    status, headers, text = ask(place, "/referrals/api/v1/referrals", method="POST", body=body)
    problem = json.loads(text)
    assert (status, headers["content-type"]) == (413, "application/problem+json")
    assert problem == {
        "type": f"https://{HOST}/directory/problems/{TooLarge.type}",
        "title": TooLarge.title,
        "status": 413,
        "detail": too_large().detail,
    }
    status, headers, text = ask(place, "/referrals/refer", method="POST", body=body)
    assert (status, headers["content-type"]) == (413, "text/html; charset=utf-8")
    assert "<h1>That is too much to send at once</h1>" in text


def test_a_file_of_listings_may_be_as_large_as_the_page_takes(
    place: Place, services: dict[str, Echo]
) -> None:
    whole = MOST_BY_PAGE + MIB
    status, headers, _ = ask(place, "/directory/imports", method="POST", body=b"x" * whole)
    assert headers["x-said-by"] == "service"
    status, headers, text = ask(place, "/directory/imports", method="POST", body=b"x" * (whole + 1))
    assert (status, headers["content-type"]) == (413, "text/html; charset=utf-8")
    assert f"up to {MOST_BY_PAGE // MIB} MiB" in text
    for path in ("/directory/imports/columns", "/directory/account"):
        status, _, _ = ask(place, path, method="POST", body=b"x" * (GATEWAY_LIMIT + 1))
        assert status == 413, path


# To the gateway there are no metrics, whatever stands behind it.
@pytest.mark.parametrize("start", [start for start in MACHINE_PATHS if start != "/metrics"])
def test_machines_are_told_as_machines_that_a_service_is_away(
    place: Place, services: dict[str, Echo], start: str
) -> None:
    status, headers, text = ask(place, f"/{AWAY}{start}")
    assert (status, headers["content-type"]) == (503, "application/problem+json")
    assert headers["retry-after"] == "10"
    problem = json.loads(text)
    assert problem["type"].endswith("/directory/problems/" + Unavailable.type)
    assert (problem["title"], problem["status"]) == (Unavailable.title, 503)


def test_a_person_is_told_in_words_that_a_service_is_away_and_whom_to_ring(
    place: Place, services: dict[str, Echo]
) -> None:
    status, headers, text = ask(place, f"/{AWAY}/notices")
    assert (status, headers["retry-after"], headers["cache-control"]) == (503, "10", "no-store")
    assert "<h1>Not available just now</h1>" in text
    assert 'href="tel:999"' in text
    assert 'href="tel:111"' in text


def test_a_service_hears_of_a_request_only_when_it_is_whole(place: Place, services: dict[str, Echo]) -> None:
    before = len(services["referrals"].heard)
    head = b"POST /referrals/slow HTTP/1.1\r\nHost: linkwork.example\r\nConnection: close\r\n"
    with socket.create_connection((place.at["gateway"], 8080), 10) as there:
        there.sendall(head + b"Content-Length: 6\r\n\r\nabc")
        time.sleep(0.5)
        assert len(services["referrals"].heard) == before
        there.sendall(b"def")
        assert b"200 OK" in there.recv(65536)
    assert services["referrals"].heard[-1]["length"] == 6
    with socket.create_connection((place.at["gateway"], 8080), 10) as there:
        there.sendall(head + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n")
        time.sleep(0.2)
        there.sendall(b"0\r\n\r\n")
        assert b"200 OK" in there.recv(65536)
    last = services["referrals"].heard[-1]
    assert last["length"] == 3
    assert "transfer-encoding" not in {name.lower() for name, _ in last["headers"]}


def test_nothing_that_was_sent_is_in_the_log(place: Place, services: dict[str, Echo]) -> None:
    marker = "Marker4Secret"
    for path in (f"/directory/reset/{marker}?{marker}", f"/{AWAY}/x?{marker}", f"/elsewhere?{marker}", "/%"):
        ask(place, path, Referer=f"https://{HOST}/{marker}", User_Agent=marker, Cookie=marker)
    big = (marker.encode() + b" ") * 50_000
    ask(place, f"/directory/x?{marker}", method="POST", body=big)
    lines = [json.loads(line) for line in place.said("gateway").splitlines() if line.startswith("{")]
    assert marker not in place.said("gateway")
    assert "127.0.0.1" not in place.said("gateway")
    assert {503, 404, 413, 200} <= {line["status"] for line in lines}
    assert "made-by-the-service" in {line["request_id"] for line in lines}
    assert {line["service"] for line in lines} >= {"directory", AWAY, ""}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TLS_PROXY", "10.0.0.1; return 200"),
        ("INTERNAL_URL_DIRECTORY", ""),
        ("PUBLIC_ORIGIN", "https://a b"),
        ("GATEWAY_RESOLVER", "x|y"),
    ],
)
def test_a_setting_that_is_no_address_stops_the_start_and_is_named(name: str, value: str) -> None:
    with a_place(SETTINGS) as place:
        place.containers["gateway"].environment[name] = value
        with pytest.raises(AssertionError, match=f"The setting {name} is missing, or is no address"):
            place.once("gateway")


@pytest.mark.parametrize("name", sorted(SETTINGS))
def test_compose_starts_nothing_without_a_setting(name: str) -> None:
    with pytest.raises(NotSet, match=name):
        containers({key: value for key, value in SETTINGS.items() if key != name})
