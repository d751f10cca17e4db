"""Signed mail: which domains signed an e-mail (DKIM, RFC 6376), and whether a signature holds under a key given to it.

Offline: nothing here looks a key up. A key is a text record that stands in the domain name system under the name that
`Signature.record` gives; whoever can look it up hands it in. Without it a signature is "not checked", with the reason,
and never "wrong". A signature that holds shows that the domain's own mail server sent these words; not who typed them.
The only home of dkimpy.
"""

from __future__ import annotations

import email
import email.policy
import logging
from dataclasses import dataclass
from email.utils import parseaddr
from typing import TYPE_CHECKING, Literal

from takeback.words import _, again, later, put

if TYPE_CHECKING:
    from collections.abc import Mapping

Verdict = Literal["holds", "broken", "not checked"]

MOST = 25 << 20
"""Bytes of an e-mail that are read: the largest that mail servers pass on."""

MOST_SIGNATURES = 5
SILENT = logging.getLogger("takeback.signed_mail")
SILENT.disabled = True


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
