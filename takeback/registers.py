"""Registers: who keeps a site nobody knows, out of what public registers and the site's own head say. Pure.

RDAP (RFC 9083) names the registrar of a name and the holder of a number, each with a mailbox for abuse; the lists of
IANA (RFC 9224) say which register to ask; what a site sends in its head tells who stands in front of it. All of it is
the word of strangers: every part is checked, cut and cleaned, and what has another shape counts as not said.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING, Any

from takeback.words import later

if TYPE_CHECKING:
    from takeback.pack_terms import Contact

MOST, DEEPEST, LONGEST = 200, 4, 120
MOST_WAYS = 4
MAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z0-9-]{2,63}")
PHONE = re.compile(r"\+?[0-9][0-9 ().;=extx-]{4,40}")
COUNTRY = re.compile(r"[A-Z]{2}")


FIRST = later(
    "Takeback asks four: the list of all registers (IANA), the register of the name, the register of the number "
    "behind it, and the site itself, for the first lines of its answer. Each of them may see the address of this "
    "connection and the name of the site. Nothing about you or your case is sent."
)
"""What a person hears before anybody is asked."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody who answers for a name or a number, and how to tell them. `what` is the name or the number."""

    what: str
    name: str
    mails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    country: str = ""


@dataclass(frozen=True, slots=True)
class Hosting:
    """Who keeps a site, as far as it was said. `front` is the contact in front of it; `notes` say what failed."""

    host: str
    registrar: Holder | None = None
    networks: tuple[Holder, ...] = ()
    front: str = ""
    notes: tuple[str, ...] = ()

    def data(self) -> dict[str, Any]:
        """The same as plain values, for a log or a document."""
        return asdict(self)


def read(body: bytes) -> Mapping[str, Any]:
    """The JSON object in these bytes; an empty one for anything else."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


# ---------------------------------------------------------------- which register to ask


def for_name(listed: Mapping[str, Any], host: str) -> str:
    """The register of a host's ending, from IANA's list; nothing where none is named."""
    ending = host.rpartition(".")[2].lower()
    return next((base for keys, base in _services(listed) if ending in keys), "")


def for_number(listed: Mapping[str, Any], number: str) -> str:
    """The register of a number, from IANA's lists: of the ranges that hold it, the smallest decides."""
    asked = ip_address(number)
    fitting: list[tuple[int, str]] = []
    for keys, base in _services(listed):
        for key in keys:
            try:
                network = ip_network(key, strict=False)
            except ValueError:
                continue
            if network.version == asked.version and asked in network:
                fitting.append((network.prefixlen, base))
    return max(fitting, default=(0, ""))[1]


def _services(listed: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Each service of a list: what it is for, and its address, which has to be encrypted."""
    for service in _list(listed.get("services"))[:2000]:
        parts = _list(service)
        if len(parts) != 2:
            continue
        bases = (one for one in _texts(parts[1]) if one.startswith("https://") and len(one) < 300)
        if base := next(bases, ""):
            yield tuple(one.lower() for one in _texts(parts[0])), base if base.endswith("/") else f"{base}/"


def names(host: str) -> tuple[str, ...]:
    """The names that a host can be registered under, the whole one first; at most five questions."""
    labels = host.split(".")
    return tuple(".".join(labels[start:]) for start in range(len(labels) - 1))[-5:]


# ---------------------------------------------------------------- what a register says


def registrar(answer: Mapping[str, Any], name: str) -> Holder | None:
    """Who sold a name, and their mailbox for abuse."""
    if answer.get("objectClassName") != "domain":
        return None
    sellers = [one for one in _entities(answer) if "registrar" in _roles(one)]
    ways = [way for one in (*sellers, answer) for way in _entities(one) if "abuse" in _roles(way)]
    named = next((_card(one, "fn") for one in sellers if _card(one, "fn")), ())
    return _holder(name, named[0] if named else "", (*ways, *sellers)) if sellers or ways else None


def network(answer: Mapping[str, Any], number: str) -> Holder | None:
    """Who holds a number, and their mailbox for abuse."""
    if answer.get("objectClassName") != "ip network":
        return None
    everyone = list(_entities(answer))
    abuse = [one for one in everyone if "abuse" in _roles(one)]
    owners = [one for one in everyone if "registrant" in _roles(one)]
    named = next((_card(one, "fn")[0] for one in owners if _card(one, "fn")), "") or _text(answer.get("name"))
    country = _text(answer.get("country")).upper()
    return _holder(number, named, abuse or owners, country if COUNTRY.fullmatch(country) else "")


def _holder(what: str, name: str, ways: Sequence[Mapping[str, Any]], country: str = "") -> Holder:
    mails = [one for way in ways for one in _card(way, "email") if MAIL.fullmatch(one)]
    phones = [one.removeprefix("tel:") for way in ways for one in _card(way, "tel")]
    return Holder(
        what=what,
        name=name,
        mails=tuple(dict.fromkeys(mails))[:MOST_WAYS],
        phones=tuple(dict.fromkeys(one for one in phones if PHONE.fullmatch(one)))[:MOST_WAYS],
        country=country,
    )


def _entities(answer: Mapping[str, Any], depth: int = 0) -> Iterator[Mapping[str, Any]]:
    """Everybody who is named in an answer, and in those, so deep and no deeper."""
    for one in _list(answer.get("entities"))[:MOST]:
        if isinstance(one, dict):
            yield one
            if depth < DEEPEST:
                yield from _entities(one, depth + 1)


def _roles(entity: Mapping[str, Any]) -> set[str]:
    return {one.lower() for one in _texts(entity.get("roles"))}


def _card(entity: Mapping[str, Any], wanted: str) -> list[str]:
    """The values of one kind on a card (jCard, RFC 7095)."""
    card = _list(entity.get("vcardArray"))
    rows = [_list(row) for row in _list(card[1])[:MOST]] if len(card) == 2 else []
    return [text for row in rows if len(row) >= 4 and row[0] == wanted and (text := _text(row[3]))]


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _texts(value: object) -> list[str]:
    return [one for one in _list(value)[: MOST * 10] if isinstance(one, str)]


def _text(value: object) -> str:
    """A stranger's word: one line that can be printed, cut where it gets long."""
    if not isinstance(value, str):
        return ""
    return " ".join("".join(c if c.isprintable() else " " for c in value[: LONGEST * 4]).split())[:LONGEST]


# ---------------------------------------------------------------- who stands in front


def front(heads: Mapping[str, str], holders: Sequence[Holder], contacts: Mapping[str, Contact]) -> str:
    """The contact that stands in front of a site, by its `signs`: "name", "name: value" of a head, or "@mailbox"."""
    mails = [mail for holder in holders for mail in holder.mails]
    for one in contacts.values():
        if one.ended is None and any(_shows(sign, heads, mails) for sign in one.signs):
            return one.id
    return ""


def _shows(sign: str, heads: Mapping[str, str], mails: Sequence[str]) -> bool:
    if sign.startswith("@"):
        return any(mail.lower().endswith(sign) for mail in mails)
    name, colon, value = sign.partition(":")
    return name in heads and (not colon or value.strip() in heads[name].lower())
