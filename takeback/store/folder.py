"""Plain files, by the person's explicit choice: written whole or not at all, and read without following a link.

A folder or file appears under its name once everything in it is on the disk. An existing one is never touched. Names
are ours, never taken from what a person or a stranger's file says.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from takeback import bag, errors
from takeback.store import disk, unfinished

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import BinaryIO

    from takeback.terms import Part

CHUNK = 1 << 20
DEEPEST = 64
"""Folders in folders that are walked; no package of ours has more than a few."""


def write_folder(target: Path, parts: Iterable[Part]) -> None:
    """A folder of its owner's only (0700), with all the parts in it or none of it."""
    with made(target) as inside:
        _fill(inside, parts)


@contextmanager
def made(target: Path) -> Iterator[Path]:
    """A new folder to fill, which gets its name once it is full and on the disk; on an error nothing of it stays.

    A process that is killed leaves `NAME.unfinished-…` beside it, for anyone to see. The next folder that is written
    there takes it away.
    """
    must_be_new(target)
    with disk.spoken():
        unfinished.sweep(target.parent)
        with unfinished.place(target) as work:
            yield work
            must_be_new(target)
            work.rename(target)
        disk.sync_folder(target.parent)


def write_file(target: Path, fill: Callable[[Callable[[bytes], object]], object]) -> None:
    """A file of its owner's only (0600), once `fill` has written all of it with the function that it is given."""
    must_be_new(target)
    with disk.spoken(), disk.whole_file(target) as file:
        fill(file.write)
        must_be_new(target)


def must_be_new(target: Path) -> None:
    """Raise BadInput where something of that name is there already, or the folder to write into is not."""
    if target.is_symlink() or target.exists():
        raise errors.BadInput("There is already something of that name, so nothing was written", "choose another name")
    if not target.parent.is_dir():
        raise errors.BadInput("The folder to write into is not there", "make it first, or choose another")


def _fill(folder: Path, parts: Iterable[Part]) -> None:
    taken = set[str]()
    for part in parts:
        if not bag.safe(part.path) or part.path.lower() in taken:
            raise errors.BadInput("A file's name in a package was not one that Takeback makes, so nothing was written")
        taken.add(part.path.lower())
        _write(_placed(folder, part.path), part)
    for inner in (folder, *(path for path in folder.rglob("*") if path.is_dir())):
        disk.sync_folder(inner)


def _placed(folder: Path, path: str) -> Path:
    """Where a part goes; the folders on the way are made, private too."""
    *between, name = path.split("/")
    for one in between:
        folder /= one
        folder.mkdir(mode=0o700, exist_ok=True)
    return folder / name


def _write(path: Path, part: Part) -> None:
    written = 0
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | disk.nofollow(), 0o600), "wb") as file:
        for chunk in part.chunks:
            written += file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    if written != part.size:
        raise errors.BadFile("A file changed while it was being written, so nothing was kept", "try again")


def binary(path: Path) -> BinaryIO:
    """A file that a command names, opened to be read; BadFile where that can't be."""
    try:
        return path.open("rb")
    except OSError as cause:
        why = (cause.strerror or "no reason given").lower()
        raise errors.BadFile(f"{path.name} can't be read: {why}", "check the name and try again") from cause


def small(path: Path, most: int) -> bytes:
    """A whole file of at most so many bytes; BadFile where it is not there, or larger."""
    with binary(path) as file:
        data = file.read(most + 1)
    if len(data) > most:
        raise errors.BadFile(f"{path.name} is too large to be what it should be", "check the name and try again")
    return data


class FolderReader:
    """A folder as `evidence.verify` reads one: every entry listed with its kind, no link ever followed."""

    def __init__(self, folder: Path) -> None:
        if folder.is_symlink() or not folder.is_dir():
            raise errors.BadInput("There is no package folder there", "give the folder that holds bagit.txt")
        self.folder = folder

    def entries(self) -> Iterator[tuple[str, str]]:
        """Every path below the folder, with "file", "link" or "other"; folders are walked, not listed."""
        yield from self._below(self.folder, "")

    def _below(self, folder: Path, prefix: str) -> Iterator[tuple[str, str]]:
        with disk.spoken():
            found = sorted(os.scandir(folder), key=lambda entry: entry.name)
        for entry in found:
            if entry.is_symlink():
                yield prefix + entry.name, "link"
            elif entry.is_dir() and prefix.count("/") < DEEPEST:
                yield from self._below(folder / entry.name, f"{prefix}{entry.name}/")
            else:
                yield prefix + entry.name, "file" if entry.is_file() else "other"

    def walk(self) -> Iterator[tuple[str, str, Iterable[bytes]]]:
        """Every entry, with its kind and a file's bytes."""
        for path, kind in self.entries():
            yield path, kind, self.read(path) if kind == "file" else ()

    def read(self, path: str) -> Iterator[bytes]:
        """The bytes of one listed file. One that grows meanwhile is not read for ever, and has not its own hash."""
        flags = os.O_RDONLY | disk.nofollow() | getattr(os, "O_NONBLOCK", 0)
        with disk.spoken(), os.fdopen(os.open(self.folder / path, flags), "rb") as file:
            left = os.fstat(file.fileno()).st_size + 1
            while left > 0 and (chunk := file.read(CHUNK)):
                left -= len(chunk)
                yield chunk
