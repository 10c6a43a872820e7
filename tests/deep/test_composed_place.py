"""All that docker-compose.yml starts, started as there but without Docker: from nothing, by the gateway."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import time
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from shared.request_body import LARGEST_BODY
from shared.settings import SERVICES
from tests.builders import referrals_journeys
from tests.builders.bodies import referral_body
from tests.builders.compose import ROOT
from tests.builders.composed import HOMES, ORIGIN, SIGN_IN, AtReferrals, Kept, bring_up, enter, ready, token
from tests.builders.containers import SERVERS, Place
from tests.builders.documented import block, in_a_shell
from tests.builders.gateway import Browser, addresses_in, leads_to, walked
from tests.stack import eventually

pytestmark = [pytest.mark.deep, pytest.mark.gateway]


def test_all_that_answers_is_ready(place: Place) -> None:
    for service in SERVICES:
        eventually(lambda service=service: ready(place, service), within=30)
    assert all(place.is_well(name) for name in place.running)


def test_whoever_is_not_signed_in_is_led_to_sign_in_and_back(visitor: Browser) -> None:
    wanted = HOMES["notifications"] + "notices"
    sent = leads_to(wanted, visitor.get(wanted))
    assert sent.startswith(SIGN_IN + "?")
    assert parse_qs(urlsplit(sent).query)["next"] == [wanted]
    assert enter(visitor, "practice", sent) == wanted
    assert visitor.get(wanted).status_code == 200
    paths = visitor.cookie_paths()
    assert paths["linkwork"] == "/"
    assert {path for name, path in paths.items() if name != "linkwork"} <= {
        "/", "/directory", "/referrals", "/notifications", "/directory/sign-in",
    }  # fmt: skip


@pytest.mark.parametrize("who", ["practice", "linkworker"])
def test_every_link_leads_somewhere(visitor: Browser, who: str) -> None:
    assert enter(visitor, who).startswith(HOMES["directory"])
    found = walked(visitor, HOMES.values(), most=120)
    # What only a form leads to is no page: 405.
    assert {url: status for url, status in found.items() if status >= 400 and status != 405} == {}
    for home in HOMES.values():
        assert any(url.startswith(home + "assets/") for url in found)
    assert len(found) > 60


def test_a_partners_system_refers_and_follows_what_it_is_told(
    visitor: Browser, place: Place, post: tuple[int, Kept]
) -> None:
    said = visitor.get(f"{ORIGIN}/.well-known/oauth-authorization-server/directory").json
    assert said["issuer"] == f"{ORIGIN}/directory"
    assert said["token_endpoint"] == f"{ORIGIN}/directory/oauth/token"
    keys = visitor.get(said["jwks_uri"])
    assert keys.status_code == 200
    for service in SERVICES:
        described = visitor.get(f"{ORIGIN}/{service}/openapi.json").json
        assert described["servers"] == [{"url": f"{ORIGIN}/{service}"}]
    as_practice = token(visitor, "demo-practice")
    sent = visitor.client.post(
        "/referrals/api/v1/referrals", base_url=ORIGIN, json=referral_body(), headers=as_practice
    )
    assert sent.status_code == 201, sent.text
    where = leads_to(f"{ORIGIN}/referrals/api/v1/referrals", sent)
    assert where == f"{ORIGIN}/referrals/api/v1/referrals/{sent.json['id']}"
    read = visitor.client.get(urlsplit(where).path, base_url=ORIGIN, headers=as_practice)
    assert read.json["reference"] == sent.json["reference"]

    def letters() -> list[str]:
        bodies = [str(letter.get_payload(decode=False)) for letter in post[1].letters]
        return [body for body in bodies if sent.json["reference"] in body]

    eventually(letters, within=60)
    links = re.findall(r"https?://[^\s\"<>]+", " ".join(letters()))
    assert links
    assert all(link.startswith(tuple(HOMES.values())) for link in links)


def test_a_receptionist_refers_by_the_pages(visitor: Browser) -> None:
    enter(visitor, "practice")
    referral = referrals_journeys.send(AtReferrals(visitor))
    sent = visitor.get(ORIGIN + "/referrals" + referral)
    assert sent.status_code == 200
    assert "I miss going dancing on Fridays." in sent.text
    assert {
        urlsplit(url).path.split("/")[1] for url in addresses_in(ORIGIN + "/referrals/", sent.text)
    } <= set(SERVICES)


def test_a_body_that_is_too_large_is_refused_in_the_services_words(visitor: Browser) -> None:
    as_practice = token(visitor, "demo-practice")
    for size in (LARGEST_BODY + 1, 2 * LARGEST_BODY + 1):
        answer = visitor.client.post(
            "/referrals/api/v1/referrals",
            base_url=ORIGIN,
            data=b"x" * size,
            content_type="application/json",
            headers=as_practice,
        )
        problem = answer.json
        assert (answer.status_code, problem["status"]) == (413, 413)
        assert problem["type"] == f"{ORIGIN}/directory/problems/too-large"
        assert problem["title"] == "That is too large"
        assert ("request_id" in problem) == (size == LARGEST_BODY + 1)


def test_forged_headers_change_nothing_a_service_says(visitor: Browser) -> None:
    url = HOMES["directory"] + "account"
    forged = {
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Prefix": "/evil",
        "X-Forwarded-Proto": "http",
        "X-Forwarded-For": "evil.example",
        "Forwarded": "host=evil.example",
    }
    plain = visitor.client.get(urlsplit(url).path, base_url=ORIGIN)
    told = visitor.client.get(urlsplit(url).path, base_url=ORIGIN, headers=forged)
    assert told.status_code == plain.status_code == 302
    assert told.headers["Location"] == plain.headers["Location"]
    page = visitor.client.get("/directory/sign-in", base_url=ORIGIN, headers=forged)
    assert page.status_code == 200
    assert "evil" not in page.text + str(page.headers)


def test_somebody_who_sends_half_a_body_is_let_go_and_keeps_nobody_waiting(place: Place) -> None:
    posted = '"method": "POST", "route": "/refer"'
    began, before = time.monotonic(), place.said("referrals").count(posted)
    with socket.create_connection((place.at["gateway"], 8080), 20) as there:
        there.sendall(
            b"POST /referrals/refer HTTP/1.1\r\nHost: linkwork.example\r\nContent-Length: 9\r\n\r\nab"
        )
        assert b"200" not in there.recv(65536)
    assert 8 < time.monotonic() - began < 15
    assert place.said("referrals").count(posted) == before


def test_a_service_that_is_away_and_comes_back(visitor: Browser, place: Place) -> None:
    place.stop("notifications")
    assert not place.is_well("notifications")
    away = visitor.get(HOMES["notifications"])
    assert (away.status_code, away.headers["Retry-After"]) == (503, "10")
    assert "999" in away.text
    assert visitor.get(SIGN_IN).status_code == 200
    place.start("notifications")
    place.until_well("notifications")
    assert visitor.get(HOMES["notifications"]).status_code < 400


def test_health_checks_notice_what_stopped(place: Place) -> None:
    place.stop("notifications-worker")
    assert not place.is_well("notifications-worker")
    place.start("notifications-worker")
    place.until_well("notifications-worker")
    long_ago = time.time() - 11 * 60
    kept = list((place.home / "volume-beat").glob("beat*"))
    assert kept
    now = {path: path.stat().st_mtime for path in kept}
    for path in kept:
        os.utime(path, (long_ago, long_ago))
    assert not place.is_well("beat")
    for path, when in now.items():
        os.utime(path, (when, when))
    assert place.is_well("beat")


def test_no_query_string_and_no_address_is_in_any_log(visitor: Browser, place: Place) -> None:
    marker = "marker4query"
    for service in SERVICES:
        visitor.get(f"{ORIGIN}/{service}/nowhere?{marker}=1")
    for name in place.running:
        assert marker not in place.said(name), name
    assert "198.51.100.7" not in place.said("gateway")


def test_a_backup_is_restored_by_the_documented_commands(
    visitor: Browser, place: Place, tmp_path: Path
) -> None:
    as_practice = token(visitor, "demo-practice")

    def send() -> str:
        body = referral_body()
        sent = visitor.client.post(
            "/referrals/api/v1/referrals", base_url=ORIGIN, json=body, headers=as_practice
        )
        assert sent.status_code == 201, sent.text
        return str(sent.json["id"])

    def is_there(referral: str) -> bool:
        answer = visitor.client.get(
            f"/referrals/api/v1/referrals/{referral}",
            base_url=ORIGIN,
            headers=token(visitor, "demo-practice"),
        )
        assert answer.status_code in (200, 404)
        return answer.status_code == 200

    containers = tmp_path / "containers.json"
    containers.write_text(json.dumps({name: place.environment(name) for name in place.containers}))
    (tmp_path / ".env").write_text("X=1\n")
    before = send()
    in_a_shell(block("Backup"), tmp_path, CONTAINERS=str(containers))
    after = send()
    waiting: list[str] = []
    for line in [*block("Restore").splitlines(), "docker compose up"]:
        if not line.startswith(("docker compose stop", "docker compose up")):
            waiting.append(line)
            continue
        if waiting:
            in_a_shell("\n".join(waiting), tmp_path, CONTAINERS=str(containers))
            waiting = []
        if line.startswith("docker compose stop"):
            stopped = line.split()[3:]
            assert set(stopped) == set(place.running) - {*SERVERS}
            for name in stopped:
                place.stop(name)
        else:
            bring_up(place)
    eventually(lambda: ready(place, "referrals"), within=60)
    assert is_there(before)
    assert not is_there(after)
    assert is_there(send())
    owners = place.once(
        "postgres", "psql", "--username", "postgres", "--dbname", "postgres", "--tuples-only", "--csv",
        "--command", "select datname || ' ' || pg_get_userbyid(datdba) || ' ' || "
        "has_database_privilege('linkwork_referrals', oid, 'connect') from pg_database "
        "where datname like 'linkwork_%' order by 1",
    ).split("\n")  # fmt: skip
    assert owners[:3] == [
        "linkwork_directory linkwork_directory false",
        "linkwork_notifications linkwork_notifications false",
        "linkwork_referrals linkwork_referrals true",
    ]


def test_a_command_in_a_container_reads_what_is_mounted_and_the_standard_streams(
    place: Place, tmp_path: Path
) -> None:
    containers = tmp_path / "containers.json"
    containers.write_text(json.dumps({name: place.environment(name) for name in place.containers}))
    docs = ROOT / "docs"
    listings = Path(shutil.copytree(docs / "listings" / "example", tmp_path / "listings"))
    for file in listings.iterdir():
        file.write_text(file.read_text().splitlines()[0] + "\n")
        file.chmod(0o600)
    (head, line) = (docs / "going-live" / "example" / "open-referrals.csv").read_text().splitlines()[:2]
    given = tmp_path / "open-referrals.csv"
    given.write_text(head + "\n")
    commands = block("A command in a container")
    said = in_a_shell(commands, tmp_path, CONTAINERS=str(containers))
    assert "Only looked at" in said
    assert all(file.stat().st_mode & 0o004 for file in listings.iterdir())
    assert (tmp_path / "verdicts.csv").read_text().splitlines() == ["line,external_id,verdict,columns,why"]
    # The team of the example is not in this place: one line is refused, and the command says so.
    given.write_text(f"{head}\n{line}\n")
    (load,) = [each for each in commands.splitlines() if "load-open" in each]
    in_a_shell(f"! {load}", tmp_path, CONTAINERS=str(containers))
    assert ",refused," in (tmp_path / "verdicts.csv").read_text().splitlines()[1]


def test_everything_stops_within_the_time_it_is_given(place: Place) -> None:
    assert set(place.running) == {name for name, each in place.containers.items() if each.ask}
    for name in [name for name in place.running if name not in SERVERS] + list(SERVERS):
        process = place.running[name]
        place.stop(name)
        assert process.returncode in (0, None), f"{name}: {process.returncode} {place.said(name)[-500:]}"
