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
def clip(
    codec: str = "libx264", container: str = "mp4", seconds: float = 4, skip: float = 0, rate: str = "",
    seeds: tuple[int, ...] = (1, 2, 3),
) -> bytes:  # fmt: skip
    """Three shots, each a slow pan over a drawn picture."""
    import av

    out = BytesIO()
    shots = [np.asarray(photo(300, 400, seed)) for seed in seeds]
    with av.open(out, "w", format=container) as made:
        quick = {"deadline": "realtime", "cpu-used": "8", "b": "600k"} if codec == "libvpx" else {"preset": "veryfast"}
        stream = made.add_stream(codec, rate=FPS, options=quick | ({"crf": rate} if rate else {}))
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
    found = media.filmed(film.frames(BytesIO(data), formats.sniff(data).name))
    return tuple((one.at, one.signal.value) for one in found)


def taken(data: bytes, start: float = 0) -> list[film.Frame]:
    return [one for one in film.frames(BytesIO(data), formats.sniff(data).name, start) if one.taken]


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
    times = [one.at for one in taken(data)]
    assert times[0] == 0
    assert all(later - earlier <= 1 for earlier, later in pairwise(times))
    for cut in (4 / 3, 8 / 3):
        assert any(0 <= at - cut <= 0.1 for at in times)


@pytest.mark.parametrize("skip", [0.2, 1 / 3, 0.5, 0.77])
def test_a_trim_by_a_part_of_a_second_and_a_coarse_encoding_are_found_again(skip: float) -> None:
    whole, copy = seen(clip()), seen(clip(skip=skip, rate="38"))
    assert share(copy, whole) >= 0.8
    assert share(whole, copy) >= 0.8 * (4 - skip) / 4


def test_what_is_seen_between_two_frames_is_near_one_of_them() -> None:
    """However a copy is trimmed, it is sampled somewhere in here: a pan that is 31 bits further after a third of a second."""
    import av

    data = clip()
    values = [int(value, 16) for _, value in seen(data)]
    with av.open(BytesIO(data)) as every:
        pictures = [frame.to_ndarray(format="rgb24") for frame in every.decode(video=0)]
    found = [int(media.signals(one.tobytes(), *one.shape[:2])[0].value, 16) for one in pictures]
    assert max((one ^ found[at + 8]).bit_count() for at, one in enumerate(found[:-8])) > signals.THRESHOLD
    apart = [min((one ^ value).bit_count() for value in values) for one in found]
    assert sum(one <= 24 for one in apart) >= 0.9 * len(apart)  # room for what a new encoding does


def test_another_video_is_not_found() -> None:
    other = tuple((0.0, media.signals(photo(240, 320, seed).tobytes(), 240, 320)[0].value) for seed in range(50, 60))
    assert share(other, seen(clip())) == 0


def test_the_cage_gives_the_same_frames_beside_the_exact_hashes() -> None:
    with cage.Cage() as made:
        looked = made.look(clip())
    assert tuple((one.at, one.signal.value) for one in looked.frames) == seen(clip())
    assert [one.type for one in looked.signals] == ["sha256", "md5"]
    assert (looked.kind, looked.sentence) == ("video", "")


def test_a_broken_video_keeps_its_exact_hashes_and_what_was_seen_of_it() -> None:
    whole = clip("mpeg4", "matroska")
    with cage.Cage() as made:
        for broken in (whole[: len(whole) // 2], whole[:400], whole[:40] + bytes(5000)):
            looked = made.look(broken)
            assert [one.type for one in looked.signals] == ["sha256", "md5"]
            assert bool(looked.frames) != looked.sentence.startswith("Takeback cannot read")


def shown(rgb: bytes, rows: int, cols: int, times: int) -> list[film.Frame]:
    return [film.Frame(at, at / 2, None, lambda _: (rgb, rows, cols, 3)) for at in range(times)]


def test_a_still_video_has_one_frame_and_a_black_one_none() -> None:
    assert len(media.filmed(shown(photo(240, 320, 9).tobytes(), 240, 320, 20))) == 1
    assert media.filmed(shown(bytes(240 * 320 * 3), 240, 320, 3)) == ()


def test_a_video_that_is_gone_on_with_has_the_frames_that_it_would_have() -> None:
    data = clip()
    whole = taken(data)
    for one in (whole[1], whole[len(whole) // 2], whole[-1]):
        rest = taken(data, one.at)
        assert [(each.number, each.at) for each in rest] == [(e.number, e.at) for e in whole if e.at >= one.at]


def turned(data: bytes, matrix: tuple[int, ...]) -> bytes:
    """The same film, said to be shown turned, as phones say it: the matrix of its track."""
    at = data.index(b"tkhd") + 4 + 40
    return data[:at] + b"".join(part.to_bytes(4, "big", signed=True) for part in matrix) + data[at + 36 :]


@pytest.mark.parametrize(
    ("turn", "matrix"),
    [("ROTATE_270", (0, 1, 0, -1, 0, 0)), ("ROTATE_180", (-1, 0, 0, 0, -1, 0)), ("ROTATE_90", (0, -1, 0, 1, 0, 0))],
)
def test_a_film_is_hashed_the_way_it_is_shown(turn: str, matrix: tuple[int, ...]) -> None:
    from PIL import Image

    one = 1 << 16
    data = turned(clip(), (*(part * one for part in matrix), 320 * one, 240 * one, one << 14))
    (found, *_) = media.filmed(film.frames(BytesIO(data), "MP4"))
    pixels, rows, cols, _ = taken(clip())[0].taken(3)  # type: ignore[misc]
    upright = Image.frombytes("RGB", (cols, rows), pixels).transpose(Image.Transpose[turn])
    (own,) = media.signals(upright.tobytes(), upright.height, upright.width)
    assert signals.distance(found.signal.value, own.value) <= 4


def test_the_command_lists_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "clip.mp4").write_bytes(clip())
    assert cli.main(["hash", str(tmp_path / "clip.mp4"), "--json"]) == 0
    (found,) = json.loads(capsys.readouterr().out)
    (vpdq,) = [one for one in found["signals"] if one["type"] == "vpdq"]
    assert [(one["at"], one["value"]) for one in vpdq["frames"]] == list(seen(clip()))
    assert [one["frame"] for one in vpdq["frames"]] == [round(one["at"] * FPS) for one in vpdq["frames"]]
    assert cli.main(["hash", str(tmp_path / "clip.mp4")]) == 0
    assert "frames stand for this video" in capsys.readouterr().out
