"""A stranger's file in the cage: signals, or one sentence; never a crash, a hang, a leak or a way out."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import threading
import time
import zlib
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from socket import create_server

import pytest
from deeds import DEEDS, SAYS
from hostile import OTHERS, PICTURES, TRAPS, png, saved

from takeback import cage, formats, signals
from takeback.cage import answer
from takeback.errors import BadFile
from takeback.terms import Signal

SCRIPT = str(Path(__file__).with_name("deeds.py"))
LIMITS = cage.Limits(memory=1 << 30, cpu=2, wall=1)


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def hostile(role: str, port: int) -> cage.Cage:
    return cage.Cage(LIMITS, (sys.executable, "-I", SCRIPT, role, str(port)))


@pytest.fixture(scope="module")
def guarded(port: int) -> Iterator[cage.Cage]:
    with hostile("guarded", port) as made:
        yield made


@pytest.fixture(scope="module")
def unguarded(port: int) -> Iterator[cage.Cage]:
    with hostile("unguarded", port) as made:
        yield made


@pytest.fixture(scope="module")
def real() -> Iterator[cage.Cage]:
    with cage.Cage() as made:
        yield made


def why(made: cage.Cage, data: bytes) -> str:
    with pytest.raises(formats.Unreadable) as refused:
        made.look(data)
    return refused.value.why


def children(of: int | None = None) -> set[int]:
    """Every process that this one (or another) started, or that one of those did, zombies too."""
    first = os.getpid() if of is None else of
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        parents[int(stat.parent.name)] = int(fields[1])
    found = {first}
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {first}


def pipes_here() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


# ---------------------------------------------------------------- honest files


def test_a_picture_becomes_its_signals(real: cage.Cage) -> None:
    data, seen = PICTURES["rgb.png"]
    looked = real.look(BytesIO(data))
    assert (looked.kind, looked.format, looked.cols, looked.rows) == ("image", "PNG", *seen.size)
    assert (looked.size, looked.sentence) == (len(data), "")
    assert [signal.type for signal in looked.signals] == ["pdq", "sha256", "md5"]
    assert looked.signals[1:] == (Signal("sha256", looked.sha256), Signal("md5", looked.md5))
    assert looked.sha256 == hashlib.sha256(data).hexdigest()
    assert looked.md5 == hashlib.md5(data).hexdigest()


@pytest.mark.parametrize("name", PICTURES)
def test_the_cage_changes_no_bit(name: str, real: cage.Cage) -> None:
    from takeback import media, pixels

    data, _ = PICTURES[name]
    assert real.look(data).signals[:-2] == media.hashed(pixels.pictures(data)).signals


@pytest.mark.parametrize("name", OTHERS)
def test_what_is_not_read_yet_still_has_its_exact_hashes(name: str, real: cage.Cage) -> None:
    looked = real.look(OTHERS[name] + bytes(3_000_000))
    assert looked.format == name
    assert [signal.type for signal in looked.signals] == ["sha256", "md5"]
    assert looked.sha256 == hashlib.sha256(OTHERS[name] + bytes(3_000_000)).hexdigest()
    assert looked.sentence.startswith(f"Takeback cannot read {name} yet")


def test_a_picture_without_detail_is_told_so(real: cage.Cage) -> None:
    from PIL import Image

    looked = real.look(saved(Image.linear_gradient("L"), "PNG"))
    assert looked.signals[0].type == "pdq"
    assert "services refuse" in looked.sentence


def test_a_source_may_come_in_crumbs(real: cage.Cage) -> None:
    class Crumbs(BytesIO):
        def read(self, size: int = -1, /) -> bytes:
            return super().read(min(size, 997))

    data, _ = PICTURES["photo.jpg"]
    assert real.look(Crumbs(data)) == real.look(data)


def test_many_threads_may_look_at_once(real: cage.Cage) -> None:
    names = ["rgb.png", "photo.jpg", "photo.gif", "cmyk.jpg"] * 3
    got: list[cage.Looked | None] = [None] * len(names)

    def look(at: int) -> None:
        got[at] = real.look(PICTURES[names[at]][0])

    threads = [threading.Thread(target=look, args=(at,)) for at in range(len(names))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got == [real.look(PICTURES[name][0]) for name in names]


def test_a_source_that_fails_is_its_own_error_and_costs_nothing_else(real: cage.Cage) -> None:
    class Torn:
        def read(self, size: int, /) -> bytes:
            raise OSError("the disk is gone")

    with pytest.raises(OSError, match="the disk is gone"):
        real.look(Torn())
    assert real.look(PICTURES["rgb.png"][0]).format == "PNG"


# ---------------------------------------------------------------- files made to do harm


@pytest.mark.parametrize("name", TRAPS)
def test_a_trap_ends_in_one_sentence_or_in_its_picture(name: str, real: cage.Cage) -> None:
    data, expected = TRAPS[name]
    if expected is None:
        assert real.look(data).kind == "image"
        return
    with pytest.raises(BadFile) as refused:
        real.look(data)
    assert (refused.value.say(), refused.value.hint) == formats.WHY[expected]
    assert refused.value.exit_code == 2


def test_the_heaviest_honest_picture_fits_within_the_limits(real: cage.Cage) -> None:
    data = png(9_999, 9_999, zlib.compress(bytes(9_999 * 10_000)))
    assert real.look(data).rows == 9_999


def test_two_hundred_bad_files_leave_nothing_behind(guarded: cage.Cage) -> None:
    bad = [data for data, expected in TRAPS.values() if expected and len(data) < 500_000]
    bad += [b"SAY crash", b"SAY nothing", b"SAY rubbish", b"SAY end itself", b"SAY write everywhere"] * 10
    guarded.look(PICTURES["rgb.png"][0])
    pipes = guarded.look(b"SAY count pipes").rows
    before = (pipes_here(), children())
    for data in (bad * 2)[:200]:
        with pytest.raises(BadFile):
            guarded.look(data)
    assert (pipes_here(), children()) == before
    assert guarded.look(b"SAY count pipes").rows == pipes


# ---------------------------------------------------------------- a child that was taken over


NOT_HERE = {"remove_a_file", "write_to_a_file_that_is_open", "dump_memory", "gain_rights"}
"""In the cage no file is open that could be written to, and to ask how one stands is refused already."""


@pytest.mark.parametrize("deed", sorted(DEEDS.keys() - NOT_HERE))
def test_the_child_can_do_nothing_but_answer(deed: str, guarded: cage.Cage) -> None:
    assert why(guarded, b"DEED " + deed.encode()) == "damaged"


@pytest.mark.parametrize("deed", ["read_a_file", "connect", "run_a_program", "fork", "run_new_code"])
def test_without_guards_it_could(deed: str, unguarded: cage.Cage) -> None:
    assert why(unguarded, b"DEED " + deed.encode()) == "huge"


@pytest.mark.parametrize("says", sorted(SAYS.keys() - {"count pipes"}))
def test_an_answer_that_makes_no_sense_is_no_answer(says: str, guarded: cage.Cage) -> None:
    start = time.monotonic()
    assert why(guarded, b"SAY " + says.encode()) == "stopped"
    assert time.monotonic() - start < LIMITS.wall + 3
    assert guarded.look(PICTURES["rgb.png"][0]).format == "PNG"


def test_a_child_that_reads_nothing_is_ended_though_there_is_more_to_read(guarded: cage.Cage) -> None:
    data = b"SAY sleep\n" + bytes(20_000_000)
    assert why(guarded, data) == "stopped"


def test_sentences_are_ours_and_never_the_childs() -> None:
    for raw in (b'{"why": "Call 0123"}', b'{"format": "<b>"}', b'"Call 0123"', b"", b"\xff", b'{"why": ["damaged"]}'):
        with pytest.raises(formats.Unreadable) as refused:
            answer.read(raw)
        assert refused.value.say() == formats.WHY["stopped"][0]


def test_an_honest_answer_is_read_as_it_stands() -> None:
    value = "0f" * 32
    raw = f'{{"format": "JPEG", "rows": 9, "cols": 8, "pdq": [["none", "{value}", 77]], "notes": []}}'.encode()
    signal = Signal("pdq", value, 77, signals.WHOLE)
    assert answer.read(raw) == answer.Answer(formats.FORMATS["JPEG"], 9, 8, (signal,))


# ---------------------------------------------------------------- the warden


def test_a_guard_that_could_not_be_set_is_said(unguarded: cage.Cage) -> None:
    assert unguarded.look(PICTURES["rgb.png"][0]).warnings == cage.GUARDS


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has every guard")
def test_here_every_guard_holds(real: cage.Cage) -> None:
    if subprocess.run(["unshare", "-Un", "true"], check=False).returncode == 0:
        assert real.look(PICTURES["rgb.png"][0]).warnings == ()


def test_a_warden_that_died_is_replaced(real: cage.Cage) -> None:
    looked = real.look(PICTURES["rgb.png"][0])
    assert real._warden
    real._warden._process.kill()
    real._warden._process.wait()
    assert real.look(PICTURES["rgb.png"][0]) == looked


def test_a_warden_that_cannot_start_is_said_in_one_sentence() -> None:
    for command in (("/nowhere/python",), (sys.executable, "-c", "raise SystemExit(1)")):
        with cage.Cage(command=command) as made, pytest.raises(cage.CageBroken, match="opened none"):
            made.look(b"x")


def test_closing_the_cage_ends_every_process() -> None:
    before = children()
    made = cage.Cage()
    made.look(PICTURES["rgb.png"][0])
    assert children() - before
    made.close()
    assert children() == before
    assert made.look(PICTURES["rgb.png"][0]).format == "PNG"
    made.close()


def test_a_process_and_its_fork_never_share_a_warden() -> None:
    program = (
        "import os; from takeback import cage\n"
        "cage.warm()\n"
        "seen = cage._shared._warden._process.pid\n"
        "if os.fork() == 0:\n"
        "    cage.warm(); same = cage._shared._warden._process.pid == seen; cage._shared.close(); os._exit(same)\n"
        "raise SystemExit(os.wait()[1])\n"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False, timeout=30).returncode == 0


def test_when_the_program_is_killed_the_warden_and_its_child_end_too(port: int) -> None:
    program = (
        f"import sys; from takeback import cage\n"
        f"made = cage.Cage(cage.Limits(1 << 30, 60, 60), (sys.executable, '-I', {SCRIPT!r}, 'guarded', '{port}'))\n"
        f"made.look(b'SAY sleep')\n"
    )
    running = subprocess.Popen([sys.executable, "-c", program])
    deadline = time.monotonic() + 20
    while len(family := children(running.pid)) < 2 and time.monotonic() < deadline:
        time.sleep(0.05)
    assert len(family) == 2
    running.kill()
    running.wait()
    while any(Path(f"/proc/{pid}").exists() for pid in family) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(Path(f"/proc/{pid}").exists() for pid in family)


def test_the_environment_and_the_folder_stay_outside(
    real: cage.Cage, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "PIL.py").write_text("raise SystemExit('a module from the folder ran')")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with cage.Cage() as made:
        assert made.look(PICTURES["rgb.png"][0]).format == "PNG"
        assert made._warden
        environment = Path(f"/proc/{made._warden._process.pid}/environ")
        try:
            assert environment.read_bytes() == b"GLIBC_TUNABLES=glibc.malloc.hugetlb=1\0OPENBLAS_NUM_THREADS=1\0"
        except PermissionError:
            assert os.geteuid() != 0  # closed to debuggers: not even its own user may look
