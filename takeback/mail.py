"""Mail: a notice as an e-mail that waits to be sent: an .eml file for the person's own mail program. Pure.

It has no sender and no hidden copy: the mail program adds the person's own name, and the person presses send. The
subject says nothing of what it is about, since subjects are read over shoulders. A header holds only what cannot break
out of it.
"""

from __future__ import annotations

import email.policy
import re
from email.message import EmailMessage
from typing import TYPE_CHECKING

from takeback.errors import BadInput

if TYPE_CHECKING:
    from datetime import datetime

SUBJECT = "A request about a page on your site"
KIND = "message/rfc822"
MAILBOX = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@(?:[a-z0-9-]{1,63}\.)+[a-z]{2,63}", re.ASCII | re.IGNORECASE)
"""A mailbox that can stand in a header as it is."""


def draft(text: str, to: str | None, at: datetime, beside: tuple[str, bytes] | None = None) -> bytes:
    """A message as RFC 5322 has it, in UTF-8. `to` is left out where nobody checked a mailbox.

    `beside` is a JSON file that goes with it: its name and its bytes.
    """
    if to is not None and not MAILBOX.fullmatch(to):
        raise BadInput("This address can't stand in an e-mail", "copy the text into an e-mail of your own")
    message = EmailMessage(policy=email.policy.SMTP)
    message["Subject"] = SUBJECT
    if to is not None:
        message["To"] = to
    message["Date"] = at
    message["X-Unsent"] = "1"  # mail programs open it as a draft
    message.set_content(text, charset="utf-8", cte="quoted-printable")
    if beside is not None:
        name, content = beside
        message.add_attachment(content, maintype="application", subtype="json", filename=name)
    return message.as_bytes()
