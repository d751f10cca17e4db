"""Whom this computer trusts to vouch for others: the root certificates that came with its system, as PEM."""

from __future__ import annotations

import ssl


def roots() -> bytes:
    """The system's roots; nothing where it has none that Python can see."""
    known = ssl.create_default_context().get_ca_certs(binary_form=True)
    return "".join(ssl.DER_cert_to_PEM_cert(one) for one in known).encode()
