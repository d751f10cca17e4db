"""Are two videos the same? In words, with the share of each one's frames that are in the other; and the hash command."""

from __future__ import annotations

import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_film import clip, seen

from takeback import cli, cli_hash, clips, signals
from takeback.cage import reel
from takeback.errors import BadInput
from takeback.store.paused import Paused
from takeback.terms import Signal

CLIP_RULE = 80


def film(first: int, last: int) -> list[Signal]:
    """Frames that are far from each other, by number."""
    import hashlib

    return [Signal("pdq", hashlib.sha256(bytes([one])).hexdigest(), 100, "none") for one in range(first, last)]


@pytest.mark.parametrize(
    ("one", "other", "same", "says", "shares"),
    [
        (film(0, 20), film(0, 20), True, "the same clip", (100, 100)),
        (film(0, 20), film(2, 20), True, "the same clip", (90, 100)),
        (film(0, 5), film(0, 100), True, "The first is a part of the second", (100, 5)),
        (film(0, 100), film(90, 100), True, "The second is a part of the first", (10, 100)),
        (film(0, 20), film(15, 40), True, "A part of the one is in the other", (25, 20)),
        (film(0, 20), film(19, 40), None, "too little to tell", (5, 4)),
        (film(0, 20), film(20, 40), False, "different clips", (0, 0)),
    ],
)  # fmt: skip
def test_the_share_of_each_is_said(
    one: list[Signal], other: list[Signal], same: bool | None, says: str, shares: tuple[int, int]
) -> None:
    found = clips.compare(one, other)
    assert (found.same, found.first, found.second) == (same, *shares)
    assert says in found.says
    assert f"{shares[0]} of 100 frames of the first" in found.says
    if found.nearest:
        mine, theirs = found.nearest
        assert signals.distance(one[mine].value, other[theirs].value) == found.distance == 0


def test_one_frame_that_is_a_logo_does_not_make_a_long_film_the_same() -> None:
    assert clips.compare(film(0, 1), film(0, 50)).same is True  # all there is of it
    assert clips.compare(film(0, 2), film(1, 50)).same is None


def test_where_one_has_no_frames_it_can_not_be_told_but_the_same_file_is_the_same() -> None:
    assert clips.compare([], film(0, 3)).same is None
    assert clips.compare([], [], exact=True).same is True


@given(st.sets(st.integers(0, 40), max_size=12), st.sets(st.integers(0, 40), max_size=12))
def test_the_other_way_round_the_shares_are_swapped(one: set[int], other: set[int]) -> None:
    frames = film(0, 41)
    there, back = (
        clips.compare([frames[at] for at in a], [frames[at] for at in b]) for a, b in ((one, other), (other, one))
    )
    assert (there.same, there.first, there.second) == (back.same, back.second, back.first)


# ---------------------------------------------------------------- the command


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    made = {"a.mp4": clip(), "trimmed.mp4": clip(skip=1 / 3, rate="38"), "part.mp4": clip(skip=2.7)}
    folder = tmp_path_factory.mktemp("clips")
    for name, data in made.items():
        (folder / name).write_bytes(data)
    return {name: folder / name for name in made}


def said(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, str]:
    code = cli.main(["hash", *map(str, words)])
    return code, capsys.readouterr().out


def test_two_clips_are_compared_in_words_with_both_grids(
    files: dict[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    code, out = said(capsys, files["a.mp4"], files["trimmed.mp4"], "--compare")
    assert code == 0
    assert "the same clip" in out
    assert "of 256 bits differ" in out
    assert sum("█" in line or "▀" in line for line in out.splitlines()) >= 8
    code, out = said(capsys, files["a.mp4"], files["part.mp4"], "--compare", "--json")
    found = json.loads(out)
    assert (code, found["same"]) == (0, True)
    assert "The second is a part of the first" in found["says"]
    assert found["second"] >= CLIP_RULE > found["first"]


def rule_of_vpdq(query: str, compared: str) -> tuple[float, float]:
    """The rule in the README of Meta's vpdq, on its own text: quality 50, distance 31, equal hashes once."""

    def read(text: str) -> set[int]:
        lines = [line.split(",") for line in text.splitlines()]
        assert all(
            len(line) == 4 and int(line[0]) >= 0 and float(line[3]) >= 0 and len(line[2]) == 64 for line in lines
        )
        return {int(value, 16) for _, quality, value, _ in lines if int(quality) >= 50}

    def share(one: set[int], other: set[int]) -> float:
        return 100 * sum(any((a ^ b).bit_count() <= 31 for b in other) for a in one) / len(one)

    return share(read(query), read(compared)), share(read(compared), read(query))


def test_the_frames_are_written_as_the_vpdq_program_writes_them_and_its_rule_takes_them(
    files: dict[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    texts = {name: said(capsys, path, "--vpdq")[1] for name, path in files.items()}
    assert texts["a.mp4"].splitlines()[0].startswith("0,100,")
    assert min(rule_of_vpdq(texts["trimmed.mp4"], texts["a.mp4"])) >= 80
    by_second = [float(line.split(",")[3]) for line in texts["a.mp4"].splitlines()]
    assert by_second == [at for at, _ in seen(clip())]
    assert cli.main(["hash", str(files["a.mp4"]), "--vpdq", "--json"]) == 2


# ---------------------------------------------------------------- stopped, and gone on with


def stopped(kept: reel.Kept, look: Callable[[float], bytes], told: Callable[[reel.Kept], object]) -> reel.Kept:
    """Ctrl-C after a first stretch of a few frames."""

    def few(start: float) -> bytes:
        return b"".join(line for line in look(start).splitlines(keepends=True)[:8] if line.startswith(b"["))

    def once(now: reel.Kept) -> None:
        told(now)
        raise KeyboardInterrupt

    return wind(kept, few, once)


wind = reel.wind


def test_what_there_is_when_it_is_stopped_is_kept_only_where_it_was_asked_for_and_gone_on_from(
    files: dict[str, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    paused = tmp_path / "kept" / "paused"
    paused.parent.mkdir()
    monkeypatch.setattr(reel, "wind", stopped)
    for more in ([], ["--resume", paused]):
        assert said(capsys, files["a.mp4"], "--json", *more) == (130, "")
        assert [path.name for path in paused.parent.iterdir()] == (["paused"] if more else [])
    assert paused.stat().st_mode & 0o777 == 0o600
    (kept,) = json.loads(paused.read_text())["paused"].values()
    assert 0 < kept["at"] < 4
    monkeypatch.setattr(reel, "wind", wind)
    _, whole = said(capsys, files["a.mp4"], "--vpdq")
    code, out = said(capsys, files["a.mp4"], "--vpdq", "--resume", paused)
    assert (code, out) == (0, whole)
    assert not paused.exists()


def test_a_file_that_is_none_of_ours_is_never_written_over(tmp_path: Path, files: dict[str, Path]) -> None:
    diary = tmp_path / "diary.txt"
    for text in ("dear diary", '{"paused": 3}', "[]"):
        diary.write_text(text)
        assert cli.main(["hash", str(files["a.mp4"]), "--resume", str(diary)]) == 2
        assert diary.read_text() == text
    assert cli.main(["hash", str(files["a.mp4"]), "--resume", str(tmp_path / "no" / "folder")]) == 2


@pytest.mark.parametrize("lie", [{}, {"at": -1, "length": None, "frames": []}, {"at": 1, "length": 2, "frames": [[1, 2]]},
                                 {"at": 1, "length": 2, "frames": 7}, {"at": 1, "length": 2, "frames": [[1, 2, "x", 3]]}])  # fmt: skip
def test_what_was_kept_is_read_as_a_strangers_word(lie: object) -> None:
    if lie == {"at": 1, "length": 2, "frames": [[1, 2]]}:
        assert reel.kept("00", lie).frames == ()
        return
    with pytest.raises(BadInput):
        reel.kept("00", lie)


def test_a_done_video_leaves_the_others(tmp_path: Path) -> None:
    path = tmp_path / "paused"
    notes = Paused(path)
    notes.put("aa", {"at": 1})
    notes.put("bb", {"at": 2})
    Paused(path).put("aa", None)
    assert (Paused(path).get("aa"), Paused(path).get("bb")) == (None, {"at": 2})


def test_a_terminal_sees_how_far_it_is_and_then_nothing_of_it_and_a_pipe_nothing_at_all() -> None:
    class Screen(StringIO):
        def isatty(self) -> bool:
            return True

    screen, pipe = Screen(), StringIO()
    for out in (screen, pipe):
        with cli_hash.Following(out) as following:
            following.far(reel.Far(75, 3600))
    assert screen.getvalue() == "\r\x1b[K1:15 of 60:00 looked at; Ctrl-C stops it\r\x1b[K"
    assert pipe.getvalue() == ""
