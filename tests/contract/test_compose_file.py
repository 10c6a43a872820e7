"""docker-compose.yml: what the Compose Specification asks, and what the house asks beyond it."""

from __future__ import annotations

import copy
import json
import re
from importlib import import_module
from typing import Any

import jsonschema_rs
import pytest

from services.notifications.config import IN_PRODUCTION
from shared.celery_app import HARD_LIMIT
from shared.embedded.postgres import SILENT
from shared.settings import SERVICES, WEB_FINISHES_WITHIN, WEB_GONE_WITHIN
from tests.builders.compose import ROOT, containers, fill, loaded, recipe, variables
from tests.builders.documented import block

SCHEMA = json.loads((ROOT / "tests" / "contract" / "compose" / "compose-spec.json").read_text())
OBSERVING_MD = (ROOT / "docs" / "observing.md").read_text()
RUNNING_MD = (ROOT / "docs" / "running.md").read_text()
VALUES = {name: default or f"a-value-of-{name}" for name, default in variables().items()}
VALUES |= {"PUBLIC_ORIGIN": "https://linkwork.example", "MAIL_FROM": "no-reply@linkwork.example"}
NAMES = tuple(loaded()["services"])
ONCE = tuple(f"{service}-migrate" for service in SERVICES)
SERVERS = ("postgres", "redis")
SECRET = re.compile(
    r"KEY|PASSWORD|SECRET|JWKS|AUTH|URL_(DIRECTORY|REFERRALS|NOTIFICATIONS)$|REDIS_URL|SMTP_URL"
)
NOT_SECRET = re.compile(r"^(PUBLIC|INTERNAL)_URL_")


def faults(file: dict[str, Any]) -> list[str]:
    return [error.message for error in jsonschema_rs.validator_for(SCHEMA).iter_errors(file)]


def raw(name: str) -> dict[str, Any]:
    return dict(loaded()["services"][name])


def seconds(text: str) -> int:
    return int(text.removesuffix("s"))


def test_it_is_a_compose_file_before_and_after_its_variables_are_put_in() -> None:
    assert faults(loaded()) == []
    assert faults(fill(loaded(), VALUES)) == []


@pytest.mark.parametrize(
    ("name", "key", "value"),
    [
        ("gateway", "port", ["8080:8080"]),
        ("gateway", "restart", ["always"]),
        ("directory", "depends_on", {"postgres": {"condition": "service_well"}}),
        ("redis", "healthcheck", {"tests": ["CMD", "true"]}),
        ("beat", "read_only", {"yes": True}),
    ],
)
def test_the_schema_notices_what_is_wrong(name: str, key: str, value: object) -> None:
    broken = copy.deepcopy(loaded())
    broken["services"][name][key] = value
    assert faults(broken)


def test_it_has_all_the_parts_of_a_place() -> None:
    expected = {"gateway", "beat", *SERVERS, *ONCE}
    expected |= {name for service in SERVICES for name in (service, f"{service}-worker")}
    assert set(NAMES) == expected


def test_only_the_gateway_can_be_reached_from_outside() -> None:
    assert [name for name in NAMES if "ports" in raw(name)] == ["gateway"]
    assert [name for name in NAMES if "front" in raw(name)["networks"]] == ["gateway"]
    assert "data" not in raw("gateway")["networks"]
    assert all(raw(name)["networks"] == ["data"] for name in SERVERS)
    assert loaded()["networks"]["data"] == {"internal": True}
    assert variables()["GATEWAY_ADDRESS"].startswith("127.0.0.1:")


@pytest.mark.parametrize("name", NAMES)
def test_a_container_may_do_no_more_than_it_needs(name: str) -> None:
    container = raw(name)
    assert container["read_only"] is True
    assert container["cap_drop"] == ["ALL"]
    assert container["security_opt"] == ["no-new-privileges:true"]
    assert container["tmpfs"][0] == "/tmp"  # noqa: S108 - the container's own
    assert not {"privileged", "cap_add", "pid", "network_mode", "devices"} & set(container)
    # Ours get their user from the Dockerfile.
    assert ("user" in container) == ("build" not in container)
    assert container.get("user") not in ("root", "0")


@pytest.mark.parametrize("name", NAMES)
def test_what_runs_is_started_again_asked_how_it_is_and_let_finish(name: str) -> None:
    container = containers(VALUES)[name]
    if name in ONCE:
        assert (container.raw["restart"], container.ask) == ("no", None)
        return
    assert container.raw["restart"] == "unless-stopped"
    assert container.ask
    patience = seconds(container.raw.get("stop_grace_period", "10s"))
    if name in SERVICES:
        assert patience == WEB_GONE_WITHIN > WEB_FINISHES_WITHIN
    if name.endswith("-worker"):
        assert patience > HARD_LIMIT


@pytest.mark.parametrize("name", NAMES)
def test_no_secret_is_in_the_file_and_none_has_a_default(name: str) -> None:
    for key, value in raw(name).get("environment", {}).items():
        if SECRET.search(key) and not NOT_SECRET.search(key):
            assert re.search(r"\$\{\w+:\?\}", value), key
    for mounted in raw(name).get("volumes", ()):
        assert ".env" not in mounted


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("part", ["", "-worker", "-migrate"])
def test_a_service_gets_the_settings_it_needs_and_no_secret_of_another(
    service: str, part: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment = containers(VALUES)[service + part].environment
    for name in VALUES:
        monkeypatch.delenv(name, raising=False)
    for other in SERVICES:
        monkeypatch.delenv(f"DATABASE_URL_{other.upper()}", raising=False)
    monkeypatch.delenv("LINKWORK_MODE", raising=False)
    for key, value in environment.items():
        monkeypatch.setenv(key, value)
    import_module(f"services.{service}.config").check()
    column = ["directory", "referrals", "notifications"].index(service) + 2
    table = RUNNING_MD.partition("A service starts only with the secrets it needs:")[2].split("\n\n")[1]
    rows = [[cell.strip() for cell in row.split("|")] for row in table.splitlines()[2:]]
    own = f"SERVICE_KEY_{service.upper()}"
    needed = {re.findall(r"`([A-Z_]+)", row[1])[0] for row in rows if row[column]}
    needed = {own if name == "SERVICE_KEY_" else name for name in needed} | {"REDIS_URL"}
    needed |= {f"DATABASE_URL_{service.upper()}"} | ({"SMTP_URL"} if service == "notifications" else set())
    secrets = {key for key in environment if SECRET.search(key) and not NOT_SECRET.search(key)}
    assert secrets - {"SMTP_CA_FILE"} == needed
    assert set(IN_PRODUCTION) <= set(environment) or service != "notifications"
    assert environment["LINKWORK_SERVICE"] == service


def test_services_meet_under_the_names_they_have() -> None:
    for name, container in containers(VALUES).items():
        for key, value in container.environment.items():
            if key.startswith("INTERNAL_URL_"):
                assert value == f"http://{key.removeprefix('INTERNAL_URL_').lower()}:8000", name
            if key.startswith("PUBLIC_URL_"):
                path = key.removeprefix("PUBLIC_URL_").lower()
                assert value == f"https://linkwork.example/{path}", name
        assert set(container.waits_for) <= set(NAMES)


def test_the_tables_are_there_before_a_service_starts() -> None:
    for service in SERVICES:
        for name in (service, f"{service}-worker"):
            waits = containers(VALUES)[name].waits_for
            assert waits[f"{service}-migrate"] == "service_completed_successfully"
        migrate = containers(VALUES)[f"{service}-migrate"]
        assert migrate.command == (f"linkwork-{service}", "migrate")
        assert migrate.waits_for == {"postgres": "service_healthy"}


def test_every_mounted_file_and_volume_exists() -> None:
    named = set()
    for name in NAMES:
        for mounted in raw(name).get("volumes", ()):
            source = mounted.split(":")[0]
            if source.startswith("./"):
                assert (ROOT / source).exists(), mounted
                assert mounted.endswith(":ro")
            else:
                named.add(source)
    assert named == set(loaded()["volumes"])


def test_the_databases_log_repeats_nothing_that_was_typed() -> None:
    words = containers(VALUES)["postgres"].command[1:]
    assert SILENT.items() <= dict(word.removeprefix("--").split("=", 1) for word in words).items()


def test_images_of_others_have_a_version_and_no_address() -> None:
    for name in NAMES:
        if "build" not in raw(name):
            assert re.fullmatch(r"([a-z]+/)?[a-z]+:\d[\w.-]*", raw(name)["image"]), name


def rows_of_settings() -> list[tuple[list[str], str, str]]:
    """The table of settings: names, who reads them, and what is said of them."""
    table = RUNNING_MD.partition("\n## Settings\n")[2].split("\n\n")[1].splitlines()[2:]
    cells = [[cell.strip() for cell in line.strip("|").split(" | ", 2)] for line in table]
    return [(re.findall(r"`([^`]+)`", names), readers, words) for names, readers, words in cells]


def readers_of(name: str, readers: str) -> list[str]:
    """The containers that have to get a setting, by the second column of its row."""
    if readers == "that service":
        readers = name.rpartition("_")[2].lower()
    chosen = [service for service in SERVICES if service in readers] or list(SERVICES)
    return [
        f"{service}{part}"
        for service in chosen
        for part in ("", "-worker")
        if not (part and readers == "web") and not (not part and readers == "workers")
    ]


def test_every_setting_of_the_documentation_reaches_whoever_reads_it() -> None:
    of_image = " ".join(rest for word, rest in recipe().steps if word == "ENV")
    given = {name: f"a-value-of-{name}" for names, _, _ in rows_of_settings() for name in names}
    known = containers(given | VALUES)
    lost = []
    for names, readers, words in rows_of_settings():
        if readers == "`make run`" or "not with Docker Compose" in words:
            continue
        for general in names:
            for name in [general.replace("<SERVICE>", service.upper()) for service in SERVICES]:
                lost += [
                    f"{name} of {each}"
                    for each in readers_of(name, readers)
                    if name not in known[each].environment and f"{name}=" not in of_image
                ]
    assert sorted(set(lost)) == []
    assert len(given) > 25


def test_what_is_said_of_traces_reaches_web_and_workers() -> None:
    named = set(re.findall(r"`(OTEL_[A-Z_]+)[`=]", OBSERVING_MD))
    assert len(named) >= 3
    for name in (f"{service}{part}" for service in SERVICES for part in ("", "-worker")):
        assert named <= set(raw(name)["environment"])
    assert "PACKAGES" in OBSERVING_MD


@pytest.mark.parametrize("name", [name for name in NAMES if name not in (*SERVERS, "gateway")])
def test_an_image_is_built_from_the_packages_that_are_asked_for(name: str) -> None:
    built = containers(VALUES | {"PACKAGES": "requirements-tracing.txt"})[name].raw["build"]["args"]
    assert built["PACKAGES"] == "requirements-tracing.txt"
    assert containers(VALUES)[name].raw["build"]["args"]["PACKAGES"] == "requirements.txt"


def test_at_an_upgrade_the_gateway_goes_on_and_then_reads_its_settings_anew() -> None:
    lines = block("Upgrade").splitlines()
    (stopped,) = [line.split()[3:] for line in lines if line.startswith("docker compose stop")]
    assert set(stopped) == set(NAMES) - {*SERVERS, *ONCE, "gateway"}
    assert lines[-2:] == ["docker compose up --detach", "docker compose restart gateway"]


def test_no_command_of_the_documentation_leaves_its_umask_behind() -> None:
    """Code that is fetched in the same shell afterwards could be read by nobody in a container."""
    for heading in ("With Docker Compose", "Backup"):
        assert re.search(r"^\((\n  .*)+\n\)$", block(heading), re.MULTILINE), heading
        assert not re.search(r"^umask", block(heading), re.MULTILINE)


def test_every_variable_is_explained() -> None:
    named = set(re.findall(r"`([A-Z][A-Z_]+)`", RUNNING_MD))
    ours = {name for name in variables() if not name.startswith("SERVICE_KEY_")}
    assert ours <= named
    for name, default in variables().items():
        if default:
            assert f"`{default}" in RUNNING_MD, name
