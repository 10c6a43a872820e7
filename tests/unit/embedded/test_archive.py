import io
import json
import tarfile

import pytest

from shared.embedded.archive import members, pack, unpack
from shared.embedded.problems import CannotGoOn

SERVICES = ("apples", "pears")


@pytest.fixture
def made(tmp_path):
    """A whole backup and what is in it."""
    draft = tmp_path / "draft"
    draft.mkdir()
    content = {name: name.encode() * 1000 for name in members(SERVICES)}
    for name, inside in content.items():
        (draft / name).write_bytes(inside)
    target = tmp_path / "backup.tar"
    pack(draft, SERVICES, ["apples"], target)
    place = tmp_path / "place"
    place.mkdir()
    return target, place, content


def test_what_goes_in_comes_out(made):
    target, place, content = made
    assert target.stat().st_mode & 0o777 == 0o600
    assert unpack(target, place, SERVICES)["demo"] == ["apples"]
    assert {name: (place / name).read_bytes() for name in content} == content


@pytest.mark.parametrize("length", [0, 100, 3000, 6000])
def test_a_backup_cut_short_is_refused(made, length):
    target, place, _ = made
    target.write_bytes(target.read_bytes()[:length])
    with pytest.raises(CannotGoOn, match="nothing was changed"):
        unpack(target, place, SERVICES)


def test_a_member_that_does_not_match_its_sum_is_named(made):
    target, place, _ = made
    whole = target.read_bytes()
    target.write_bytes(whole.replace(b"pears.dumppears.dump", b"pears.dumpPEARS.dump", 1))
    with pytest.raises(CannotGoOn, match=r"pears\.dump is damaged"):
        unpack(target, place, SERVICES)


def _tar(path, manifest):
    with tarfile.open(path, "w") as tar:
        for name in ("manifest.json", *members(SERVICES)):
            inside = json.dumps(manifest).encode() if name == "manifest.json" else b""
            entry = tarfile.TarInfo(name)
            entry.size = len(inside)
            tar.addfile(entry, io.BytesIO(inside))


@pytest.mark.parametrize(
    ("manifest", "words"),
    [
        ({"format": 99, "sha256": {}}, "another version of Linkwork"),
        ({"format": 1}, "nothing was changed"),
        ([], "nothing was changed"),
        ({"format": 1, "sha256": {}}, "is damaged"),
    ],
)
def test_a_strange_manifest_is_refused(tmp_path, manifest, words):
    _tar(tmp_path / "strange.tar", manifest)
    with pytest.raises(CannotGoOn, match=words):
        unpack(tmp_path / "strange.tar", tmp_path, SERVICES)


def test_a_member_that_points_out_of_the_archive_is_not_followed(tmp_path):
    with tarfile.open(tmp_path / "sly.tar", "w") as tar:
        entry = tarfile.TarInfo("manifest.json")
        entry.type, entry.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(entry)
    with pytest.raises(CannotGoOn, match="nothing was changed"):
        unpack(tmp_path / "sly.tar", tmp_path, SERVICES)


def test_a_file_that_is_no_archive_is_refused_in_one_plain_sentence(tmp_path):
    (tmp_path / "hostname").write_text("a-machine\n")
    with pytest.raises(CannotGoOn) as refused:
        unpack(tmp_path / "hostname", tmp_path, SERVICES)
    said = str(refused.value)
    assert "is not a backup of Linkwork" in said
    assert "ReadError" not in said
    assert "method" not in said
