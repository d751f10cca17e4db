"""Who keeps a site: asked of public registers and of the site itself, when a person asked for it, and only then.

Four are asked, and each may see this connection's address and the site's name: IANA for its lists, the register of the
name, the register of the number, and the site for the head of its answer. What fails is a note; the rest still counts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from takeback import hosts, registers
from takeback.errors import BadInput, Unreached
from takeback.registers import Holder, Hosting
from takeback.wire.fetch import Limits, checked
from takeback.words import put

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from takeback.pack_terms import Contact
    from takeback.wire.fetch import Wire

LISTS = "https://data.iana.org/rdap/"
NAMES, NUMBERS = "dns.json", {4: "ipv4.json", 6: "ipv6.json"}
ANSWER = Limits(2 << 20, 10, 4)
JSON = {"Accept": "application/rdap+json, application/json"}
MOST_NUMBERS = 2
UNASKABLE = {
    "odd": "This is no address of a page, so nobody can be asked about it",
    "inward": "This leads into a private network, so there is nobody to ask about it",
    "door": "This uses an unusual door of the site: leave out the number behind its name",
}
"""Why nobody is asked about an address."""


def ask(wire: Wire, url: str, contacts: Mapping[str, Contact]) -> Hosting:
    """Who keeps the site of an address. BadInput where it is no address that can be asked about."""
    whole = asked(url)
    host = hosts.plain(urlsplit(whole).hostname or "")
    notes: list[str] = []
    registrar = None if hosts.number(host) else _registrar(wire, host, notes)
    networks = _networks(wire, host, notes)
    holders = [*networks, *([registrar] if registrar else [])]
    front = registers.front(_heads(wire, whole, notes), networks, contacts)
    if not holders:
        notes.append(put("No register said who answers for it."))
    return Hosting(host, registrar, networks, front, tuple(dict.fromkeys(notes)))


def asked(url: str) -> str:
    """The address as it can be asked about; BadInput where it can't."""
    try:
        return checked(url)
    except Unreached as error:
        said = UNASKABLE.get(error.why, error.say())
        raise BadInput(said, "give the address of a page, such as https://example.org/page") from error


def _registrar(wire: Wire, host: str, notes: list[str]) -> Holder | None:
    base = registers.for_name(_json(wire, LISTS + NAMES, notes), host)
    if not base:
        notes.append(put("No register is listed for names that end like this one."))
        return None
    for name in registers.names(host):
        found = registers.registrar(_json(wire, f"{base}domain/{name}", notes), name)
        if found:
            return found
    return None


def _networks(wire: Wire, host: str, notes: list[str]) -> tuple[Holder, ...]:
    try:
        numbers = [str(number)] if (number := hosts.number(host)) else wire.numbers(host)
    except Unreached as error:
        notes.append(put(f"{error.say()}."))
        return ()
    found: list[Holder] = []
    for one in numbers[:MOST_NUMBERS]:
        listed = _json(wire, LISTS + NUMBERS[6 if ":" in one else 4], notes)
        base = registers.for_number(listed, one)
        holder = registers.network(_json(wire, f"{base}ip/{one}", notes), one) if base else None
        if holder and holder.name not in {other.name for other in found}:
            found.append(holder)
    return tuple(found)


def _heads(wire: Wire, url: str, notes: list[str]) -> Mapping[str, str]:
    """The head of the site's answer at its front page, whatever the answer is; nothing of the page itself."""
    parts = urlsplit(url)
    try:
        return wire.head(f"{parts.scheme}://{parts.netloc}/", ANSWER).heads
    except Unreached as error:
        notes.append(put(f"The site itself: {error.say()}."))
        return {}


def _json(wire: Wire, url: str, notes: list[str]) -> Mapping[str, Any]:
    """What a register answers; nothing where it knows nothing or makes no sense."""
    try:
        answer = wire.get(url, ANSWER, JSON)
    except Unreached as error:
        notes.append(put(f"A register ({urlsplit(url).hostname}): {error.say()}."))
        return {}
    if answer.status == 429:
        notes.append(put(f"A register ({urlsplit(url).hostname}) lets this connection ask no more for now."))
    return registers.read(answer.body) if answer.status == 200 and not answer.cut else {}
