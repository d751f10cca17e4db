"""The key of an e-mail's signature, asked of a name server over https (DNS over HTTPS, as JSON), by a press alone.

One server is asked, the second only where the first does not answer. Each sees where the connection comes from and the
name of the record, which holds the sender's domain; nothing of the case or the e-mail. What it says is kept with the
day, for keys are changed: a year later nobody can look up the one that signed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from takeback import signed_mail
from takeback.errors import BadInput, Unreached
from takeback.wire.fetch import Limits

if TYPE_CHECKING:
    from takeback.wire.fetch import Wire

SERVERS = ("https://cloudflare-dns.com/dns-query", "https://dns.google/resolve")
HEADS = {"Accept": "application/dns-json"}
ANSWER = Limits(64 << 10, 10, 0)


def ask(wire: Wire, name: str) -> signed_mail.Key:
    """The key that stands under a name. BadInput where none does; Unreached where nobody answers."""
    if not signed_mail.NAME.fullmatch(name):
        raise BadInput("This e-mail names no key that can be asked for", "its signature stays not checked")
    fault: Unreached | None = None
    for server in SERVERS:
        try:
            answer = wire.get(f"{server}?name={quote(name)}&type=TXT", ANSWER, HEADS)
        except Unreached as error:
            fault = error
            continue
        if answer.status == 200 and not answer.cut:
            return signed_mail.key(name, answer.body, urlsplit(server).hostname or "", answer.sha256)
        fault = Unreached("odd")
    raise Unreached(fault.why if fault else "silent", "nothing is lost: ask again later, the sooner the better")
