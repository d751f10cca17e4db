"""Signed mail: which domains signed an e-mail (DKIM, RFC 6376), and whether a signature holds under a key given to it.

Offline: nothing here looks a key up. A key is a text record that stands in the domain name system under the name that
`Signature.record` gives; `wire/mail_key.py` asks for it where a person pressed, or somebody hands it in. Without it a
signature is "not checked", with the reason, and never "wrong". A signature that holds shows that the domain's own mail
server sent these words; not who typed them.
The only home of dkimpy.
"""

from __future__ import annotations

import email
import email.policy
import json
import logging
import re
from dataclasses import dataclass
from email.utils import parseaddr
from typing import TYPE_CHECKING, Literal

from takeback.errors import BadInput
from takeback.words import _, again, later, put

if TYPE_CHECKING:
    from collections.abc import Mapping

Verdict = Literal["holds", "broken", "not checked"]

MOST = 25 << 20
"""Bytes of an e-mail that are read: the largest that mail servers pass on."""

MOST_SIGNATURES = 5
SILENT = logging.getLogger("takeback.signed_mail")
SILENT.disabled = True


NAME = re.compile(
    r"(?=.{4,253}\Z)[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*\._domainkey(?:\.[a-z0-9-]{1,63}){2,}", re.ASCII
)
"""A name under which a key can stand."""

STRING = re.compile(r'"((?:[^"\\]|\\.)*)"')
MOST_KEY = 4096
TXT = 16
"""The number of a text record's type."""

FIRST = later(
    "A name server of Cloudflare, or else of Google, is asked for the sender’s key. It sees the address of this "
    "connection and the sender’s domain, and nothing of you, the e-mail or your case."
)
"""What a person hears before a key is asked for."""


@dataclass(frozen=True, slots=True)
class Key:
    """The text record that a name server gave: under which name, who said so, and the SHA-256 of its answer.

    `sure` where the server says that the domain's own signature on it (DNSSEC) holds.
    """

    name: str
    record: str
    by: str
    sha256: str
    sure: bool

    def data(self, notice: str, ref: str) -> dict[str, object]:
        """The key as it stands in a sealed event: for the exhibit of which notice's reply it was asked."""
        return {
            "notice": notice,
            "ref": ref,
            "name": self.name,
            "record": self.record,
            "by": self.by,
            "sha256": self.sha256,
            "sure": self.sure,
        }


def key(name: str, body: bytes, by: str, sha256: str) -> Key:
    """The key in a name server's answer (JSON). BadInput where none stands under the name, or it makes no sense."""
    try:
        said = json.loads(body)
        rows = [str(row["data"]) for row in said.get("Answer", ()) if row.get("type") == TXT]
        sure = said.get("AD") is True
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as cause:
        raise BadInput("What the name server said can't be read", "nothing is lost: ask again later") from cause
    found = [record for row in rows if (record := _joined(row)) and "p=" in record and len(record) <= MOST_KEY]
    if len(found) != 1:
        why = "more than one key stands" if found else "no key stands"
        raise BadInput(f"There {why} under that name today", "the domain may have changed its keys since the e-mail")
    return Key(name, found[0], by, sha256, sure)


def _joined(row: str) -> str:
    """A text record out of its pieces, with nothing in it that could not be typed."""
    pieces = STRING.findall(row)
    record = "".join(piece.replace("\\", "") for piece in pieces) if pieces else row
    return record if record.isascii() and record.isprintable() else ""


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature: by which domain, where its key stands, whether it is the sender's own, and whether it holds."""

    domain: str
    record: str
    own: bool
    verdict: Verdict
    because: str


def check(message: bytes, records: Mapping[str, str]) -> tuple[Signature, ...]:
    """Every signature of an e-mail. `records` are text records by their name."""
    if len(message) > MOST:
        return ()
    read = email.message_from_bytes(message, policy=email.policy.compat32)
    sender = parseaddr(str(read.get("From", "")))[1].rpartition("@")[2].lower()
    found = [str(value) for value in read.get_all("DKIM-Signature", [])][:MOST_SIGNATURES]
    return tuple(_signature(message, number, value, sender, records) for number, value in enumerate(found))


def says(found: tuple[Signature, ...]) -> str:
    """What was found, in a sentence or two for a person or a document."""
    if not found:
        return _("This e-mail carries no signature (DKIM), so nothing in it shows by itself who sent it.")
    return " ".join(_says(one) for one in found)


def _says(one: Signature) -> str:
    whose = _("the sender’s own domain") if one.own else _("another domain than the sender’s")
    because = again(one.because)
    match one.verdict:
        case "holds":
            return _(
                "Signed by {domain} ({whose}): the signature holds, so the e-mail is as that server sent it.",
                domain=one.domain,
                whose=whose,
            )
        case "broken":
            return _(
                "Signed by {domain} ({whose}): the signature does not hold: {because}.",
                domain=one.domain,
                whose=whose,
                because=because,
            )
    return _("Signed by {domain} ({whose}). Not checked: {because}.", domain=one.domain, whose=whose, because=because)


def _signature(message: bytes, number: int, value: str, sender: str, records: Mapping[str, str]) -> Signature:
    tags = _tags(value)
    domain, selector = tags.get("d", "").lower(), tags.get("s", "").lower()
    name = f"{selector}._domainkey.{domain}"
    own = bool(domain) and (sender == domain or sender.endswith(f".{domain}"))
    if not domain or not selector:
        return Signature(domain or "nobody", "", own, "broken", later("it names no domain or no key"))
    if not records.get(name, "").strip():
        because = put(f"nobody has looked up its key, the text record of {name}")
        return Signature(domain, name, own, "not checked", because)
    holds, because = _holds(message, number, records[name])
    if holds and "l" in tags:
        because = later("it signs only the first part of the words, so more may have been added")
        return Signature(domain, name, own, "broken", because)
    return Signature(domain, name, own, "holds" if holds else "broken", because)


def _tags(value: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in value.replace("\r", "").replace("\n", "").split(";"))
    return {name.strip(): "".join(rest.split()) for name, equals, rest in pairs if equals}


def _holds(message: bytes, number: int, record: str) -> tuple[bool, str]:
    import dkim  # noqa: PLC0415  only where a signature is checked

    key = "".join(record.replace('" "', "").replace('"', "").split("\n")).strip().encode("ascii", "ignore")
    try:
        checked = dkim.DKIM(message, logger=SILENT)
        holds = bool(checked.verify(idx=number, dnsfunc=lambda *_all, **_named: key))
    except dkim.DKIMException as error:
        return False, str(error)[:200]
    except (ValueError, TypeError, KeyError, IndexError, UnicodeError) as error:
        return False, put(f"it can't be read ({type(error).__name__})")
    return holds, "" if holds else later("the words, the headers or the key are not those that were signed")
