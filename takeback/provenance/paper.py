"""The paper for a package: what its files say of their own origin, in plain text, with all that was not run.

Words that may hurt to read stay out of it: the paper says that they are in the JSON beside it.
"""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

from takeback import plain
from takeback.provenance.finding import WEIGHTS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

WIDTH = 80
TITLE = "WHAT THE FILES SAY OF THEIR OWN ORIGIN"
WHAT_IT_IS = (
    "This is technical information, not expert opinion. A program read the files and wrote down what stands in them. "
    "It gives no percentage and no verdict, and it does not say that a file is genuine or made up. A court or a "
    "laboratory that needs an opinion has to ask an expert, who can repeat every step: the file is named here by its "
    "hash, and the versions, the lists and the settings are all written down."
)
IN_JSON = "The words themselves are in examine.json, because they may hurt to read."
QUOTE = 200


def text(made: Sequence[Mapping[str, Any]]) -> str:
    """The paper. Each report is a document of `takeback examine`, with the reference of its exhibit as `ref`."""
    return "\n".join(line for one in _lines(made) for line in one.splitlines() or [""]) + "\n"


def _lines(made: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    yield from (TITLE, "", _wrapped(WHAT_IT_IS))
    for one in made:
        yield from ("", "", f"{one['ref']}", "-" * len(one["ref"]))
        if "not_examined" in one:
            yield _wrapped(f"Not examined: {one['not_examined']}")
        else:
            yield from _report(one)


def _report(one: Mapping[str, Any]) -> Iterator[str]:
    yield f"{one['format']}, {one['size']} bytes"
    yield f"SHA-256 {one['sha256']}"
    for finding in one["findings"]:
        yield from ("", _wrapped(f"{WEIGHTS[finding['weight']]}: {finding['says']}"))
        if finding["care"]:
            yield _wrapped(IN_JSON, "    ")
        else:
            quotes = (f"{quote['name']}: {quote['text'][:QUOTE]}" for quote in finding["quotes"])
            yield from (_wrapped(plain.line(quote), "    ") for quote in quotes)
        yield _wrapped(f"Limits: {finding['limits']}", "    ")
    if one["nothing"]:
        yield from ("", _wrapped(one["nothing"]))
    yield from ("", "Not run:")
    yield from (_wrapped(f"{missed['method']}: {missed['because']}", "    ") for missed in one["not_run"])
    yield from ("", "Versions, lists and settings:")
    yield from (_wrapped(f"{name}: {value}", "    ") for name, value in one["settings"].items() if value)


def _wrapped(words: str, indent: str = "") -> str:
    return textwrap.fill(words, WIDTH, initial_indent=indent, subsequent_indent=indent)
