"""The frames that stand for a video: found again after a trim and a new encoding, and never a crash."""

from __future__ import annotations

import json
from functools import cache
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hostile import photo

from takeback import cage, cli, film, formats, media, signals

FPS = 25


@cache
def clip(codec: str = "libx264", container: str = "mp4", seconds: float = 4, skip: float = 0, rate: str = "") -> bytes:
    """Three shots, each a slow pan over a drawn picture."""
    import av

    out = BytesIO()
    shots = [np.asarray(photo(300, 400, seed)) for seed in (1, 2, 3)]
    with av.open(out, "w", format=container) as made:
        stream = made.add_stream(codec, rate=FPS, options={"crf": rate} if rate else {})
        stream.width, stream.height, stream.pix_fmt = 320, 240, "yuv420p"
        for number in range(round(skip * FPS), round(seconds * FPS)):
            at = number % 60 // 4
            shot = shots[number * 3 // round(4 * FPS)][at : at + 240, at : at + 320]
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(shot), format="rgb24")
            for packet in stream.encode(frame):
                made.mux(packet)
        for packet in stream.encode():
            made.mux(packet)
    return out.getvalue()


def seen(data: bytes) -> tuple[tuple[float, str], ...]:
    return tuple((at, one.value) for at, one in media.filmed(film.frames(data, formats.sniff(data).name)))


def share(one: tuple[tuple[float, str], ...], other: tuple[tuple[float, str], ...]) -> float:
    """How many frames of one are near some frame of the other: the rule of vPDQ."""
    near = [min(signals.distance(a, b) for _, b in other) <= signals.THRESHOLD for _, a in one]
    return sum(near) / len(near)


@pytest.mark.parametrize(
    ("codec", "container", "name"),
    [
        ("libx264", "mp4", "MP4"),
        ("libx264", "mov", "MOV"),
        ("libvpx", "webm", "WebM or MKV"),
        ("mpeg4", "matroska", "WebM or MKV"),
    ],
)
def test_a_video_has_a_frame_every_second_and_at_every_cut(codec: str, container: str, name: str) -> None:
    data = clip(codec, container)
    assert formats.sniff(data).name == name
    times = [at for at, _ in film.frames(data, name)]
    assert times[0] == 0
    assert all(later - earlier <= 1 for earlier, later in pairwise(times))
    for cut in (4 / 3, 8 / 3):
        assert any(0 <= at - cut <= 0.1 for at in times)


@pytest.mark.parametrize("skip", [0.2, 1 / 3, 0.5, 0.77])
def test_a_trim_by_a_part_of_a_second_and_a_coarse_encoding_are_found_again(skip: float) -> None:
    whole, copy = seen(clip()), seen(clip(skip=skip, rate="38"))
    assert share(copy, whole) >= 0.8
    assert share(tuple(one for one in copy if one[0] > 1.4 - skip), whole) == 1  # from the first cut on, all of them


def test_another_video_is_not_found() -> None:
    other = tuple((0.0, media.signals(photo(240, 320, seed).tobytes(), 240, 320)[0].value) for seed in range(50, 60))
    assert share(other, seen(clip())) == 0


def test_the_cage_gives_the_same_frames_beside_the_exact_hashes() -> None:
    with cage.Cage() as made:
        looked = made.look(clip())
    assert tuple((at, one.value) for at, one in looked.frames) == seen(clip())
    assert [one.type for one in looked.signals] == ["sha256", "md5"]
    assert (looked.kind, looked.sentence) == ("video", "")


def test_a_broken_video_keeps_its_exact_hashes_and_what_was_seen_of_it() -> None:
    whole = clip("mpeg4", "matroska")
    with cage.Cage() as made:
        for broken in (whole[: len(whole) // 2], whole[:400], whole[:40] + bytes(5000)):
            looked = made.look(broken)
            assert [one.type for one in looked.signals] == ["sha256", "md5"]
            assert bool(looked.frames) != looked.sentence.startswith("Takeback cannot read")


def test_a_still_video_has_one_frame_and_a_black_one_none() -> None:
    still = photo(240, 320, 9)
    from takeback.pixels import Picture

    same = [(at / 2, Picture(still.tobytes(), 240, 320)) for at in range(20)]
    assert len(media.filmed(same)) == 1
    assert media.filmed([(0.0, Picture(bytes(240 * 320 * 3), 240, 320))]) == ()


def test_the_command_lists_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "clip.mp4").write_bytes(clip())
    assert cli.main(["hash", str(tmp_path / "clip.mp4"), "--json"]) == 0
    (found,) = json.loads(capsys.readouterr().out)
    (vpdq,) = [one for one in found["signals"] if one["type"] == "vpdq"]
    assert [(one["at"], one["value"]) for one in vpdq["frames"]] == list(seen(clip()))
    assert cli.main(["hash", str(tmp_path / "clip.mp4")]) == 0
    assert "frames stand for this video" in capsys.readouterr().out
