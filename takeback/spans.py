"""Spans: how long a duty gives, when it ends, and how a person says a time. Pure.

A span is an ISO 8601 duration with one count ("PT48H", "P7D", "P1M"), or "P5B" for working days. Hours pass as they do
on a stopwatch, whatever the clocks on the wall do that night. Days, weeks and months end with the last minute of a day
where the person is, and a month that would end at a weekend ends on the Monday after. Public holidays are not known
here, so "overdue" may be said of working days a little early: what is said beside it names them. A time on a wall clock
that comes twice is taken as the later one, so that nobody is called late before they are.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from takeback.errors import BadInput
from takeback.words import n_

if TYPE_CHECKING:
    from datetime import tzinfo

SPAN = re.compile(r"P(?:(\d{1,4})([YMWDB])|T(\d{1,4})([HM]))")
UNITS = {"Y": "year", "M": "month", "W": "week", "D": "day", "B": "working day"}
CLOCK_UNITS = {"H": "hour", "M": "minute"}
HOME = "Europe/London"
"""The zone that a time is in where nobody said another."""

WEEKEND = 5
"""The first day of the week that nobody works, counted from Monday as 0."""


def is_span(text: str) -> bool:
    """Whether a text is a span that this module can count."""
    return SPAN.fullmatch(text) is not None


def words(span: str) -> str:
    """A span in words: "PT48H" is "48 hours", "P5B" is "5 working days"."""
    count, unit = _read(span)
    match unit:
        case "year":
            return n_("{n} year", "{n} years", count)
        case "month":
            return n_("{n} month", "{n} months", count)
        case "week":
            return n_("{n} week", "{n} weeks", count)
        case "day":
            return n_("{n} day", "{n} days", count)
        case "working day":
            return n_("{n} working day", "{n} working days", count)
        case "hour":
            return n_("{n} hour", "{n} hours", count)
    return n_("{n} minute", "{n} minutes", count)


def _read(span: str) -> tuple[int, str]:
    found = SPAN.fullmatch(span)
    if found is None:
        raise BadInput(f"{span!r} is no span of time", "write it like PT48H, P7D, P1M or P5B (working days)")
    if found[1]:
        return int(found[1]), UNITS[found[2]]
    return int(found[3]), CLOCK_UNITS[found[4]]


def ends(start: datetime, span: str, zone: tzinfo) -> datetime:
    """The last moment, in UTC, at which something is still in time that started at `start` and has `span`."""
    count, unit = _read(span)
    if unit in CLOCK_UNITS.values():
        return (start + timedelta(**{f"{unit}s": count})).astimezone(UTC)
    first = start.astimezone(zone).date()
    last = _last_day(first, count, unit)
    return datetime(last.year, last.month, last.day, 23, 59, 59, tzinfo=zone).astimezone(UTC)


def _last_day(first: date, count: int, unit: str) -> date:
    if unit == "working day":
        return _working_days_after(first, count)
    if unit in ("day", "week"):
        return first + timedelta(days=count * (7 if unit == "week" else 1))
    return _worked(_months_after(first, count * (12 if unit == "year" else 1)))


def _months_after(first: date, count: int) -> date:
    """The same day of a later month; its last day where it has no such day."""
    years, month = divmod(first.month - 1 + count, 12)
    year = first.year + years
    return date(year, month + 1, min(first.day, monthrange(year, month + 1)[1]))


def _worked(on: date) -> date:
    """A day, or the Monday after it where it is at a weekend."""
    return on + timedelta(days=7 - on.weekday()) if on.weekday() >= WEEKEND else on


def _working_days_after(first: date, count: int) -> date:
    on = first
    for _ in range(count):
        on = _worked(on + timedelta(days=1))
    return on


# ---------------------------------------------------------------- times as a person says them


def zone(name: str) -> ZoneInfo:
    """A time zone by its name, such as Europe/London. BadInput where there is none."""
    try:
        return ZoneInfo(name or HOME)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise BadInput(
            "There is no time zone of this name", "write the name of a city, such as Europe/London"
        ) from error


def zone_or(name: str, other: tzinfo) -> tzinfo:
    """A time zone by its name; `other` where it has none, or one that is not known here."""
    try:
        return zone(name) if name else other
    except BadInput:
        return other


def heard(text: str, place: tzinfo) -> datetime:
    """A day and a time on a wall clock there, such as 2026-11-24T10:30, in UTC. BadInput where there was none."""
    try:
        said = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise BadInput("Write the day and the time", "such as 2026-11-24 10:30") from error
    if "T" not in text.strip() and " " not in text.strip():
        raise BadInput("The time of day is missing", "the clock counts hours: write it such as 2026-11-24 10:30")
    if said.utcoffset() is not None:
        return said.astimezone(UTC)
    at = said.replace(tzinfo=place, fold=1).astimezone(UTC)
    if at.astimezone(place).replace(tzinfo=None) != said:
        raise BadInput("The clocks went forward that night, so this time never was", "look at the time once more")
    return at
