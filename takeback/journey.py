"""The sequences that both edges need: the plan, and the hash of a file.

An edge hands in what the person gave and the clock's time; this room puts the middle and the disk in the right order.
Heavy rooms are entered only by the commands that need them: `plan` loads neither Django nor Typst nor Pillow.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from takeback import interview, packs, permit, triage
from takeback.errors import BadFile, TakebackError
from takeback.words import later

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import date
    from pathlib import Path

    from takeback.cage import Looked, Watch
    from takeback.cage.reel import Far, Kept
    from takeback.heard import Heard
    from takeback.plugins import Outcome
    from takeback.provenance import Compared
    from takeback.seen import Seen
    from takeback.terms import Plan, Situation

CHUNK = 1 << 20


def nobody(_: int, __: int) -> None:
    """Nobody follows how much of a recording was listened to."""


def plan(situation: Situation, on: date) -> Plan:
    """Findings, routes and the next question worth asking."""
    known = packs.load()
    drawn = triage.triage(situation, known, on)
    return replace(drawn, next_question=interview.next_question(situation, known, drawn))


def plan_document(drawn: Plan) -> dict[str, Any]:
    """A plan as the JSON document of docs/interfaces.md."""
    return {"on": drawn.on.isoformat(), **{name: value for name, value in asdict(drawn).items() if name != "on"}}


# ---------------------------------------------------------------- hash


def hash_files(
    paths: Sequence[Path],
    situation: Situation | None,
    *,
    edits: bool = False,
    original: Path | None = None,
    watch: Watch | None = None,
    passed: Callable[[int, int], None] = nobody,
) -> Iterator[dict[str, Any]]:
    """Each file's signals, or the one sentence of why there are none. The child rule is asked first, of all of them.

    `edits` adds the signals of likely edits, and whether a person must look at such an entry: the `original` that the
    files were made from, where somebody has it, is hashed beside them. `watch` follows videos, and
    `passed` hears how many bytes of a recording, and of how many, were listened to.
    """
    from takeback import cage, heard, likeness  # noqa: PLC0415

    if situation is not None:
        permit.ask(situation)
    cage.warm()
    source = _looked(original).signals if original else None
    for path in paths:
        try:
            looked = _looked(path, edits=edits, watch=watch)
            sound = _heard(path, looked, passed)
        except TakebackError as error:
            yield {"file": str(path), "error": error.say(), "hint": error.hint}
            continue
        found: dict[str, Any] = {"file": str(path), "kind": looked.kind}
        found["signals"] = _signals(looked) + (heard.as_signals(sound) if sound else [])
        notes = [sentence for sentence in (*_sentences(looked, sound), *looked.warnings) if sentence]
        if (edits or original) and looked.kind == "image":
            found["original"] = asdict(likeness.original(looked.signals, source))
        yield {**found, **({"notes": notes} if notes else {})}


def compare_files(
    one: Path,
    other: Path,
    situation: Situation | None,
    watch: Watch | None = None,
    passed: Callable[[int, int], None] = nobody,
) -> dict[str, Any]:
    """Whether two files show or sound the same, as the JSON document of docs/interfaces.md.

    Raises where one can't be opened. Where both can be heard, `recording` says whether they share sound.
    """
    from takeback import cage, likeness, signals  # noqa: PLC0415

    if situation is not None:
        permit.ask(situation)
    cage.warm()
    looked = [_looked(path, edits=True, watch=watch) for path in (one, other)]
    alike = _alike((one, other), looked, passed)
    if all(each.kind == "video" for each in looked):
        return {**_compare_clips((one, other), looked), **alike}
    found = likeness.compare(looked[0].signals, looked[1].signals)
    own = [[signal for signal in each.signals if signal.edit in (None, signals.WHOLE)] for each in looked]
    files = [
        {"file": str(path), "kind": each.kind, "signals": [signals.as_json(signal) for signal in mine]}
        for path, each, mine in zip((one, other), looked, own, strict=True)
    ]
    made = {**asdict(found), **alike, "files": files}
    if alike and found.distance != 0:  # not the same file
        made |= {key: alike["recording"][key] for key in ("same", "says")}
    return made


def _alike(paths: Sequence[Path], looked: Sequence[Looked], passed: Callable[[int, int], None]) -> dict[str, Any]:
    """Whether two files share sound; nothing where one of them has none."""
    from takeback import recordings  # noqa: PLC0415

    one, other = (_heard(path, each, passed) for path, each in zip(paths, looked, strict=True))
    return {"recording": asdict(recordings.compare(one, other))} if one and other else {}


SILENT = ("no-sound", "no-player", "short")
"""A video of which this is so has no sound to tell of; that its pictures were not read is said already."""


def _heard(path: Path, looked: Looked, passed: Callable[[int, int], None] = nobody) -> Heard | None:
    """What can be heard in a file that was looked at; None where there is no sound to tell of."""
    heard = listened(lambda: open_file(path), looked.format, looked.size, passed)
    return None if heard and looked.kind == "video" and heard.why in SILENT else heard


def listened(
    file: Callable[[], Any], name: str, size: int, passed: Callable[[int, int], None] = nobody
) -> Heard | None:
    """What can be heard in a file of this format and size, opened by its call; None where it is none that sounds."""
    from takeback import recording  # noqa: PLC0415
    from takeback.cage import listen  # noqa: PLC0415

    if name not in recording.DEMUXERS:
        return None
    with _closing(file) as source:
        return listen.listen(Counted(source, size, passed))


@contextmanager
def _closing(file: Callable[[], Any]) -> Iterator[Any]:
    """What this call opens, closed again where it can be."""
    source = file()
    try:
        yield source
    finally:
        getattr(source, "close", lambda: None)()


class Counted:
    """Something that is read from, and someone who hears how much of it was, and of how much."""

    def __init__(self, source: Any, size: int, passed: Callable[[int, int], None]) -> None:
        self._source, self._size, self._passed, self._done = source, size, passed, 0

    def read(self, size: int, /) -> bytes:
        """The next bytes."""
        got: bytes = self._source.read(size)
        self._done += len(got)
        self._passed(self._done, self._size)
        return got


def _sentences(looked: Looked, sound: Heard | None) -> tuple[str, ...]:
    """What to say of a file: of a recording, what was heard; of anything else what was seen as well."""
    seen = () if looked.kind == "audio" and sound else (looked.sentence,)
    return (*seen, *(sound.sentences if sound else ()))


def _compare_clips(paths: Sequence[Path], looked: Sequence[Looked]) -> dict[str, Any]:
    """Whether two videos show the same: the share of each one's frames that are in the other."""
    from takeback import clips  # noqa: PLC0415

    one, other = ([frame.signal for frame in each.frames] for each in looked)
    found = clips.compare(one, other, exact=looked[0].sha256 == looked[1].sha256)
    files = [
        {"file": str(path), "kind": "video", "signals": _signals(each)}
        for path, each in zip(paths, looked, strict=True)
    ]
    return {**asdict(found), "files": files}


def _signals(looked: Looked) -> list[dict[str, Any]]:
    """The signals of a file, as the JSON document of docs/interfaces.md has them."""
    from takeback import signals  # noqa: PLC0415
    from takeback.cage import reel  # noqa: PLC0415

    found = [signals.as_json(one) for one in looked.signals]
    if looked.frames:
        found.append({"type": "vpdq", "frames": [reel.as_json(one) for one in looked.frames]})
    return found


def _looked(path: Path, *, edits: bool = False, watch: Watch | None = None) -> Looked:
    from takeback import cage  # noqa: PLC0415

    with open_file(path) as file:
        return cage.look(file, edits=edits, watch=watch or cage.UNWATCHED)


def watching(paused: Path | None, far: Callable[[Far], object]) -> Watch:
    """Who follows a video: it hears how far it is; what there is of it is kept in `paused`, where that is wanted.

    What was kept there of a video is gone on from, and goes when the video is done.
    """
    from takeback import cage  # noqa: PLC0415
    from takeback.cage import reel  # noqa: PLC0415

    if paused is None:
        return cage.Watch(far=far)
    from takeback.store.paused import Paused  # noqa: PLC0415

    notes = Paused(paused)

    def known(sha256: str) -> Kept:
        said = notes.get(sha256)
        return reel.kept(sha256, said) if said else reel.Kept(sha256)

    def told(kept: Kept) -> None:
        notes.put(kept.sha256, None if kept.ended else reel.to_keep(kept))

    return cage.Watch(known, told, far)


def open_file(path: Path) -> Any:
    """A file that a command names, opened to be read; one sentence where that can't be done."""
    try:
        if not path.is_file():
            why = later("it is a folder") if path.is_dir() else later("there is no such file")
            raise BadFile(f"{path.name} can't be read: {why}", "check the name and try again")
        return path.open("rb")
    except OSError as error:
        raise BadFile(f"{path.name} can't be read: {(error.strerror or 'no reason given').lower()}") from error


def chunks(path: Path) -> Iterable[bytes]:
    """A file's bytes, a piece at a time."""
    with open_file(path) as file:
        while chunk := file.read(CHUNK):
            yield chunk


# ---------------------------------------------------------------- examine


def examine_file(
    path: Path, situation: Situation | None, on: date, originals: Sequence[Path] = (), named: Sequence[str] = ()
) -> dict[str, Any]:
    """What a file says of its own origin, as the JSON document of docs/interfaces.md. The child rule is asked first.

    `originals` are pictures of the person's own, to compare it with; `named` are the plug-ins to run on it.
    """
    if situation is not None:
        permit.ask(situation)
    compared = [beside(lambda: open_file(path), lambda one=one: open_file(one), one.name) for one in originals]  # type: ignore[misc]
    with open_file(path) as file:
        seen = lambda found: plugged(path, found, on, named)  # noqa: E731
        return {"file": path.name, **examine(file, on, compared, seen, lambda: open_file(path))}


def plugged(path: Path, seen: Seen, on: date, named: Sequence[str]) -> tuple[Outcome, ...]:
    """What each plug-in that was named makes of a file: a ratio, that it abstains, or why it does not count."""
    from takeback import plugins  # noqa: PLC0415
    from takeback.cage import guests  # noqa: PLC0415
    from takeback.store import plugins as installed  # noqa: PLC0415

    made = []
    for name in dict.fromkeys(named):
        try:
            found = installed.found(name, on)
            with open_file(path) as file:
                made.append(guests.ask(file, seen, found))
        except plugins.Refused as cause:
            made.append(plugins.Outcome(cause.group, name, str(cause)))
    return tuple(made)


def beside(file: Callable[[], Any], original: Callable[[], Any], name: str, *, views: bool = False) -> Compared:
    """A file beside an original of the person's, which is called `name`; each is opened by its call.

    With `views`, small copies of both come too, to be shown.
    """
    from takeback import likeness, provenance, recordings  # noqa: PLC0415
    from takeback.cage import beside as parts  # noqa: PLC0415

    first, second = (_look(opened) for opened in (file, original))
    found = likeness.compare(first.signals, second.signals)
    with _closing(file) as one, _closing(original) as other:
        laid = parts.lay(one, other, views=views)
    mine, yours = (listened(opened, each.format, each.size) for opened, each in ((file, first), (original, second)))
    alike = recordings.compare(mine, yours) if mine and yours else None
    return provenance.Compared(name, found.same, laid, found.distance, found.nearest, found.edit, alike)


def _look(file: Callable[[], Any]) -> Looked:
    from takeback import cage  # noqa: PLC0415

    with _closing(file) as source:
        return cage.look(source, edits=True)


def examine(
    file: Any,
    on: date,
    compared: Sequence[Compared] = (),
    ask: Callable[[Seen], Sequence[Outcome]] = lambda _: (),
    again: Callable[[], Any] | None = None,
) -> dict[str, Any]:
    """The same for a file that is open, without its name. Whoever calls has asked the child rule.

    `again` opens it once more, so that it is listened to as well.
    """
    from takeback import __version__, provenance  # noqa: PLC0415
    from takeback.cage import examine as caged  # noqa: PLC0415
    from takeback.store import trust  # noqa: PLC0415

    trusted = trust.lists()
    looked = caged.examine(file, trusted)
    named = [f"{one.name} {one.day}" for one in trusted]
    outcomes = ask(looked.seen)
    heard = listened(again, looked.seen.format, looked.sums.size) if again else None
    software = f"Takeback {__version__}"
    made = provenance.report(
        looked.seen, looked.sums, on, software, named, compared=compared, heard=heard, outcomes=outcomes
    )
    return {**made.data(), "warnings": list(looked.warnings)}
