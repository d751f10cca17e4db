"""The cage: the only child processes. A stranger's bytes go in; signals, a size and a sentence come out.

    with open(path, "rb") as file:
        looked = cage.look(file)

A file is decoded in a child that was forked for it alone and can do nothing else: it has no network, no files, no
programs, little memory and little time (guards.py). It is forked by a warden (warden.py), a process of its own, so
that it holds nothing of what this one knows, open cases least of all. The bytes reach it through a pipe and are hashed
on their way (here: a child that was taken over must not name the file it came from), so what is hashed is what is
decoded, and nothing touches the disk. A video is hashed first, and then read where it lies (reel.py). The child's
answer is the word of a stranger (answer.py).
Whatever a file does, `look` returns, or raises `BadFile` with one sentence; it leaves no process and no pipe behind.
"""

from __future__ import annotations

import atexit
import hashlib
import json
import os
import select
import socket
import subprocess
import sys
import threading
import time
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from io import BytesIO, FileIO
from typing import TYPE_CHECKING, NamedTuple, Self

from takeback import formats, media
from takeback.cage import answer, reel
from takeback.cage.source import Opened, Source, opened
from takeback.errors import TakebackError
from takeback.terms import Signal, Sums
from takeback.words import later

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from takeback.media import Still

CHUNK = 256 * 1024
READY = 30
"""Seconds until a new warden must have locked itself up."""
GRACE = 10
"""Seconds past a child's time until the warden itself counts as lost."""

WARDEN = (sys.executable, "-I", "-m", "takeback.cage.warden")
"""Isolated: no module is imported from the folder that a person happens to be in."""

ENVIRONMENT = {"GLIBC_TUNABLES": "glibc.malloc.hugetlb=1", "OPENBLAS_NUM_THREADS": "1"}
"""All that a warden is given. Large pages: new memory is what a new process pays for, and a picture needs much. One
thread: numpy comes along with a decoder, and a process that forks must have no other."""

LOOK, LOOK_AT_EDITS = b"?", b"e"
"""What a child of the warden is asked for, before the file's bytes: its signals, or those of its likely edits too."""

GUARDS = later(
    (
        "On this computer the part that opens strange files can't be cut off from the network by a network of its own",
        "On this computer the part that opens strange files can't give up all of its rights",
        "On this computer the part that opens strange files can't be shut out of the file system",
        "On this computer the part that opens strange files can't be held to limits of memory and time",
        "On this computer the part that opens strange files can't be kept from asking the system for more",
    )
)
"""What to say of each guard that does not hold, in the order of the bits that the warden sends."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a child may use: bytes of memory, seconds of processor, seconds of the clock."""

    memory: int = 2 << 30
    cpu: int = 20
    wall: int = 30


@dataclass(frozen=True, slots=True)
class Looked:
    """What a file is. `sentence` is for the person, and empty where there is nothing to say.

    Where Takeback cannot read the format yet there is no size, and the signals are SHA-256 and MD5 alone.
    `warnings` name the guards that this computer could not set. `frames` are those that stand for a video.
    """

    kind: formats.Kind
    format: str
    rows: int
    cols: int
    signals: tuple[Signal, ...]
    sha256: str
    md5: str
    size: int
    sentence: str
    warnings: tuple[str, ...]
    frames: tuple[Still, ...] = ()


@dataclass(frozen=True, slots=True)
class Watch:
    """Who follows a long look at a video.

    `known` gives what there is of it, by its SHA-256; `told` takes what there is now; `far` hears how
    far it is, twice a second.
    """

    known: Callable[[str], reel.Kept] = reel.Kept
    told: Callable[[reel.Kept], object] = id
    far: Callable[[reel.Far], object] = id


UNWATCHED = Watch()


class CageBroken(TakebackError):
    """The warden does not start or does not answer. Never the fault of a file."""

    def __init__(self) -> None:
        super().__init__(
            "Takeback can't start the part that opens pictures safely, so it opened none",
            "go on without the picture, or set Takeback up again and retry",
        )


class Cage:
    """A warden and the way to it. Any thread may call `look`; a cage takes one file at a time."""

    def __init__(self, limits: Limits | None = None, command: Sequence[str] = WARDEN) -> None:
        self.limits = limits or Limits()
        self._command = (*command, *map(str, (self.limits.memory, self.limits.cpu, self.limits.wall)))
        self._lock = threading.Lock()
        self._warden: _Warden | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def warm(self) -> None:
        """Start the warden and wait for nothing: it gets ready while something else is done."""
        with self._lock:
            self._started()

    def missing(self) -> tuple[str, ...]:
        """What to say of the guards that this computer can't set, before anything is opened behind them."""
        with self._lock:
            try:
                return self._started().warnings()
            except BaseException:
                self._end()
                raise

    def close(self) -> None:
        """End the warden, and with it any child. A later `look` starts another."""
        with self._lock:
            self._end()

    def look(self, source: Source | bytes, *, edits: bool = False, watch: Watch = UNWATCHED) -> Looked:
        """What this file is, from its bytes. Raises `BadFile` where it can't be opened safely.

        `edits` adds the signals of what is likely done to a picture before it is posted again (edits.py). `watch` hears
        how far a video is, and knows what there is of it from another day.
        """
        with opened(source) as file:
            if file.video is None:
                sums, raw, warnings = self.ask(file, LOOK_AT_EDITS if edits else LOOK)
                return _looked(answer.read(raw), sums, warnings)
            sums = file.sums()
            kept = watch.known(sums.sha256)
            if file.fileno() is not None:
                kept = reel.wind(kept, partial(self._stretch, file, watch.far), watch.told)
                file.unchanged()
        return _filmed(file.video, kept, sums, self.missing())

    def _stretch(self, file: Opened, far: Callable[[reel.Far], object], start: float) -> bytes:
        head = json.dumps([file.video, start]).encode()

        def heard(raw: bytes) -> None:
            if (now := reel.far(raw)) is not None:
                far(now)

        return self._ask(b"", Wanted(head, reel.MOST_ANSWER, file.fileno(), heard)).raw

    def ask(self, source: Source | bytes, head: bytes = b"", most: int = answer.MAX_ANSWER) -> Asked:
        """A file's sums, and its child's raw word: at most one byte over `most`. `head` goes before the file."""
        return self._ask(source, Wanted(head, most))

    def _ask(self, source: Source | bytes, wanted: Wanted) -> Asked:
        with self._lock:
            try:
                warden = self._started()
                warnings = warden.warnings()
                file = BytesIO(source) if isinstance(source, bytes) else source
                sums, raw = warden.ask(file, self.limits.wall, wanted)
            except BaseException:
                self._end()  # a request that was cut short leaves the two out of step: the next one starts afresh
                raise
        return Asked(sums, raw, warnings)

    def forget(self) -> None:
        """After a fork: leave the warden to the process that started it. Two must never share one."""
        self._lock, self._warden = threading.Lock(), None

    def _started(self) -> _Warden:
        if self._warden is None or not self._warden.alive():
            self._end()
            self._warden = _Warden(self._command)
        return self._warden

    def _end(self) -> None:
        warden, self._warden = self._warden, None
        if warden:
            warden.end()


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a child is asked: what goes before the file's bytes, and how much it may say.

    `video` is an open file that it may read as it likes. `heard` hears all that was said so far, as it comes.
    """

    head: bytes = b""
    most: int = answer.MAX_ANSWER
    video: int | None = None
    heard: Callable[[bytes], object] = id


class Asked(NamedTuple):
    """A file's sums, what its child said, and the guards that this computer could not set."""

    sums: Sums
    raw: bytes
    warnings: tuple[str, ...]


def _sentence(found: answer.Answer) -> str:
    parts = [found.format.sentence, media.advice(found.signals), *(formats.NOTES[note] for note in found.notes)]
    return ". ".join(part for part in parts if part)


def _filmed(name: str, kept: reel.Kept, sums: Sums, warnings: tuple[str, ...]) -> Looked:
    """A video, with as many of its frames as could be had."""
    found = answer.Answer(formats.FORMATS[name], notes=() if kept.ended else ("more-frames",))
    looked = _looked(found, sums, warnings)
    if not kept.frames:
        return replace(looked, sentence=found.format.sentence)
    return replace(looked, frames=kept.frames, sentence="" if kept.ended else formats.NOTES["more-frames"])


def _looked(found: answer.Answer, sums: Sums, warnings: tuple[str, ...]) -> Looked:
    exact = (Signal("sha256", sums.sha256), Signal("md5", sums.md5))
    return Looked(
        kind=found.format.kind,
        format=found.format.name,
        rows=found.rows,
        cols=found.cols,
        signals=(*found.signals, *exact),
        sha256=sums.sha256,
        md5=sums.md5,
        size=sums.size,
        sentence=_sentence(found),
        warnings=warnings,
    )


class _Warden:
    """One warden process, from this side."""

    def __init__(self, command: Sequence[str]) -> None:
        self._control, theirs = socket.socketpair()
        quiet = subprocess.DEVNULL
        try:
            with theirs:
                self._process = subprocess.Popen(
                    command,
                    stdin=theirs.fileno(),
                    stdout=quiet,
                    stderr=quiet,
                    env=ENVIRONMENT,
                    cwd="/",
                    start_new_session=True,
                )
        except OSError as cause:
            self._control.close()
            raise CageBroken from cause
        self._missing: bytes | None = None

    def alive(self) -> bool:
        return self._process.poll() is None

    def warnings(self) -> tuple[str, ...]:
        """What to say of the guards that do not hold. The first call waits until the warden is ready."""
        if self._missing is None:
            self._missing = self._hear(time.monotonic() + READY)
        return tuple(sentence for bit, sentence in enumerate(GUARDS) if self._missing[0] >> bit & 1)

    def ask(self, source: Source, wall: int, wanted: Wanted) -> tuple[Sums, bytes]:
        """The hashes of a file, and what its child says of it, when that child is gone."""
        deadline = time.monotonic() + wall + GRACE
        with ExitStack() as open_until_done:
            theirs, feed = _pipe(open_until_done)
            said, their_answer = _pipe(open_until_done)
            try:
                given = [theirs.fileno(), their_answer.fileno(), *([] if wanted.video is None else [wanted.video])]
                socket.send_fds(self._control, [b"?"], given)
            except OSError as cause:
                raise CageBroken from cause
            theirs.close()
            their_answer.close()
            sums = _feed(source, feed, deadline, wanted.head)
            feed.close()
            raw = _collect(said, deadline, wanted)
        self._hear(deadline)
        return sums, raw

    def end(self) -> None:
        """Hang up, upon which the warden ends its child and itself; make sure of it."""
        self._control.close()
        try:
            self._process.wait(timeout=2)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _hear(self, deadline: float) -> bytes:
        byte = self._control.recv(1) if _ready(self._control.fileno(), select.POLLIN, deadline) else b""
        if not byte:
            raise CageBroken
        return byte


def _pipe(open_until_done: ExitStack) -> tuple[FileIO, FileIO]:
    reading, writing = os.pipe()
    return open_until_done.enter_context(FileIO(reading)), open_until_done.enter_context(FileIO(writing, "wb"))


def _feed(source: Source, feed: FileIO, deadline: float, head: bytes) -> Sums:
    """Hash the whole of a file, and give the child as much of it as it takes."""
    sha256, md5, size = hashlib.sha256(), hashlib.md5(usedforsecurity=False), 0
    os.set_blocking(feed.fileno(), False)
    wanted = _put(feed.fileno(), head, deadline)
    while chunk := source.read(CHUNK):
        size += len(chunk)
        wanted = wanted and _put(feed.fileno(), chunk, deadline)
        sha256.update(chunk)
        md5.update(chunk)
    return Sums(sha256.hexdigest(), md5.hexdigest(), size)


def _put(feed: int, chunk: bytes, deadline: float) -> bool:
    """Write a chunk; False where the child takes no more."""
    rest = memoryview(chunk)
    while rest:
        if not _ready(feed, select.POLLOUT, deadline):
            return False
        try:
            rest = rest[os.write(feed, rest) :]
        except BrokenPipeError:
            return False
    return True


def _collect(said: FileIO, deadline: float, wanted: Wanted) -> bytes:
    """All that a child says, and one byte more than it may."""
    raw = b""
    while len(raw) <= wanted.most and _ready(said.fileno(), select.POLLIN, deadline):
        part = os.read(said.fileno(), wanted.most + 1 - len(raw))
        if not part:
            break
        raw += part
        wanted.heard(raw)
    return raw


def _ready(fd: int, what: int, deadline: float) -> bool:
    waiting = select.poll()
    waiting.register(fd, what)
    return bool(waiting.poll(max(0.0, deadline - time.monotonic()) * 1000))


_shared = Cage()
atexit.register(_shared.close)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_shared.forget)


def look(source: Source | bytes, *, edits: bool = False, watch: Watch = UNWATCHED) -> Looked:
    """What a file is, from its bytes, in the cage that this process shares. Raises `BadFile`."""
    return _shared.look(source, edits=edits, watch=watch)


def warm() -> None:
    """Start the shared cage's warden early, and wait for nothing."""
    _shared.warm()
