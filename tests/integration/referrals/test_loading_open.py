"""Referrals that were open before Linkwork came are loaded from a file, and nobody is told of anything."""

from __future__ import annotations

import csv
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from services.referrals.actions import measure_waits
from services.referrals.actions.chase_late import chase_late
from services.referrals.actions.loading import run
from services.referrals.actions.loading.run import Outcome, Verdict, load_open
from services.referrals.actions.rescue_lost import rescue_lost
from services.referrals.cli import main
from services.referrals.domain.working_days import end_of_day, uk_day
from shared.auth import Membership, Role
from shared.clock import now
from shared.errors import Invalid, Unavailable
from tests.builders.open_referrals import (
    LEAD,
    PCN,
    SENDER,
    SENDER_EMAIL,
    TEAM,
    WORKER,
    a_row,
    as_csv,
    fill_exampleton,
)
from tests.builders.referrals import System, one, rows
from tests.builders.referrals_world import fill

EXAMPLE = Path(__file__).parents[3] / "docs" / "going-live" / "example" / "open-referrals.csv"


@pytest.fixture(scope="module", autouse=True)
def exampleton(app: Flask) -> Iterator[None]:
    """The place of docs/listings beside the invented world, and the world alone afterwards."""
    fill_exampleton()
    yield
    fill(now())


@pytest.fixture(autouse=True)
def nothing_there(clean: None) -> None:
    """Each test begins without referrals."""


def load(*told: dict[str, str], dry_run: bool = False, **more: Any) -> list[Verdict]:
    return load_open(as_csv(told), at=now(), dry_run=dry_run, **more)


def row(number: int = 0, **changes: str) -> dict[str, str]:
    return a_row(number, uk_day(now()), **changes)


def kept() -> list[dict[str, Any]]:
    return rows("select * from referral order by external_id")


def outcomes(found: list[Verdict]) -> dict[Outcome, int]:
    return {outcome: n for outcome in Outcome if (n := sum(v.outcome is outcome for v in found))}


BAD: tuple[tuple[str, dict[str, str]], ...] = (
    ("nhs_number", {"nhs_number": "999 123 4567"}),
    ("date_of_birth", {"date_of_birth": "11.2.1950"}),
    ("postcode", {"postcode": "nowhere"}),
    ("phone", {"phone": "ring the bell"}),
    ("needs", {"needs": "company"}),
    ("sender_organization", {"sender_organization": "Z00000"}),
    ("team", {"team": "nobody"}),
    ("team", {"sender_organization": "Unsigned Surgery"}),
    ("team", {"agreed_share_referral": "no"}),
    ("worker", {"worker": "jo@elsewhere.example"}),
    ("worker", {"worker": ""}),
    ("stage", {"stage": "completed"}),
    ("sent_on", {"sent_on": ""}),
    ("sent_on", {"sent_on": "2999-01-01"}),
    ("accepted_on", {"accepted_on": "2019-01-01"}),
    ("lawful_basis", {"lawful_basis": "because"}),
    ("phone_safe", {"phone_safe": "perhaps"}),
    ("priority", {"priority": "urgent"}),
    ("service", {"service": "tea-and-talk"}),
    ("what_matters", {"what_matters": "x" * 4001}),
)


def test_five_hundred_rows_with_twenty_bad_ones_load_but_for_the_twenty(
    record_property: Callable[[str, object], None],
) -> None:
    told = [row(number) for number in range(500)]
    for place, (_, changes) in enumerate(BAD):
        # Every one of them is in a stage that has a worker and a day of acceptance.
        told[place * 24 + 1] |= changes
    began = time.perf_counter()
    dry = load(*told, dry_run=True)
    dry_took = time.perf_counter() - began
    assert kept() == []
    began = time.perf_counter()
    found = load(*told)
    took = time.perf_counter() - began
    record_property("seconds", {"dry run": round(dry_took, 1), "load": round(took, 1)})
    assert outcomes(dry) == {Outcome.WOULD_LOAD: 480, Outcome.REFUSED: 20}
    assert outcomes(found) == {Outcome.LOADED: 480, Outcome.REFUSED: 20}
    refused = {v.external_id: [p.column for p in v.problems] for v in found if v.problems}
    assert refused == {f"row-{place * 24 + 1}": [column] for place, (column, _) in enumerate(BAD)}
    assert all(problem.words for verdict in found for problem in verdict.problems)
    assert [v.external_id for v in dry if v.problems] == list(refused)
    assert one("select count(*) from referral") == 480
    assert one("select count(*) from outbox") == 0
    mended = [row(n) if f"row-{n}" in refused else each for n, each in enumerate(told)]
    assert outcomes(load(*mended)) == {Outcome.LOADED: 20, Outcome.HERE: 480}
    assert took < 120


@pytest.mark.parametrize(("column", "changes"), BAD)
def test_a_refusal_names_the_column(column: str, changes: dict[str, str]) -> None:
    (verdict,) = load(row(1, **changes))
    assert (verdict.outcome, [p.column for p in verdict.problems]) == (Outcome.REFUSED, [column])
    assert kept() == []


def test_a_second_load_of_the_same_file_changes_nothing() -> None:
    told = [row(number) for number in range(8)]
    load(*told)
    before = kept(), rows("select * from move order by id"), rows("select * from person_record order by id")
    assert outcomes(load(*told)) == {Outcome.HERE: 8}
    assert before == (
        kept(),
        rows("select * from move order by id"),
        rows("select * from person_record order by id"),
    )


def test_a_load_ended_half_way_is_finished_by_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    told, keep = [row(number) for number in range(6)], run.keep_open
    done: list[int] = []

    def killed(*given: Any) -> Any:
        done.append(1)
        made = keep(*given)
        if len(done) == 4:
            raise KeyboardInterrupt
        return made

    monkeypatch.setattr(run, "keep_open", killed)
    with pytest.raises(KeyboardInterrupt):
        load(*told)
    assert one("select count(*) from referral") == 3
    assert one("select count(*) from person_record") == 3
    monkeypatch.undo()
    assert outcomes(load(*told)) == {Outcome.HERE: 3, Outcome.LOADED: 3}


def test_the_days_and_the_worker_are_as_the_file_says() -> None:
    today = uk_day(now())
    load(*(row(number) for number in range(4)))
    received, accepted, progress, hold = kept()
    assert [each["status"] for each in kept()] == ["received", "accepted", "in-progress", "on-hold"]
    for each in kept():
        assert uk_day(each["submitted_at"]) == today - timedelta(days=100)
        assert (each["owner_team_id"], each["sender_sector"]) == (TEAM, "health")
    assert [received["assignee_id"], accepted["assignee_id"], hold["assignee_id"]] == [None, WORKER, WORKER]
    assert uk_day(progress["first_contact_at"]) == today - timedelta(days=80)
    assert hold["next_action_at"] == end_of_day(today + timedelta(days=30))
    assert (hold["held_from"], hold["review_on"]) == ("accepted", today + timedelta(days=30))
    acts = rows(
        "select act, reason, outside, event_id from move where referral_id = :id order by id", id=hold["id"]
    )
    assert [each["act"] for each in acts] == ["submit", "receive", "route", "accept", "hold"]
    assert {(each["reason"], each["event_id"]) for each in acts} == {("loaded", None)}
    assert acts[0]["outside"] == "Loaded from the records kept before Linkwork."


def test_nobody_hears_of_what_was_late_before_it_was_loaded() -> None:
    late = (uk_day(now()) - timedelta(days=30)).isoformat()
    load(row(1, next_action_on=late), row(2, next_action_on=late))
    assert chase_late(at=now()) == 0
    assert rescue_lost(at=now()).rescued == 0
    assert one("select count(*) from outbox") == 0
    assert [(each["rung"], each["escalated"]) for each in kept()] == [(3, True), (3, True)]


def test_what_becomes_late_after_the_load_is_told() -> None:
    load(row(1, next_action_on=(uk_day(now()) - timedelta(days=-1)).isoformat()))
    assert chase_late(at=now() + timedelta(days=12)) == 1
    assert one("select count(*) from outbox where type = 'referral.chased.v1'") == 3


def test_those_seen_before_the_load_do_not_make_the_measured_wait() -> None:
    today = uk_day(now())
    seen = {"first_contact_on": (today - timedelta(days=3)).isoformat()}
    load(*(row(4 * number + 2, **seen) for number in range(12)))
    measure_waits.measure_waits(at=now())
    assert rows("select started, open_now from measured_wait") == [{"started": 0, "open_now": 12}]


def test_two_lines_with_one_id_are_not_both_taken() -> None:
    first, second = load(row(0), row(1, external_id="row-0"))
    assert (first.outcome, second.outcome) == (Outcome.LOADED, Outcome.REFUSED)
    assert second.problems[0].column == "external_id"
    (again,) = load(row(2, external_id="row-0", given_name="Bea", date_of_birth="1977-01-01"))
    assert again.outcome is Outcome.REFUSED


def test_the_same_request_twice_in_a_file_is_one_referral_dry_or_not() -> None:
    same = row(0)
    for dry_run in (True, False):
        _, second = load(same, same | {"external_id": "another"}, dry_run=dry_run)
        assert second.outcome is Outcome.REFUSED
        assert "Line 2" in second.problems[0].words


def test_what_is_open_already_by_another_way_is_not_loaded_beside_it() -> None:
    load(row(0, nhs_number="9997751698"))
    (found,) = load(row(0, nhs_number="9997751698", source_system="another list"))
    assert found.outcome is Outcome.HERE
    assert one("select count(*) from referral") == 1


def test_a_way_nobody_asked_about_is_not_used() -> None:
    load(row(0, phone_safe=""))
    points = rows("select channel, asked, safe from contact_point order by place_in_list")
    assert points[0] == {"channel": "phone", "asked": False, "safe": False}


def test_whoever_sent_it_is_its_author_where_the_directory_knows_them() -> None:
    told = {"referrer_name": "Dale Desk", "referrer_email": SENDER_EMAIL}
    load(row(0, **told), row(1))
    known, unknown = kept()
    assert (known["author_id"], known["author_kind"]) == (SENDER, "person")
    assert (unknown["author_id"], unknown["author_kind"]) == (None, "client")


def test_a_restricted_one_is_for_its_author_its_worker_and_the_lead() -> None:
    load(row(1, restricted="yes", referrer_name="Dale Desk", referrer_email=SENDER_EMAIL))
    (found,) = kept()
    assert (found["restricted"], found["restricted_to"], found["author_id"]) == (True, [WORKER], SENDER)
    assert LEAD not in found["restricted_to"]


def test_danger_stands_at_the_top_and_the_verdict_says_so() -> None:
    (found,) = load(row(0, what_matters="I want to end my life"))
    assert "top of the queue" in found.note
    assert kept()[0]["urgency"] == 0
    assert one("select count(*) from outbox") == 0


def test_another_organisations_teams_are_left_out_where_one_is_named() -> None:
    (found,) = load(row(0), organization="Mill Lane Surgery")
    assert (found.outcome, found.problems[0].column) == (Outcome.REFUSED, "team")
    with pytest.raises(Invalid):
        load(row(0), organization="nobody at all")


def test_nothing_is_loaded_while_the_directory_has_not_been_heard_of() -> None:
    with pytest.raises(Unavailable):
        load_open(as_csv([row(0)]), at=now() + timedelta(days=3))
    assert kept() == []


@pytest.mark.parametrize(
    "lines",
    [
        ["source_system,external_id\n"],
        ["stage,stage\n"],
        ['a,"b\n'],
        ["x" * 200_000],
        ["surprise," + ",".join(run.REQUIRED) + "\n"],
        [",".join(run.REQUIRED) + "\n", *["s,1,o,t,received,2026-01-01,public_task\n"] * 5001],
    ],
    ids=["columns lack", "named twice", "no csv", "one long cell", "unknown column", "too many"],
)
def test_a_file_that_cannot_be_read_as_a_whole_is_refused_whole(lines: list[str]) -> None:
    with pytest.raises(Invalid):
        load_open(lines, at=now())


def test_the_example_of_the_documentation_loads() -> None:
    with EXAMPLE.open(encoding="utf-8", newline="") as lines:
        found = load_open(lines, at=datetime(2026, 11, 22, 12, tzinfo=UTC))
    assert outcomes(found) == {Outcome.LOADED: 4}, found
    assert [each["status"] for each in kept()] == ["received", "accepted", "in-progress", "on-hold"]


def test_the_sender_and_the_worker_read_that_it_was_loaded(system: Callable[[str | None], System]) -> None:
    load(row(2))
    ident = kept()[0]["id"]
    history = _as_lead(system).get(f"/referrals/{ident}/history").json["items"]
    assert {item["reason"] for item in history} == {"loaded"}
    assert (history[0]["label"], history[0]["outside"]) == (
        "Sent",
        "Loaded from the records kept before Linkwork.",
    )


def test_after_the_load_work_goes_on_as_usual(system: Callable[[str | None], System]) -> None:
    load(row(0))
    ident = kept()[0]["id"]
    done = _as_lead(system).act(ident, "accept", assignee_id=str(WORKER))
    assert (done.status_code, done.json["status"]) == (200, "accepted")
    assert one("select count(*) from outbox where type = 'referral.accepted.v1'") == 1


def _as_lead(system: Callable[[str | None], System]) -> System:
    found = system("lead")
    caller = replace(found.caller, org=PCN, memberships=(Membership(PCN, Role.LEAD, TEAM),))
    return System(found.app, caller)


def test_the_command_says_what_it_did_and_writes_cells_no_spreadsheet_works_out(tmp_path: Path) -> None:
    file, verdicts = tmp_path / "open.csv", tmp_path / "verdicts.csv"
    told = [row(0, external_id="=1+1"), row(1, external_id="@x", stage="completed")]
    file.write_text("".join(as_csv(told)), encoding="utf-8")
    done = CliRunner().invoke(main, ["load-open", str(file), "--verdicts", str(verdicts)])
    assert done.exit_code == 1
    assert "1 loaded, 1 refused. Nobody was told of anything." in done.output
    assert "Invented" not in done.output
    written = list(csv.reader(verdicts.read_text(encoding="utf-8").splitlines()))
    assert [each[1] for each in written[1:]] == ["'=1+1", "'@x"]
    assert "Invented" not in verdicts.read_text(encoding="utf-8")


def test_the_command_refuses_what_is_no_text(tmp_path: Path) -> None:
    file = tmp_path / "open.csv"
    file.write_bytes(b"\xff\xfe\x00")
    done = CliRunner().invoke(main, ["load-open", str(file), "--dry-run"])
    assert (done.exit_code, "UTF-8" in done.output) == (1, True)


def command(file: Path, out: Path | str, typed: str | None = None) -> Result:
    return CliRunner().invoke(main, ["load-open", str(file), "--verdicts", str(out)], input=typed)


def a_file(folder: Path, *told: dict[str, str]) -> Path:
    file = folder / "open.csv"
    file.write_text("".join(as_csv(told)), encoding="utf-8")
    return file


def a_folder(tmp_path: Path) -> Path:
    (tmp_path / "there").mkdir()
    return tmp_path / "there"


def in_no_folder(tmp_path: Path) -> Path:
    return tmp_path / "not-there" / "verdicts.csv"


def below_a_file(tmp_path: Path) -> Path:
    return tmp_path / "open.csv" / "verdicts.csv"


def the_file_itself(tmp_path: Path) -> Path:
    return tmp_path / "open.csv"


def a_link_to_the_file(tmp_path: Path) -> Path:
    (tmp_path / "link.csv").symlink_to(tmp_path / "open.csv")
    return tmp_path / "link.csv"


def a_name_too_long(tmp_path: Path) -> Path:
    return tmp_path / ("v" * 300)


@pytest.mark.parametrize(
    "make",
    [a_folder, in_no_folder, below_a_file, the_file_itself, a_link_to_the_file, a_name_too_long],
)
def test_nothing_is_loaded_where_the_verdicts_cannot_be_written(
    tmp_path: Path, make: Callable[[Path], Path]
) -> None:
    file = a_file(tmp_path, row(0))
    before = file.read_text(encoding="utf-8")
    done = command(file, make(tmp_path))
    assert isinstance(done.exception, SystemExit), done.exception
    assert done.exit_code != 0
    assert "Error: " in done.output
    assert kept() == []
    assert file.read_text(encoding="utf-8") == before


def test_where_the_disk_is_full_it_is_said_what_was_loaded_and_the_next_run_writes_the_verdicts(
    tmp_path: Path,
) -> None:
    file, out = a_file(tmp_path, row(0)), tmp_path / "verdicts.csv"
    full = command(file, "/dev/full")
    assert isinstance(full.exception, SystemExit), full.exception
    assert full.exit_code == 1
    assert "1 loaded" in full.output
    assert "What was loaded stays" in full.output
    assert len(kept()) == 1
    assert command(file, out).exit_code == 0
    (_, told) = csv.reader(out.read_text(encoding="utf-8").splitlines())
    assert told[2] == "already here"
    assert "reference" in told[4]


def test_verdicts_of_before_stay_until_there_are_new_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, out = a_file(tmp_path, row(0)), tmp_path / "verdicts.csv"
    out.write_text("of before " * 1000)
    with monkeypatch.context() as away:
        away.setattr("services.referrals.actions.loading.run.Directory.is_fresh", lambda *_: False)
        assert command(file, out).exit_code == 1
        assert command(file, tmp_path / "new.csv").exit_code == 1
    assert out.read_text() == "of before " * 1000
    assert not (tmp_path / "new.csv").exists()
    assert command(file, out).exit_code == 0
    assert out.read_text().startswith("line,external_id,verdict")
    assert "of before" not in out.read_text()


def test_a_file_comes_in_and_the_verdicts_go_out_by_the_standard_streams(
    capfdbinary: pytest.CaptureFixture[bytes],
) -> None:
    told = "\ufeff" + "".join(as_csv([row(0), row(1, stage="completed")]))
    done = command(Path("-"), "-", typed=told)
    assert done.exit_code == 1
    assert "1 loaded, 1 refused" in done.stderr
    assert done.stdout == ""
    sheet = list(csv.reader(capfdbinary.readouterr().out.decode().splitlines()))
    assert [line[2] for line in sheet] == ["verdict", "loaded", "refused"]
    assert len(kept()) == 1


def test_too_much_on_the_standard_input_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.referrals.loading_commands.MOST_BYTES", 100)
    done = command(Path("-"), "-", typed="".join(as_csv([row(0)])))
    assert done.exit_code == 1
    assert "load it in parts" in done.output
    assert kept() == []
