"""The examiner: what a child does with a file that says where it comes from. Bytes in, `Seen` as JSON out.

It runs under the same warden, guards and limits as `look` does. Each step that cannot be taken is written down with a
reason, and costs no other step. Run as
`python -m takeback.cage.examiner [films] MEMORY CPU-SECONDS WALL-SECONDS`; what a
request starts with are four bytes of length and the lists of signers that are trusted, as JSON; the file follows.
"""

from __future__ import annotations

import codecs
import gc
import json
import socket
import sys
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from takeback import containers, credentials, film, formats, marks, media, motion, pixel_marks, pixels, seen
from takeback.cage import Limits, pictures, warden
from takeback.cage.examine import FILMS
from takeback.containers import jpeg_tables
from takeback.seen import Agreement, Group, Seen

if TYPE_CHECKING:
    from collections.abc import Callable

    from takeback.cage.warden import Read
    from takeback.containers import Walk
    from takeback.seen import Step, Why

CHUNK = 1 << 20
MOST = 512 << 20
"""Bytes of a file that fit in a child's memory beside what is made of them."""

CODECS = ("ascii", "latin-1", "utf-8", "utf-16", "utf-16-le", "utf-16-be")
EXACT = ("PNG", "BMP", "TIFF", "WebP")
"""Formats that can keep pixels exactly."""

HEAD = 4
PATIENCE = 8
"""Seconds of processor after which no further frame of a video is looked at."""

MOST_FLAWS = 200


class Skip(Exception):
    """A step that is not taken, and why."""

    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why = why


def examine(read: Read) -> bytes:
    """A request to its answer. The whole of it is read before a byte is answered."""
    data, heavy = bytearray(), False
    while part := read(CHUNK):
        heavy = heavy or len(data) + len(part) > MOST
        if not heavy:
            data += part
    try:
        long = HEAD + int.from_bytes(data[:HEAD], "big")
        asked, file = json.loads(data[HEAD:long] or b"{}"), bytes(data[long:])
        del data
        return seen.as_json(_too_heavy(file) if heavy else _examine(file, asked))
    except formats.Unreadable as cause:
        return json.dumps({"why": cause.why}).encode()
    except MemoryError:
        return b'{"why": "stopped"}'


def _too_heavy(start: bytes) -> Seen:
    """What is known of a file that is too large to be looked at: its kind."""
    return Seen(format=formats.sniff(start).name, failed=tuple((step, "heavy") for step in seen.STEPS))


def _examine(data: bytes, asked: dict[str, Any]) -> Seen:
    format_ = formats.sniff(data)
    try:
        found, thumbnail = _structure(data, format_.name)
    except Exception:  # noqa: BLE001  a walker that breaks is a fault of ours, and costs the file no other step
        found, thumbnail = Seen(format=format_.name, failed=(("structure", "failed"),)), b""
    lists = tuple(credentials.List(**one) for one in asked.get("trust", ()))
    return _Look(data, format_, thumbnail, found, lists).taken()


def _structure(data: bytes, name: str) -> tuple[Seen, bytes]:
    """What the parts say, and the thumbnail."""
    walk = containers.walk(name, data)
    marked = marks.of(name, data, walk or containers.Walk((), len(data)))
    found = Seen(format=name, marks=marked.marks, end=len(data))
    if walk is None:
        return replace(found, failed=(("structure", "no-walker"),)), marked.thumbnail
    found = replace(found, groups=_groups(walk), flaws=walk.flaws[:MOST_FLAWS], end=walk.end)
    if name == "JPEG":
        read = jpeg_tables.read(data, walk)
        found = replace(found, tables=read.tables, sampling=read.sampling, progressive=read.progressive)
    return found, marked.thumbnail


def _groups(walk: Walk) -> tuple[Group, ...]:
    """Parts counted by their path, in the order in which each kind comes first."""
    counted: dict[str, list[int]] = {}
    for path, part in walk.all():
        one = counted.setdefault(path, [0, 0])
        one[0] += 1
        one[1] += part.size
    return tuple(Group(path[:200], *sums) for path, sums in list(counted.items())[: seen.MOST_GROUPS])


@dataclass
class _Look:
    """One file while it is looked at. Every step reads what the steps before it found."""

    data: bytes
    format: formats.Format
    thumbnail: bytes
    seen: Seen
    lists: tuple[credentials.List, ...]
    rgb: bytes = b""

    def taken(self) -> Seen:
        """All steps, in order."""
        steps: tuple[tuple[Step, Callable[[], None]], ...] = (
            ("pixels", self._picture),
            ("thumbnail", self._thumbnail),
            ("hidden", self._hidden),
            ("watermark", self._watermark),
            ("twice", self._twice),
            ("credentials", self._credentials),
            ("motion", self._motion),
        )
        for name, step in steps:
            try:
                step()
            except Skip as skipped:
                self._failed(name, skipped.why)
            except Exception:  # noqa: BLE001  a stranger's bytes can raise anything in a decoder
                self._failed(name, "failed")
        done = {name for name, _ in (*steps, *self.seen.failed)} | {"structure"}
        for name in seen.STEPS:
            if name not in done:
                self._failed(name, "not-yet")
        return self.seen

    def _failed(self, step: Step, why: Why) -> None:
        self.seen = replace(self.seen, failed=(*self.seen.failed, (step, why)))

    def _by(self, library: str, version: str) -> None:
        """A library had a part in what was seen."""
        if (library, version) not in self.seen.versions:
            self.seen = replace(self.seen, versions=(*self.seen.versions, (library, version)))

    def _picture(self) -> None:
        """The picture's size and hash."""
        if self.format.decoder is None:
            raise Skip("not-a-picture")
        try:
            found = pixels.picture(self.data)
            self.rgb, rows, cols = bytes(found.rgb), found.rows, found.cols
        except formats.Unreadable as cause:
            raise Skip("small" if cause.why == "small" else "heavy" if cause.why == "huge" else "unreadable") from cause
        (pdq,) = media.signals(self.rgb, rows, cols)
        self.seen = replace(self.seen, rows=rows, cols=cols, pdq=pdq.value, quality=pdq.quality or 0)
        self._by("Pillow", pixels.version())

    def _thumbnail(self) -> None:
        """How far the small picture inside the EXIF is from the picture itself."""
        if not self.thumbnail:
            raise Skip("no-thumbnail")
        if not self.rgb:
            raise Skip("unreadable")
        turned = next((one.text for one in self.seen.marks if one.name == "Orientation"), "1")
        distance = pictures.thumbnail_distance(
            self.thumbnail, bytes(self.rgb), self.seen.rows, self.seen.cols, int(turned) if turned.isdecimal() else 1
        )
        if distance is None:
            raise Skip("unreadable")
        self.seen = replace(self.seen, thumbnail=distance)

    def _hidden(self) -> None:
        """A recipe hidden in the lowest bits of the pixels."""
        if self.format.name != "PNG":
            raise Skip("not-png")
        if not self.rgb:
            raise Skip("unreadable")
        text = pictures.hidden_text(self.data, self.rgb, self.seen.rows, self.seen.cols)
        if text is not None:
            found = (marks.mark("hidden", "text in the pixels", text), *marks.recipe(text))
            self.seen = replace(self.seen, marks=(*self.seen.marks, *found))

    def _watermark(self) -> None:
        """How well the pixels agree with the open watermarks."""
        if self.format.name not in EXACT:
            raise Skip("not-exact")
        if not self.rgb:
            raise Skip("unreadable")
        if min(self.seen.rows, self.seen.cols) < pixel_marks.LEAST:
            raise Skip("small")
        if not pixel_marks.there():
            raise Skip("no-library")
        agree = pixel_marks.agreements(self.rgb, self.seen.rows, self.seen.cols)
        found = tuple(Agreement(name, bits, len(pixel_marks.SCHEMES[name])) for name, bits in agree.items())
        self.seen = replace(self.seen, watermarks=found)
        self._by("numpy", pixel_marks.version())

    def _twice(self) -> None:
        """Whether the picture was saved more coarsely before."""
        if self.format.name != "JPEG" or not self.seen.tables:
            raise Skip("not-jpeg")
        if not self.rgb:
            raise Skip("unreadable")
        if not pixel_marks.there():
            raise Skip("no-library")
        grey, rows, cols = pictures.brightness(self.data)
        share = pixel_marks.earlier(grey, rows, cols, self.seen.tables[0])
        if share < 0:
            raise Skip("too-plain")
        self.seen = replace(self.seen, twice=share)
        self._by("numpy", pixel_marks.version())

    def _credentials(self) -> None:
        """The signed record in the file."""
        version = credentials.version()
        if version is None:
            raise Skip("no-library")
        if self.format.name not in credentials.MIMES:
            raise Skip("no-reader")
        found = credentials.read(self.data, self.format.name, self.lists)
        if found and found.state == "unreadable" and not any(one.where == "credentials" for one in self.seen.marks):
            raise Skip("reader-refused")  # no record is in sight: the file itself is damaged
        self.seen = replace(self.seen, credential=found)
        self._by("c2pa-python", version)

    def _motion(self) -> None:
        """Where a video is cut, and where it stands still."""
        if self.format.kind != "video":
            raise Skip("not-video")
        if self.format.name not in film.CONTAINERS:
            raise Skip("no-decoder")
        if not motion.there():
            raise Skip("no-library")
        begun = time.process_time()
        found = motion.watched(self.data, self.format.name, lambda: time.process_time() - begun > PATIENCE)
        if found is None:
            raise Skip("unreadable")
        self.seen = replace(self.seen, motion=found)
        self._by("PyAV", motion.version())


def main() -> None:
    """Take the limits from the command line and the socket from standard input."""
    memory, cpu, wall = map(int, sys.argv[-3:])
    pixels.warm()
    credentials.warm()
    if FILMS in sys.argv:
        motion.there()
    pixel_marks.warm()
    for code in CODECS:
        codecs.lookup(code)  # Python opens a file for each at its first use, which a child can't
    gc.disable()
    gc.freeze()
    warden.serve(socket.socket(fileno=0), Limits(memory, cpu, wall), examine)


if __name__ == "__main__":
    main()
