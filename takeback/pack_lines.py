"""Pack lines: where in a pack's text a problem lies, so that an editor lands on the line. Pure: text in, a number out.

tomllib keeps no lines, so this reads just enough TOML to know which table and which key starts where. A problem names
its place as `packs` writes it: `laws/EW-1.toml version 1 element shared: `why_not` is missing`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

HEADER = re.compile(r"\s*\[\[?\s*([\w\-.]+)\s*\]\]?\s*(?:#.*)?$")
KEY = re.compile(r"\s*([\w\-.]+)\s*=\s*(.*)$")
NAMES = ("id", "part", "name", "slug", "fact")
"""The keys by which a table is named, where it has them; else its number names it."""

QUOTED = re.compile(r"`([\w\-.]+)`|'([^']+)'|\"([^\"]+)\"")
BROKEN = re.compile(r"\(at line (\d+)")


@dataclass(slots=True)
class Block:
    """One table of a file: its path, its lines, and what it can be called."""

    path: str
    first: int
    above: Block | None
    lines: list[str] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)

    def chain(self) -> Iterator[Block]:
        """This table and those that it lies in."""
        block: Block | None = self
        while block:
            yield block
            block = block.above


def find(text: str, problem: str) -> int:
    """The line, counted from 1, that a problem speaks of; 1 where it is about the whole file."""
    if broken := BROKEN.search(problem):
        return int(broken[1])
    block = max(blocks(text), key=lambda one: _fit(one, problem))
    lines = text.splitlines()
    for key, *texts in QUOTED.findall(problem):
        if key:
            found = _line(block.lines, rf"(?:^|[{{,\s]){re.escape(key)}(?:\.[\w\-]+)*\s*=", block.first)
        else:
            word = _whole(next(filter(None, texts)))
            found = _line(lines[block.first - 1 :], word, block.first) or _line(lines, word, 1)
        if found:
            return found
    return block.first


def _whole(words: str) -> str:
    """A pattern for words that are not a piece of others."""
    start = r"(?<![\w\-])" if words[0].isalnum() else ""
    return start + re.escape(words) + (r"(?![\w\-])" if words[-1].isalnum() else "")


def _line(lines: list[str], pattern: str, first: int) -> int | None:
    """The number of the first line on which this stands, outside a comment."""
    sought = re.compile(pattern)
    return next((n for n, line in enumerate(lines, first) if sought.search(line.partition(" #")[0])), None)


def _fit(block: Block, problem: str) -> tuple[int, int]:
    """How many of the tables that a problem names are this one or around it; fewer left over is better."""
    chain = list(block.chain())
    named = sum(any(re.search(rf" {re.escape(label)}(?![\w\-])", problem) for label in one.labels) for one in chain)
    return named, -len(chain)


def blocks(text: str) -> list[Block]:
    """Every table of a TOML file, the file itself first."""
    found = [Block("", 1, None)]
    inside = False
    for number, line in enumerate(text.splitlines(), 1):
        header = None if inside else HEADER.match(line)
        if header:
            found.append(Block(header[1], number, _above(found, header[1])))
        found[-1].lines.append(line)
        inside ^= line.count('"""') % 2 == 1 or line.count("'''") % 2 == 1
    for block in found:
        block.labels = _labels(block, found)
    return found


def _above(found: list[Block], path: str) -> Block:
    parent = path.rpartition(".")[0]
    return next((block for block in reversed(found) if block.path == parent), found[0])


def _labels(block: Block, found: list[Block]) -> list[str]:
    """What a problem may call this table: "element 2", "element consent", "version from 2024-01-31"."""
    if not block.path:
        return []
    word = block.path.rpartition(".")[2]
    beside = [one for one in found if one.path == block.path and one.above is block.above]
    keys = dict(reversed([(m[1], m[2]) for line in block.lines if (m := KEY.match(line))]))
    called = [_value(keys[name]) for name in NAMES if name in keys]
    since = [f"from {_value(keys['from'])}"] if "from" in keys else []
    return [f"{word} {name}" for name in (beside.index(block) + 1, *called, *since)] + (
        [word] if len(beside) == 1 else []
    )


def _value(written: str) -> str:
    """A text or a day as it is meant, without its quotes and what stands behind it."""
    quoted = re.match(r"\"([^\"]*)\"|'([^']*)'", written)
    return (quoted[1] or quoted[2] or "") if quoted else written.partition("#")[0].strip()
