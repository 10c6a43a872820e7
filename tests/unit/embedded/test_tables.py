import dataclasses

import pytest

from shared.embedded import tables
from shared.embedded.folder import Folder, read_json
from shared.embedded.plan import linkwork


class Recorded:
    """Stands for the supervisor: keeps which commands were asked for; fails when told to."""

    def __init__(self, root):
        self.root = root
        self.asked = []
        self.fails = False

    def run_all(self, commands, doing):
        self.asked.append((doing, sorted(commands)))
        if self.fails:
            raise RuntimeError(doing)


@pytest.fixture
def place(tmp_path):
    """A plan with code of its own, a folder and a recorder."""
    for name in ("services/directory", "services/referrals", "services/notifications", "shared"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "code.py").write_text("1")
    folder = Folder(tmp_path / ".linkwork")
    folder.prepare()
    return linkwork(5000, "beat"), folder, Recorded(tmp_path)


ALL = ["directory", "notifications", "referrals"]


def _migrate(place, *, alone=True, empty=()):
    plan, folder, commands = place
    commands.asked.clear()
    tables.migrate(plan, folder, commands, alone=alone, empty=list(empty))
    return commands.asked[0][1]


def test_tables_are_migrated_at_first_and_then_only_after_new_code(place):
    root = place[2].root
    assert _migrate(place) == ALL
    assert _migrate(place) == []
    (root / "services/referrals/code.py").write_text("2")
    assert _migrate(place) == ["referrals"]
    (root / "shared/more.json").write_text("{}")
    assert _migrate(place) == ALL
    assert _migrate(place) == []


def test_an_empty_database_is_migrated_whatever_was_done_before(place):
    _migrate(place)
    assert _migrate(place, empty=["directory"]) == ["directory"]


def test_a_database_that_others_may_change_is_looked_at_each_time(place):
    _migrate(place)
    assert _migrate(place, alone=False) == ALL


def test_a_migration_that_failed_is_tried_again(place):
    place[2].fails = True
    with pytest.raises(RuntimeError):
        _migrate(place)
    place[2].fails = False
    assert _migrate(place) == ALL


def test_without_knowing_the_code_tables_are_looked_at_each_time(place):
    plan, folder, commands = place
    blind = (dataclasses.replace(plan, code={}), folder, commands)
    assert _migrate(blind) == ALL
    assert _migrate(blind) == ALL


def test_only_a_database_that_was_empty_gets_the_demo_and_an_interrupted_one_gets_it_next_time(place):
    plan, folder, commands = place
    tables.note_empty(folder, [])
    assert not tables.demo_waits(folder)
    tables.note_empty(folder, ["referrals"])
    commands.fails = True
    with pytest.raises(RuntimeError):
        tables.load_demo(plan, folder, commands)
    commands.fails = False
    tables.note_empty(folder, [])
    assert tables.demo_waits(folder)
    tables.load_demo(plan, folder, commands)
    assert commands.asked[-1] == ("Loading the demo place", ["referrals"])
    assert not tables.demo_waits(folder)
    assert read_json(folder.demo)["loaded"] == ["referrals"]
