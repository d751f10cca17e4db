"""A video a stretch at a time: what a child may say of it, what is kept between two, and what it can't do to the file."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_film import clip

from takeback import cage
from takeback.cage import projector, reel
from takeback.cage.source import opened
from takeback.errors import BadFile

HASHES = [bytes([part] * 32).hex() for part in (0x00, 0x0F, 0x33, 0x55, 0xFF)]


def line(*said: object) -> bytes:
    return json.dumps(said).encode() + b"\n"


def far(at: float) -> bytes:
    return json.dumps({"far": at, "length": 9.0}).encode() + b"\n"


def end(*, ended: bool = True, length: float | None = 9.0) -> bytes:
    return json.dumps({"ended": ended, "length": length}).encode()


def test_a_stretch_is_its_frames_and_how_far_it_came() -> None:
    raw = line(0.0, 0, HASHES[0], 100) + far(0.4) + line(1.0, 25) + line(1.5, 37, HASHES[1], 60) + far(1.9) + end()
    found = reel.read(raw, 0)
    assert [(one.number, one.at, one.signal.quality) for one in found.frames] == [(0, 0.0, 100), (37, 1.5, 60)]
    assert (found.at, found.ended, found.length) == (1.5, True, 9.0)


@pytest.mark.parametrize(
    "lie",
    [
        line(2.0, 50, HASHES[1].upper(), 100), line(2.0, 50, HASHES[0], 101), line(2.0, 50, HASHES[0], True),
        line(2.0, -1, HASHES[0], 90), line(2.0, 50, "<b>" * 20, 90), line(0.5, 12, HASHES[0], 90), line(1e9, 5),
        line(float("nan"), 5), line("2.0", 5), line(2.0, 50, HASHES[0]), b"[" * 5000, b"\xff\xfe\n", b"{}\n", b"[]\n",
        json.dumps({"ended": "yes please"}).encode(),
    ],
)  # fmt: skip
def test_a_line_that_makes_no_sense_ends_the_stretch_and_takes_nothing_back(lie: bytes) -> None:
    found = reel.read(line(1.0, 25, HASHES[0], 100) + lie + line(3.0, 75, HASHES[1], 100) + end(), 0)
    assert (len(found.frames), found.at, found.ended) == (1, 1.0, False)


@given(st.binary(max_size=300), st.floats(0, 100))
def test_no_answer_brings_the_parent_down(raw: bytes, start: float) -> None:
    assert reel.read(raw, start).at >= start
    reel.far(raw)
    reel.far(raw + b"\n")


def test_a_child_that_does_not_get_on_is_asked_no_more_and_what_there_was_stays() -> None:
    said = iter([line(0.0, 0, HASHES[0], 100) + line(2.0, 50, HASHES[1], 100), line(2.0, 50, HASHES[1], 100)])
    told = list[reel.Kept]()
    kept = reel.wind(reel.Kept("00"), lambda _: next(said), told.append)
    assert ([one.at for one in kept.frames], kept.ended) == ([0.0, 2.0], False)
    assert next(said, None) is None
    assert [one.at for one in told] == [2.0, 2.0]


def test_frames_that_look_alike_are_kept_once_over_all_stretches() -> None:
    said = iter([line(1.0, 25, HASHES[2], 100), line(9.0, 225, HASHES[2], 100) + end()])
    kept = reel.wind(reel.Kept("00"), lambda _: next(said), id)
    assert ([one.at for one in kept.frames], kept.ended) == ([1.0], True)


def stretches(path: Path) -> tuple[Callable[[float], bytes], list[float]]:
    asked = list[float]()

    def look(start: float) -> bytes:
        asked.append(start)
        with path.open("rb") as file:
            return b"".join(projector.look(json.dumps(["MP4", start]).encode(), file.fileno()))

    return look, asked


def test_many_short_stretches_find_what_one_long_one_finds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "clip.mp4"
    path.write_bytes(clip())
    look, asked = stretches(path)
    monkeypatch.setattr(projector, "PATIENCE", 60)
    whole = reel.wind(reel.Kept("00"), look, id)
    assert (len(asked), whole.ended) == (1, True)
    monkeypatch.setattr(projector, "PATIENCE", 0.02)
    parts = reel.wind(reel.Kept("00"), look, id)
    assert len(asked) > 2
    if parts.ended:  # on a busy machine a stretch may see one frame only, and then it is given up
        assert parts.frames == whole.frames
    rest = reel.wind(reel.Kept("00", whole.frames[3].at, whole.frames[:4]), look, id)
    assert set(rest.frames) <= set(whole.frames)


def test_what_was_kept_is_gone_on_from_through_the_real_cage(tmp_path: Path) -> None:
    path = tmp_path / "clip.mp4"
    path.write_bytes(clip())
    asked = list[str]()
    with cage.Cage() as made, path.open("rb") as file:
        whole = made.look(file)
    half = whole.frames[: len(whole.frames) // 2]

    def known(sha256: str) -> reel.Kept:
        asked.append(sha256)
        return reel.Kept(sha256, half[-1].at, half)

    heard = list[reel.Far]()
    with cage.Cage() as made, path.open("rb") as file:
        looked = made.look(file, watch=cage.Watch(known, far=heard.append))
    assert looked.frames == whole.frames
    assert asked == [whole.sha256]
    assert all(one.at >= half[-1].at for one in heard)


def test_whoever_stops_it_leaves_no_child_and_the_cage_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "clip.mp4"
    path.write_bytes(clip())

    def stop(_: reel.Far) -> None:
        raise KeyboardInterrupt

    with cage.Cage() as made:
        with path.open("rb") as file, pytest.raises(KeyboardInterrupt):
            made.look(file, watch=cage.Watch(far=stop))
        assert made._warden is None
        with path.open("rb") as file:
            assert made.look(file).frames


def test_a_video_that_is_no_file_is_in_memory_that_nobody_can_change() -> None:
    data = clip()
    with opened(data) as file:
        assert file.sums().size == len(data)
        held = file.fileno()
        assert held is not None
        assert os.pread(held, len(data) + 1, 0) == data
        with pytest.raises(PermissionError):
            os.write(held, b"x")
        with pytest.raises(PermissionError):
            os.truncate(held, 0)
    assert file.fileno() is None


def test_a_file_that_could_be_written_to_is_never_handed_to_a_child(tmp_path: Path) -> None:
    path = tmp_path / "clip.mp4"
    path.write_bytes(clip())
    with path.open("r+b") as writable, opened(writable) as file:
        file.sums()
        assert file.fileno() not in (None, writable.fileno())
    with path.open("rb") as only_read, opened(only_read) as file:
        file.sums()
        assert file.fileno() == only_read.fileno()


def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "clip.mp4"
    path.write_bytes(clip())

    def grow(_: reel.Kept) -> None:
        with path.open("ab") as more:
            more.write(b"more")

    with cage.Cage() as made, path.open("rb") as file, pytest.raises(BadFile, match="changed while"):
        made.look(file, watch=cage.Watch(told=grow))
