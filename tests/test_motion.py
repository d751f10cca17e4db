"""Cuts and still stretches of a video: found where they are, not where there is none, and told as history."""

from __future__ import annotations

import json
from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING

import av
import numpy as np
import pytest
from hostile import photo
from origins import mp4

from takeback import motion, provenance, seen
from takeback.cage import examine
from takeback.formats import Unreadable
from takeback.motion import Motion
from takeback.provenance import moving
from takeback.seen import Seen
from takeback.terms import Sums

if TYPE_CHECKING:
    from PIL import Image

RATE = 12


def filmed(*frames: Image.Image, form: str = "mp4") -> bytes:
    """A video of these pictures, one a twelfth of a second."""
    out = BytesIO()
    with av.open(out, "w", format=form) as made:
        stream = made.add_stream("mpeg4" if form == "mp4" else "libvpx", rate=RATE)
        stream.width, stream.height, stream.pix_fmt = 160, 120, "yuv420p"
        stream.bit_rate = 2_000_000
        for image in frames:
            made.mux(stream.encode(av.VideoFrame.from_ndarray(np.asarray(image), format="rgb24")))
        made.mux(stream.encode(None))
    return out.getvalue()


def pan(seed: int, count: int) -> list[Image.Image]:
    """A camera that moves over a scene."""
    wide = photo(240, 480, seed)
    return [wide.crop((3 * step, step, 3 * step + 160, step + 120)) for step in range(count)]


CUT = filmed(*pan(1, 18), *pan(5, 18), *pan(9, 18))
FROZEN = filmed(*pan(1, 12), *[pan(1, 12)[-1]] * 24, *pan(5, 12))
MOVING = filmed(*pan(1, 40))


def watched(data: bytes, name: str = "MP4") -> Motion:
    found = motion.watched(data, name, lambda: False)
    assert found is not None
    return found


def test_cuts_are_found_where_they_are() -> None:
    assert [round(at * RATE / 1000) for at in watched(CUT).cuts] == [18, 36]
    assert [
        round(at * RATE / 1000) for at in watched(filmed(*pan(1, 18), *pan(5, 18), form="webm"), "WebM or MKV").cuts
    ] == [18]


def test_a_camera_that_moves_is_no_cut_and_does_not_stand_still() -> None:
    found = watched(MOVING)
    assert (found.cuts, found.still, found.whole, found.frames) == ((), (), True, 40)


def test_a_stretch_that_stands_still_is_found() -> None:
    ((begin, end),) = watched(FROZEN).still
    assert abs(begin - 11_000 / RATE) < 200
    assert abs(end - 35_000 / RATE) < 200


def test_when_the_time_is_up_what_was_seen_is_told_and_that_it_is_not_all() -> None:
    asked = iter(range(1000))
    found = motion.watched(CUT, "MP4", lambda: next(asked) > 25)
    assert found is not None
    assert (len(found.cuts), found.whole) == (1, False)
    made = report(Seen("MP4", motion=found))
    assert "Only the first" in next(one.says for one in made.findings if one.id == "cuts-and-freezes")


def test_what_is_no_video_has_no_motion() -> None:
    assert motion.watched(mp4(), "MP4", lambda: False) is None
    assert motion.watched(b"words", "WebM or MKV", lambda: False) is None


def report(one: Seen) -> provenance.Report:
    return provenance.report(one, Sums("0" * 64, "0" * 32, 1), date(2026, 11, 24))


def test_in_the_cage_it_is_history_and_quiet_with_its_limits_and_a_line() -> None:
    looked = examine.examine(CUT)
    made = provenance.report(looked.seen, looked.sums, date(2026, 11, 24))
    (found,) = (one for one in made.findings if one.id == "cuts-and-freezes")
    assert (found.weight, found.loud) == ("history", False)
    assert "2 cuts" in found.says
    assert "does not mean" in found.limits
    line = next(one.text for one in found.quotes if one.name == "line")
    assert (len(line), line.count("|")) == (60, 2)
    assert "PyAV" in dict(made.settings)
    assert "cuts-and-freezes" in made.ran


@pytest.mark.parametrize(
    ("why", "words"), [("no-library", "not installed"), ("not-video", "no video"), ("no-decoder", "does not decode")]
)
def test_where_it_could_not_run_it_says_why(why: seen.Why, words: str) -> None:
    made = report(Seen("AVI", failed=(("motion", why),)))
    assert words in next(one.because for one in made.not_run if one.method == "cuts-and-freezes")


def test_the_line_holds_both() -> None:
    line = moving.line(Motion(60_000, True, 900, (30_000,), ((10_000, 12_000),)))
    assert line[10:13] == "==="
    assert line[30] == "|"
    assert line.count("-") == 56


@pytest.mark.parametrize(
    "wrong",
    [{"cuts": [9]}, {"still": [[3, 2]]}, {"still": [[0, 9]]}, {"cuts": ["1"]}, {"frames": 0}, {"cuts": [1] * 501}],
)
def test_an_answer_that_makes_no_sense_counts_as_none(wrong: dict[str, object]) -> None:
    said = json.loads(seen.as_json(Seen("MP4", motion=Motion(5, True, 9, (1,), ((2, 3),)))))
    assert seen.read(json.dumps(said).encode()).motion == Motion(5, True, 9, (1,), ((2, 3),))
    said["motion"] |= wrong
    with pytest.raises(Unreadable):
        seen.read(json.dumps(said).encode())
