"""Which answers of a site are signed e-mails, what their signatures come to, and the keys that were asked for.

A key is asked for by a press, and the name server's answer stays in the log with the day; the first one holds. A key
that somebody handed in with an answer is tried on that answer alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from takeback import signed_mail
from takeback.errors import BadInput
from takeback.words import _, moment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime, tzinfo

    from takeback.clock import Reply
    from takeback.signed_mail import Key, Signature
    from takeback.terms import Event
    from takeback.wire.fetch import Wire

WHAT = "mail-key"


class Asked(NamedTuple):
    """A key that was asked for: the record, when, and of whom."""

    record: str
    at: datetime
    by: str


def keys(events: Iterable[Event]) -> dict[str, Asked]:
    """The keys that were asked for, by the names they stand under."""
    found: dict[str, Asked] = {}
    for event in events:
        if event.what == WHAT:
            name, record, by = (str(event.data.get(part, "")) for part in ("name", "record", "by"))
            found.setdefault(name, Asked(record, event.at, by))
    return found


def signatures(
    replies: Iterable[Reply], files: Mapping[str, Callable[[], Iterable[bytes]]], asked: Mapping[str, Asked]
) -> dict[str, tuple[Signature, ...]]:
    """What signs each reply that was kept as an e-mail, by its exhibit."""
    records = {name: one.record for name, one in asked.items()}
    return {one.ref: _of(b"".join(files[one.ref]()), one.key, records) for one in replies if one.ref in files}


def _of(message: bytes, handed: str, records: Mapping[str, str]) -> tuple[Signature, ...]:
    found = signed_mail.check(message, records)
    if not handed or not found:
        return found
    first = next((one for one in found if one.own), found[0])
    return signed_mail.check(message, {**records, first.record: handed})


def says(found: tuple[Signature, ...], asked: Mapping[str, Asked], zone: tzinfo) -> str:
    """The same in words, and from when its key is."""
    days = [
        _("Its key was asked for on {day}, of {server}.", day=moment(key.at.astimezone(zone)), server=key.by)
        for one in found
        if (key := asked.get(one.record))
    ]
    return " ".join((signed_mail.says(found), *dict.fromkeys(days)))


def open_name(found: Iterable[Signature]) -> str:
    """The name of the key that is worth asking for: the sender's own first; nothing where none is left."""
    names = [one for one in found if one.verdict == "not checked" and signed_mail.NAME.fullmatch(one.record)]
    return next((one.record for one in sorted(names, key=lambda one: not one.own)), "")


def ask(found: Iterable[Signature], wire: Wire) -> Key:
    """Ask a name server for that key. BadInput where there is none left to ask for."""
    from takeback.wire import mail_key  # noqa: PLC0415  the network, and only where a person asked

    if not (name := open_name(found)):
        raise BadInput("There is no key left to ask for", "look at the answer again")
    return mail_key.ask(wire, name)
