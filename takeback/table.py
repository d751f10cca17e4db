"""A TOML table that is read key by key: each key once, by type; what is left over is a problem.

Problems are collected, never raised one by one, so that whoever wrote the file sees all of them at once.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from takeback import rules
from takeback.errors import BadInput
from takeback.terms import All

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from takeback.terms import Answer, Rule

ALWAYS = All(())
"""The rule of a table without `when`: true of everyone."""


class Table:
    """One table of a pack. Every reader takes its key out; `done` complains about the rest."""

    def __init__(self, where: str, data: Mapping[str, Any], problems: list[str]) -> None:
        self.where = where
        self._data = dict(data)
        self._problems = problems

    def wrong(self, what: str) -> None:
        """Report a problem of this table."""
        self._problems.append(f"{self.where}: {what}")

    def has(self, key: str) -> bool:
        """Whether a key is there and not yet read."""
        return key in self._data

    def text(self, key: str, default: str | None = None) -> str:
        """A string. Without a default the key is required."""
        value = self._data.pop(key, default)
        if value is None:
            self.wrong(f"`{key}` is missing")
            return ""
        if not isinstance(value, str):
            self.wrong(f"`{key}` needs text in quotes, not {value!r}")
            return ""
        return value.strip()

    def maybe(self, key: str) -> str | None:
        """A string, or None where the key is not there."""
        return self.text(key) if self.has(key) else None

    def choice(self, key: str, allowed: Sequence[str], default: str | None = None) -> Any:
        """A string out of a closed list."""
        value = self.text(key, default)
        if value not in allowed:
            self.wrong(f"`{key}` is {value!r}; it can be {', '.join(allowed)}")
        return value

    def texts(self, key: str, *, required: bool = False) -> tuple[str, ...]:
        """A list of strings."""
        value = self._data.pop(key, None)
        if value is None and not required:
            return ()
        if not isinstance(value, list) or not all(isinstance(v, str) for v in value) or (required and not value):
            self.wrong(f"`{key}` needs a list of texts")
            return ()
        return tuple(value)

    def day(self, key: str) -> date | None:
        """A day such as 2026-11-24, or None where the key is not there."""
        value = self._data.pop(key, None)
        if value is not None and type(value) is not date:
            self.wrong(f"`{key}` needs a day such as 2026-11-24, not {value!r}")
            return None
        return value

    def required_day(self, key: str) -> date:
        """A day that has to be there."""
        value = self.day(key)
        if value is None:
            self.wrong(f"`{key}` needs a day such as 2026-11-24")
        return value or date.min

    def flag(self, key: str, *, default: bool) -> bool:
        """True or false."""
        value = self._data.pop(key, default)
        if not isinstance(value, bool):
            self.wrong(f"`{key}` needs true or false, not {value!r}")
        return bool(value)

    def number(self, key: str) -> int:
        """A whole number."""
        value = self._data.pop(key, None)
        if type(value) is not int:
            self.wrong(f"`{key}` needs a whole number, not {value!r}")
            return 0
        return value

    def any(self, key: str) -> Any:
        """A value of any type that has to be there."""
        if key not in self._data:
            self.wrong(f"`{key}` is missing")
        return self._data.pop(key, "")

    def plain(self, key: str) -> dict[str, Any]:
        """A table of values taken as they are; empty where it is not there."""
        value = self._data.pop(key, {})
        if not isinstance(value, dict):
            self.wrong(f"`{key}` needs a table")
            return {}
        return value

    def answers(self, key: str) -> dict[str, Answer]:
        """A table of answers as a GIVEN file writes them: text, a whole number, or a list of texts."""
        return {k: tuple(map(str, v)) if isinstance(v, list) else v for k, v in self.plain(key).items()}

    def tables(self, key: str) -> Iterator[Table]:
        """Each table of an array of tables, to be read in turn."""
        value = self._data.pop(key, [])
        if not isinstance(value, list) or not all(isinstance(v, dict) for v in value):
            self.wrong(f"`{key}` needs tables: [[{key}]]")
            return
        for number, data in enumerate(value, 1):
            table = Table(f"{self.where} {key} {data.get('id') or data.get('part') or number}", data, self._problems)
            yield table
            table.done()

    def table(self, key: str) -> Table | None:
        """The table under a key, to be read and done with, or None where it is not there."""
        value = self._data.pop(key, None)
        if value is not None and not isinstance(value, dict):
            self.wrong(f"`{key}` needs a table")
        return Table(f"{self.where} {key}", value, self._problems) if isinstance(value, dict) else None

    def rule(self, key: str | None = None) -> Rule:
        """The rule under `key`, or (without a key) the one that all the remaining keys of this table make."""
        tree = self._data.pop(key, None) if key else self._data
        if tree is None:
            return ALWAYS
        if key is None:
            self._data = {}
        try:
            return rules.parse(tree)
        except BadInput as error:
            self.wrong(error.what)
            return ALWAYS

    def done(self) -> None:
        """Complain about every key that nobody read."""
        for key in self._data:
            self.wrong(f"`{key}` is not a key of this table")
