"""`takeback hash`: the signals of pictures, videos and sound, and whether two files show or sound the same.

Nothing is stored or sent; of a long video, what there is so far is kept where `--resume` says, and nowhere else.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TextIO

from takeback import journey, terminal
from takeback.cli_shared import CHILD_RULE, print_json, read_given, say, with_json
from takeback.errors import BadInput
from takeback.words import _

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from takeback.cage import Watch
    from takeback.cage.reel import Far
    from takeback.terms import Situation


def add(command: Callable[..., Any]) -> None:
    """The command. `command` makes it."""
    made = command("hash", run, "the signals of pictures, videos and sound; nothing is stored or sent")
    made.add_argument("files", nargs="+", type=Path, metavar="FILE")
    made.add_argument("--edits", action="store_true", help="also the hashes of what is likely done to a picture")
    made.add_argument("--original", type=Path, metavar="FILE", help="the picture that it was made from, if you have it")
    made.add_argument("--compare", action="store_true", help="are these two the same?")
    made.add_argument("--vpdq", action="store_true", help="print the frames of a video as the vpdq program writes them")
    made.add_argument(
        "--resume", type=Path, metavar="FILE", help="keep in FILE what there is of a video, and go on from it"
    )
    made.add_argument("--given", metavar="GIVEN", help="answers, so that the child rule can be kept")
    with_json(made)


def run(arguments: argparse.Namespace) -> int:
    """`takeback hash`."""
    situation = read_given(arguments.given).situation if arguments.given else None
    if situation is None:
        say(CHILD_RULE)
    if arguments.vpdq and (arguments.compare or arguments.json):
        raise BadInput("--vpdq prints frames and nothing else", "leave out --compare and --json")
    with Following(sys.stderr) as following:
        watch = journey.watching(arguments.resume, following.far)
        if arguments.compare:
            return _compare(arguments, situation, watch, following)
        return _hash(arguments, situation, watch, following)


def _hash(arguments: argparse.Namespace, situation: Situation | None, watch: Watch, following: Following) -> int:
    found = []
    wanted = {"edits": arguments.edits, "original": arguments.original, "watch": watch, "passed": following.passed}
    lines = terminal.vpdq_lines if arguments.vpdq else terminal.hash_lines
    for one in journey.hash_files(arguments.files, situation, **wanted):
        following.end()
        found.append(one)
        if "error" in one and arguments.vpdq:
            say(one["error"])
        elif not arguments.json:
            print("\n".join(lines(one)))
    if arguments.json:
        print_json(found)
    return 2 if any("error" in one for one in found) else 0


def _compare(arguments: argparse.Namespace, situation: Situation | None, watch: Watch, following: Following) -> int:
    """`takeback hash A B --compare`: 0 where they are the same, 1 where not, or where it can't be told."""
    if len(arguments.files) != 2:
        raise BadInput("two files can be compared, no more and no fewer", "takeback hash A B --compare")
    one, other = arguments.files
    found = journey.compare_files(one, other, situation, watch, following.passed)
    following.end()
    if arguments.json:
        print_json(found)
    else:
        print("\n".join(terminal.compare_lines(found)))
    return 0 if found["same"] else 1


class Following:
    """A line on a terminal that says how far a video or a recording is, taken away at the end; none elsewhere."""

    def __init__(self, out: TextIO) -> None:
        self._out, self._shown, self._percent = out, False, -1

    def far(self, far: Far) -> None:
        """It is so far."""
        if not self._out.isatty():
            return
        at, length = _clock(far.at), _clock(far.length or 0)
        self._say(_("{at} of {length} looked at; Ctrl-C stops it", at=at, length=length) if far.length else at)

    def passed(self, done: int, size: int) -> None:
        """So many bytes of a recording were listened to. Sound is decoded while it is read."""
        percent = min(100, 100 * done // size) if size else 100
        if percent != self._percent and self._out.isatty():
            self._percent = percent
            self._say(_("{share} listened to; Ctrl-C stops it", share=f"{percent} %"))

    def _say(self, said: str) -> None:
        self._out.write(f"\r\x1b[K{said}")
        self._out.flush()
        self._shown = True

    def end(self) -> None:
        """Nothing more is said of this one."""
        if self._shown:
            self._out.write("\r\x1b[K")
            self._out.flush()
            self._shown = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()


def _clock(seconds: float) -> str:
    """Minutes and seconds."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"
