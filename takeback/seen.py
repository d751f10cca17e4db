"""Seen: all that was seen in one file, as plain numbers and quoted texts; and the same as JSON, taken as a stranger's.

A file is looked at in the cage, by a process that it may have taken over. So what comes back is read here field by
field: the right type, within its range, from closed lists of words, and bounded in length. Texts out of the file are
quotes and nothing else. What could not be looked at is in `failed`, under a step, with a reason from a closed list.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypeVar, get_args

from takeback import formats
from takeback.containers import FLAW_KINDS, Flaw
from takeback.errors import BadInput
from takeback.marks import LONGEST_NAME, LONGEST_TEXT, MOST, PLACES, Mark
from takeback.motion import Motion
from takeback.signals import WHOLE, checked
from takeback.terms import Signal

if TYPE_CHECKING:
    from collections.abc import Callable

Step = Literal["structure", "pixels", "thumbnail", "hidden", "watermark", "twice", "credentials", "motion"]
Why = Literal[
    "no-walker", "not-a-picture", "no-thumbnail", "not-jpeg", "not-png", "unreadable", "heavy", "small",
    "no-library", "no-reader", "not-exact", "too-plain", "reader-refused", "no-list", "not-yet", "failed",
    "not-video", "no-decoder",
]  # fmt: skip
STEPS: tuple[Step, ...] = get_args(Step)
WHYS: tuple[Why, ...] = get_args(Why)

State = Literal["trusted", "unknown", "broken", "unreadable", "elsewhere"]
STATES: tuple[State, ...] = get_args(State)
"""Signed by someone on a list; intact, signer on no list; changed since; not to be read; kept at an address."""

MOST_ANSWER = 2 << 20
"""No honest answer is longer, in bytes."""

MOST_GROUPS = 200
LONGEST_WORD = 300


@dataclass(frozen=True, slots=True)
class Group:
    """Parts of one kind: their path, how many, and how many bytes in all."""

    path: str
    count: int
    size: int


@dataclass(frozen=True, slots=True)
class Agreement:
    """How well the bits in a picture agree with an open watermark: `agree` of `of` bits."""

    scheme: str
    agree: int
    of: int


@dataclass(frozen=True, slots=True)
class Act:
    """One signed statement: what was done, of what kind the source is, and with what."""

    action: str
    source: str = ""
    agent: str = ""
    part: bool = False
    """Whether it was done to something that the file was made from."""


@dataclass(frozen=True, slots=True)
class Credential:
    """What a signed record (C2PA) in a file comes to.

    `signer` is the name in the certificate, which means something only where the state is `trusted`. `trust` names the
    list and its date, and `older` says that it is the frozen one. `codes` are the reader's words for what fails.
    """

    state: State
    signer: str = ""
    trust: str = ""
    older: bool = False
    at: str = ""
    generator: str = ""
    acts: tuple[Act, ...] = ()
    codes: tuple[str, ...] = ()
    address: str = ""
    lists: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Seen:
    """Everything that one look at a file gave."""

    format: str
    rows: int = 0
    cols: int = 0
    pdq: str = ""
    quality: int = 0
    groups: tuple[Group, ...] = ()
    flaws: tuple[Flaw, ...] = ()
    end: int = 0
    marks: tuple[Mark, ...] = ()
    tables: tuple[tuple[int, ...], ...] = ()
    sampling: str = ""
    progressive: bool = False
    thumbnail: int = -1
    """Differing bits between the picture's hash and that of its thumbnail; -1 where there is none to compare."""
    twice: int = -1
    """Per mille of the frequencies looked at that show an earlier, coarser saving; -1 where it was not looked at."""
    watermarks: tuple[Agreement, ...] = ()
    credential: Credential | None = None
    motion: Motion | None = None
    failed: tuple[tuple[Step, Why], ...] = ()
    versions: tuple[tuple[str, str], ...] = field(default=())
    """The libraries that had a part in it, with their versions."""

    def texts(self, *places: str) -> tuple[Mark, ...]:
        """The marks at these places."""
        return tuple(one for one in self.marks if one.where in places)

    def why(self, step: Step) -> Why | None:
        """Why a step was not taken; None where it was."""
        return dict(self.failed).get(step)


def as_json(seen: Seen) -> bytes:
    """What a child writes."""
    return json.dumps(asdict(seen), ensure_ascii=True).encode()


def read(raw: bytes) -> Seen:
    """What a child wrote. Raises `Unreadable`: for the child's own reason, or as `stopped` where it makes no sense."""
    try:
        return _seen(_answered(raw))
    except formats.Unreadable:
        raise
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, BadInput) as cause:
        raise formats.Unreadable("stopped") from cause


def _answered(raw: bytes) -> dict[str, Any]:
    said = json.loads(raw) if len(raw) <= MOST_ANSWER else None
    if not isinstance(said, dict):
        raise TypeError(type(said))
    if said.keys() == {"why"}:
        raise formats.Unreadable(_one_of(tuple(formats.WHY))(said["why"]))
    return said


def _seen(said: dict[str, Any]) -> Seen:
    rows, cols = _number(said["rows"]), _number(said["cols"])
    pdq = _text(64)(said["pdq"])
    if pdq:
        formats.check_size(rows, cols)
        checked(Signal("pdq", pdq, _number(said["quality"]), WHOLE))
    return Seen(
        format=_one_of(tuple(formats.FORMATS))(said["format"]),
        rows=rows,
        cols=cols,
        pdq=pdq,
        quality=_number(said["quality"]),
        groups=_many(said["groups"], _group, MOST_GROUPS),
        flaws=_many(said["flaws"], _flaw, 1 << 15),
        end=_number(said["end"]),
        marks=_many(said["marks"], _mark, MOST + 30),
        tables=_many(said["tables"], _table, 4),
        sampling=_text(5)(said["sampling"]),
        progressive=said["progressive"] is True,
        thumbnail=_number(said["thumbnail"], -1, 256),
        twice=_number(said["twice"], -1, 1000),
        watermarks=_many(said["watermarks"], _agreement, 10),
        credential=None if said["credential"] is None else _credential(said["credential"]),
        motion=None if said["motion"] is None else _motion(said["motion"]),
        failed=_many(said["failed"], _failure, len(STEPS)),
        versions=_many(said["versions"], _pair, 10),
    )


_T = TypeVar("_T")


def _many(value: Any, one: Callable[[Any], _T], most: int) -> tuple[_T, ...]:
    if not isinstance(value, list) or len(value) > most:
        raise TypeError(value)
    return tuple(one(item) for item in value)


def _number(value: Any, least: int = 0, most: int = 1 << 50) -> int:
    if type(value) is not int or not least <= value <= most:
        raise ValueError(value)
    return value


def _text(most: int) -> Callable[[Any], str]:
    def read_text(value: Any) -> str:
        if not isinstance(value, str) or len(value) > most:
            raise ValueError(value)
        return value

    return read_text


def _one_of(words: tuple[_T, ...]) -> Callable[[Any], _T]:
    def read_word(value: Any) -> _T:
        return words[words.index(value)]

    return read_word


def _group(said: dict[str, Any]) -> Group:
    return Group(_text(200)(said["path"]), _number(said["count"]), _number(said["size"]))


def _flaw(said: dict[str, Any]) -> Flaw:
    kind = _one_of(FLAW_KINDS)(said["kind"])
    return Flaw(kind, _number(said["at"]), _number(said["size"], 0, 1 << 64), _text(100)(said["name"]))


def _mark(said: dict[str, Any]) -> Mark:
    return Mark(_one_of(PLACES)(said["where"]), _text(LONGEST_NAME)(said["name"]), _text(LONGEST_TEXT)(said["text"]))


def _table(said: Any) -> tuple[int, ...]:
    numbers = _many(said, lambda one: _number(one, 0, 65_535), 64)
    if len(numbers) != 64:
        raise ValueError(said)
    return numbers


def _agreement(said: dict[str, Any]) -> Agreement:
    of = _number(said["of"], 1, 512)
    return Agreement(_text(60)(said["scheme"]), _number(said["agree"], 0, of), of)


def _credential(said: dict[str, Any]) -> Credential:
    word = _text(LONGEST_WORD)
    return Credential(
        state=_one_of(STATES)(said["state"]),
        signer=word(said["signer"]),
        trust=word(said["trust"]),
        older=said["older"] is True,
        at=_text(40)(said["at"]),
        generator=word(said["generator"]),
        acts=_many(said["acts"], _act, 50),
        codes=_many(said["codes"], _text(80), 50),
        address=_text(2000)(said["address"]),
        lists=_many(said["lists"], _text(80), 10),
    )


def _act(said: dict[str, Any]) -> Act:
    word = _text(LONGEST_WORD)
    return Act(word(said["action"]), word(said["source"]), word(said["agent"]), said["part"] is True)


def _motion(said: dict[str, Any]) -> Motion:
    looked = _number(said["looked"], 0, 1 << 40)

    def moment(value: Any) -> int:
        return _number(value, 0, looked)

    def stretch(value: Any) -> tuple[int, int]:
        begin, end = value
        return moment(begin), _number(end, moment(begin), looked)

    cuts, still = _many(said["cuts"], moment, 500), _many(said["still"], stretch, 500)
    return Motion(looked, said["whole"] is True, _number(said["frames"], 1), cuts, still)


def _failure(said: Any) -> tuple[Step, Why]:
    step, why = said
    return _one_of(STEPS)(step), _one_of(WHYS)(why)


def _pair(said: Any) -> tuple[str, str]:
    name, version = said
    return _text(40)(name), _text(40)(version)
