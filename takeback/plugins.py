"""Plug-ins for `examine`: what one must say of itself before any of it runs, and the only two answers that count.

A plug-in abstains, for one of the reasons that its manifest lists, or gives a likelihood ratio with its bounds: how
much more likely what it saw is under the first of two named propositions than under the second. Whatever else it says
is refused: a score, a verdict, a sentence of its own making, a ratio that its own counts cannot carry.
"""

from __future__ import annotations

import json
import math
import re
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from takeback import formats, plain
from takeback.table import Table

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

Group = Literal["takeback.detectors", "takeback.watermarks"]
GROUPS: tuple[Group, ...] = ("takeback.detectors", "takeback.watermarks")
"""The entry points that are looked for, and nothing else is."""

MOST_MANIFEST, MOST_ANSWER = 64 << 10, 4096
"""No honest manifest, and no honest answer, is longer, in bytes."""

VERDICTS = re.compile(
    r"%|per\s?cent|\b(real|fake|fakes|faked|deepfakes?|genuine|authentic|score|verdict|probab\w*)\b", re.IGNORECASE
)
"""Words that no plug-in may use: each is a verdict, or a number that passes for one."""

SHORT, LONG = 3, 200
RULE_OF_THREE = 3
"""With no case among n, the true rate is below 3/n, nineteen times in twenty."""

NAME = re.compile(r"[a-z][a-z0-9-]{0,40}")
HEX = re.compile(r"[0-9a-f]{64}")


class Refused(Exception):
    """A plug-in that is not run, or whose answer does not count. The message is the reason, for `not_run`."""

    group: Group = GROUPS[0]
    """What kind it is, where that is known."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a plug-in says of itself. `of_first` and `of_second` count the files of its calibration."""

    name: str
    version: str
    licence: str
    cutoff: date
    expires: date
    propositions: tuple[str, str]
    formats: tuple[str, ...]
    least_side: int
    abstains: Mapping[str, str]
    calibration: str
    of_first: int
    of_second: int
    files: Mapping[str, str]

    @property
    def most(self) -> float:
        """The largest ratio that the counts can carry: had none of the second kind been mistaken."""
        return self.of_second / RULE_OF_THREE

    @property
    def least(self) -> float:
        """The smallest ratio that the counts can carry."""
        return RULE_OF_THREE / self.of_first


@dataclass(frozen=True, slots=True)
class Found:
    """An installed plug-in that may run: its function (`package.module:name`), and where else it is imported from."""

    group: Group
    manifest: Manifest
    entry: str
    folder: str


@dataclass(frozen=True, slots=True)
class File:
    """What a plug-in gets: a file's bytes and its format's name; of a picture the pixels too, upright 8-bit RGB."""

    data: bytes
    format: str
    rgb: bytes = b""
    rows: int = 0
    cols: int = 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one plug-in that was named: a ratio with its bounds, or the reason why there is none.

    `because` is empty where there is a ratio. `abstained` tells a plug-in that ran and would not say from one that was
    not run, or whose answer was refused.
    """

    group: Group
    name: str
    because: str = ""
    abstained: bool = False
    ratio: float = 0
    low: float = 0
    high: float = 0
    manifest: Manifest | None = None


def read(raw: bytes, name: str, version: str, on: date) -> Manifest:
    """A manifest of the plug-in that is installed under this name and version. Raises `Refused`, with every problem."""
    if len(raw) > MOST_MANIFEST:
        raise Refused("its manifest is too long")
    try:
        said = tomllib.loads(raw.decode())
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as cause:
        raise Refused("its manifest can't be read") from cause
    problems: list[str] = []
    made = _manifest(Table("its manifest", said, problems), problems)
    if made.name != name or made.version != version:
        problems.append("its manifest is that of another plug-in or version")
    if not problems and made.cutoff > on:
        problems.append("its training ends on a day to come")
    if not problems and made.expires < on:
        problems.append(f"its calibration ended on {made.expires}")
    if problems:
        raise Refused("; ".join(_plain(one) for one in problems))
    return made


def _manifest(table: Table, problems: list[str]) -> Manifest:
    counted = Table("its calibration", table.plain("calibration"), problems)
    made = Manifest(
        name=table.text("name"),
        version=table.text("version"),
        licence=_sentence(table, "licence"),
        cutoff=table.required_day("cutoff"),
        expires=counted.required_day("expires"),
        propositions=_pair(table),
        formats=_formats(table),
        least_side=_count(table, "least_side", 1),
        abstains=_reasons(table),
        calibration=_sentence(counted, "set"),
        of_first=_count(counted, "of_first", RULE_OF_THREE),
        of_second=_count(counted, "of_second", RULE_OF_THREE),
        files=_files(table),
    )
    counted.done()
    table.done()
    return made


def _sentence(table: Table, key: str) -> str:
    text = table.text(key)
    _checked(table, key, text)
    return text


def _checked(table: Table, key: str, text: str) -> None:
    if not SHORT <= len(text) <= LONG or not text.isprintable():
        table.wrong(f"`{key}` needs {SHORT} to {LONG} plain letters")
    elif VERDICTS.search(text):
        table.wrong(f"`{key}` holds a verdict or a score, in the words or the numbers")


def _pair(table: Table) -> tuple[str, str]:
    found = table.texts("propositions", required=True)
    for one in found:
        _checked(table, "propositions", one)
    if len(found) != 2 or found[0] == found[1]:
        table.wrong("`propositions` needs two that differ")
        return "", ""
    return found[0], found[1]


def _formats(table: Table) -> tuple[str, ...]:
    found = table.texts("formats", required=True)
    if any(one not in formats.FORMATS for one in found):
        table.wrong("`formats` names one that Takeback does not know")
    return found


def _count(table: Table, key: str, least: int) -> int:
    number = table.number(key)
    if number < least:
        table.wrong(f"`{key}` needs to be at least {least}")
    return max(number, least)


def _reasons(table: Table) -> dict[str, str]:
    found = table.plain("abstains")
    if not found:
        table.wrong("`abstains` needs a table of reasons")
    for key, text in found.items():
        if not NAME.fullmatch(key) or not isinstance(text, str):
            table.wrong("`abstains` needs a name and a sentence for each reason")
        else:
            _checked(table, "abstains", text)
    return found


def _files(table: Table) -> dict[str, str]:
    found = table.plain("files")
    if not found or not all(isinstance(one, str) and HEX.fullmatch(one) for one in found.values()):
        table.wrong("`files` needs the SHA-256 of every file")
    return found


def fits(manifest: Manifest, format_: str, rows: int, cols: int) -> str:
    """Why a file is not given to it; empty where it may have it."""
    if format_ not in manifest.formats:
        return f"it is made for {', '.join(manifest.formats)} only"
    if rows and min(rows, cols) < manifest.least_side:
        return f"the picture needs at least {manifest.least_side} pixels on each side"
    return ""


def answered(raw: bytes, group: Group, manifest: Manifest) -> Outcome:
    """What a plug-in wrote, as an outcome. Raises `Refused` for all that is neither of the two answers."""
    said = _object(raw)
    if said.keys() == {"stopped"}:
        raise Refused("it broke off")
    if said.keys() == {"abstains"}:
        reason = said["abstains"]
        if not isinstance(reason, str) or reason not in manifest.abstains:
            raise Refused("it abstained for a reason that its manifest does not list")
        return Outcome(group, manifest.name, manifest.abstains[reason], abstained=True, manifest=manifest)
    if said.keys() != {"ratio", "low", "high"}:
        raise Refused("it said something that is neither a likelihood ratio with bounds nor that it abstains")
    ratio, low, high = (_number(said[key]) for key in ("ratio", "low", "high"))
    if not low <= ratio <= high:
        raise Refused("its ratio does not lie between its bounds")
    if low < manifest.least or high > manifest.most:
        raise Refused("it claims more than the counts of its own calibration can carry")
    return Outcome(group, manifest.name, ratio=ratio, low=low, high=high, manifest=manifest)


def _object(raw: bytes) -> dict[str, Any]:
    if not raw:
        raise Refused("it took too long, or was stopped")
    try:
        said = json.loads(raw) if len(raw) <= MOST_ANSWER else None
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict):
        raise Refused("what it said can't be read")
    return said


def _number(value: Any) -> float:
    if type(value) not in (int, float) or not 0 < value <= 1e12 or not math.isfinite(value):
        raise Refused("its ratio is no number above zero")
    return float(value)


def _plain(text: str) -> str:
    """A problem without line ends or signs that move a terminal: parts of it are a stranger's."""
    return plain.line(text)[:300]
