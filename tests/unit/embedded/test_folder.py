import errno
import json
import os
import shutil
from pathlib import Path

import pytest

from shared.embedded.folder import Folder, cut_log, read_json, shortened, tail, write_json
from shared.embedded.problems import CannotGoOn, explain_os_error


def test_a_disk_without_room_is_said_with_figures_before_anything_starts(tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10**9, 10**9, 5_000_000))
    with pytest.raises(CannotGoOn, match=r"needs 300 MB of free disk and there are 5 MB"):
        Folder(tmp_path / ".linkwork").prepare()


def test_a_folder_that_cannot_be_made_is_said_in_a_sentence(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(CannotGoOn, match="Linkwork could not prepare its folder"):
        Folder(tmp_path / "file" / ".linkwork").prepare()


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "the disk is full (/data/x). Free some space"),
        (errno.EACCES, "this user may not write there (/data/x)"),
        (errno.EROFS, "this user may not write there (/data/x)"),
        (errno.EIO, "Linkwork could not write the backup: Input/output error (/data/x)"),
    ],
)
def test_the_system_s_refusals_are_said_with_how_to_mend_them(number, words):
    refusal = OSError(number, os.strerror(number), "/data/x")
    assert words in str(explain_os_error(refusal, "write the backup"))


def test_one_holder_at_a_time_and_who_it_is_is_named(tmp_path):
    first, second = Folder(tmp_path), Folder(tmp_path)
    first.prepare()
    assert not second.in_use()
    first.lock(print)
    assert second.in_use()
    with pytest.raises(CannotGoOn, match=rf"already running from this folder \(process {os.getpid()}\)"):
        second.lock(print)
    first.unlock()
    second.lock(print)
    second.unlock()


def test_the_remains_of_a_killed_run_are_waited_for_and_then_named(tmp_path):
    killed, next_run = Folder(tmp_path), Folder(tmp_path)
    killed.prepare()
    killed.lock(print)
    (tmp_path / "lock").write_text("4194999")
    said = []
    with pytest.raises(CannotGoOn, match="A run that was killed has not gone away yet"):
        next_run.lock(said.append, patience=0.2)
    assert len(said) == 1
    killed.unlock()


def test_json_is_for_this_user_alone_and_a_damaged_file_is_said(tmp_path):
    path = tmp_path / "secrets.json"
    assert read_json(path) == {}
    write_json(path, {"a": "b"})
    assert json.loads(path.read_text()) == {"a": "b"}
    assert path.stat().st_mode & 0o777 == 0o600
    for damage in ("{", "[]"):
        path.write_text(damage)
        with pytest.raises(CannotGoOn, match="is damaged"):
            read_json(path)


def test_a_log_s_end_is_its_last_lines(tmp_path):
    log = tmp_path / "x.log"
    assert tail(log) == ""
    log.write_text("".join(f"line {number}\n" for number in range(30_000)))
    assert tail(log, 2) == "line 29998\nline 29999"


def test_a_log_grown_large_is_set_aside(tmp_path):
    folder = Folder(tmp_path)
    folder.prepare()
    big: Path = folder.logs / "web.log"
    big.write_bytes(b"x" * 5_000_001)
    assert folder.log_file("web") == big
    assert not big.exists()
    assert big.with_suffix(".log.1").stat().st_size == 5_000_001


def test_the_terminal_gets_what_happened_of_a_log_line_and_not_all_of_it():
    line = '{"service": "directory", "event": "it broke", "level": "error", "timestamp": "2026"}'
    assert shortened(line) == "error it broke"
    assert len(shortened("x" * 5000)) == 160


def test_a_log_grown_large_is_emptied_under_its_writer_and_set_aside(tmp_path, monkeypatch):
    monkeypatch.setattr("shared.embedded.folder.LOG_KEPT", 10)
    log = tmp_path / "beat.log"
    with log.open("ab", buffering=0) as writer:
        writer.write(b"long enough to be set aside")
        cut_log(log)
        writer.write(b"later")
        cut_log(log)
    assert log.read_bytes() == b"later"
    assert (tmp_path / "beat.log.1").read_bytes() == b"long enough to be set aside"
