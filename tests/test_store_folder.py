"""Plain files on the disk: whole or not at all, private, and never over something that is there."""

import os
import signal
import stat
import subprocess
import time

import pytest

from takeback import errors
from takeback.store import outbox
from takeback.store.folder import FolderReader, write_file, write_folder
from takeback.terms import Part

PARTS = {"bagit.txt": b"one", "data/exhibits/AB-1/AB-1.jpg": b"two" * 100_000, "data/empty.txt": b""}


def parts(given=PARTS):
    return (Part.of(path, data) for path, data in given.items())


def test_a_folder_is_written_whole_and_private(tmp_path):
    old = os.umask(0)
    try:
        write_folder(tmp_path / "out", parts())
    finally:
        os.umask(old)
    reader = FolderReader(tmp_path / "out")
    assert {path: b"".join(reader.read(path)) for path, _ in reader.entries()} == PARTS
    for path in (tmp_path / "out", *(tmp_path / "out").rglob("*")):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_what_fails_half_way_leaves_nothing(tmp_path):
    def failing():
        yield from parts()
        raise errors.BadFile("it broke")

    with pytest.raises(errors.BadFile):
        write_folder(tmp_path / "out", failing())
    with pytest.raises(ZeroDivisionError):
        write_file(tmp_path / "file", lambda write: (write(b"half"), 1 / 0))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("there", ["a folder", "an empty folder", "a file", "a link to nowhere"])
def test_something_that_is_there_is_never_touched(tmp_path, there):
    target = tmp_path / "out"
    if there == "a file":
        target.write_bytes(b"mine")
    elif there == "a link to nowhere":
        target.symlink_to(tmp_path / "nowhere")
    else:
        target.mkdir()
        if there == "a folder":
            (target / "mine").write_bytes(b"mine")
    before = sorted(str(path) for path in tmp_path.rglob("*"))
    with pytest.raises(errors.BadInput, match="already something"):
        write_folder(target, parts())
    with pytest.raises(errors.BadInput, match="already something"):
        write_file(target, lambda write: write(b"x"))
    assert sorted(str(path) for path in tmp_path.rglob("*")) == before


def test_something_that_came_while_we_wrote_is_never_touched(tmp_path):
    def meanwhile():
        yield from parts()
        (tmp_path / "out").mkdir()

    with pytest.raises(errors.BadInput, match="already something"):
        write_folder(tmp_path / "out", meanwhile())
    with pytest.raises(errors.BadInput, match="already something"):
        write_file(tmp_path / "file", lambda write: (tmp_path / "file").write_bytes(b"mine"))
    assert (tmp_path / "file").read_bytes() == b"mine"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "out"]


def test_bytes_are_on_the_disk_before_they_get_their_name(tmp_path, monkeypatch):
    order, sync, rename = [], os.fsync, os.replace
    monkeypatch.setattr(os, "fsync", lambda handle: (order.append("sync"), sync(handle)))
    monkeypatch.setattr(os, "replace", lambda *names: (order.append("name"), rename(*names)))
    write_file(tmp_path / "file", lambda write: write(b"x"))
    assert order == ["sync", "name", "sync"]


def test_a_file_that_is_half_written_stands_on_nothing_that_was_there(tmp_path):
    somebody_elses = tmp_path / "file.part"
    somebody_elses.write_bytes(b"mine")
    somebody_elses.chmod(0o666)
    write_file(tmp_path / "file", lambda write: write(b"new"))
    assert (somebody_elses.read_bytes(), (tmp_path / "file").read_bytes()) == (b"mine", b"new")
    assert stat.S_IMODE((tmp_path / "file").stat().st_mode) == 0o600


def test_what_is_on_its_way_out_has_no_name_while_it_is_filled(tmp_path):
    seen = []
    with outbox.filled(tmp_path, lambda write: (write(b"sealed"), seen.extend(tmp_path.iterdir()))) as file:
        assert file.read() == b"sealed"
    assert seen == []


def test_a_place_that_is_not_there_is_one_sentence(tmp_path):
    with pytest.raises(errors.BadInput, match="not there"):
        write_folder(tmp_path / "a" / "b", parts())


@pytest.mark.parametrize(
    "path", ["../out", "/etc/x", "data/../../x", "a//b", "", ".hidden", "a\\b", "con\x00", "a b", "é", "x" * 65, "a/.."]
)
def test_a_name_that_is_not_ours_is_refused_and_nothing_is_written(tmp_path, path):
    with pytest.raises(errors.BadInput):
        write_folder(tmp_path / "out", parts({"first.txt": b"x", path: b"x"}))
    assert list(tmp_path.iterdir()) == []


def test_two_names_that_some_disks_take_for_one_are_refused(tmp_path):
    with pytest.raises(errors.BadInput):
        write_folder(tmp_path / "out", parts({"data/a.txt": b"x", "data/A.TXT": b"y"}))


def test_a_part_that_is_not_as_long_as_it_said_is_refused(tmp_path):
    with pytest.raises(errors.BadFile):
        write_folder(tmp_path / "out", [Part("a.txt", 5, [b"abc"])])
    assert list(tmp_path.iterdir()) == []


def test_a_file_is_written_whole_and_private(tmp_path):
    write_file(tmp_path / "one.age", lambda write: [write(b"a"), write(b"b")])
    assert (tmp_path / "one.age").read_bytes() == b"ab"
    assert stat.S_IMODE((tmp_path / "one.age").stat().st_mode) == 0o600


@pytest.fixture
def tiny_disk(tmp_path):
    place = tmp_path / "tiny"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=100k", "tmpfs", place]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("this system gives no tmpfs to mount")
    yield place
    subprocess.run(["umount", place], check=True)


def test_a_full_disk_is_one_sentence_and_leaves_nothing(tiny_disk):
    with pytest.raises(errors.Unwritable, match="no room"):
        write_folder(tiny_disk / "out", parts())
    with pytest.raises(errors.Unwritable, match="no room"):
        write_file(tiny_disk / "file", lambda write: write(b"x" * 300_000))
    assert list(tiny_disk.iterdir()) == []


def test_a_folder_that_may_not_be_written_is_one_sentence(tmp_path):
    if os.geteuid() == 0:
        tmp_path = type(tmp_path)("/proc")
    else:
        tmp_path.chmod(0o500)
    with pytest.raises(errors.Unwritable):
        write_folder(tmp_path / "out", parts())


# ---------------------------------------------------------------- killed while writing


def killed_while_writing(target):
    """A real process that is killed with half a folder written."""
    started, tell = os.pipe()
    if not (child := os.fork()):

        def endless():
            yield from parts()
            os.write(tell, b"x")
            time.sleep(60)

        try:
            write_folder(target, endless())
        finally:
            os._exit(1)
    os.close(tell)
    assert os.read(started, 1) == b"x"
    os.close(started)
    return child


def test_what_a_killed_process_left_is_seen_and_taken_away_by_the_next_one(tmp_path):
    child = killed_while_writing(tmp_path / "out")
    (left,) = tmp_path.iterdir()
    assert left.name.startswith("out.unfinished-")
    assert left.stat().st_mode & 0o777 == 0o700
    write_folder(tmp_path / "other", parts())
    assert left.exists(), "its writer is alive"
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    write_folder(tmp_path / "out", parts())
    assert sorted(path.name for path in tmp_path.iterdir()) == ["other", "out"]


@pytest.mark.parametrize("why", ["no lock", "more in it", "others can read it", "a lock with words", "a link"])
def test_a_folder_that_only_looks_like_one_of_ours_is_never_touched(tmp_path, why):
    mine = tmp_path / "diary.unfinished-2019"
    mine.mkdir(mode=0o755 if why == "others can read it" else 0o700)
    (mine / "folder").mkdir()
    (mine / "folder" / "page").write_text("dear diary")
    if why != "no lock":
        (mine / "takeback.lock").write_text("words" if why == "a lock with words" else "")
    if why == "more in it":
        (mine / "photo.jpg").write_bytes(b"x")
    if why == "a link":
        mine.rename(tmp_path / "elsewhere")
        mine.symlink_to(tmp_path / "elsewhere")
    write_folder(tmp_path / "out", parts())
    assert (mine / "folder" / "page").read_text() == "dear diary"
