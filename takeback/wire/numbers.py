"""Numbers: which addresses of the internet may be connected to. Pure.

Only what anybody can reach: never this computer, the network around it, a provider's own, many at once, or a number
that wraps another one (an IPv4 address inside IPv6, in any of the ways there are). Listed from the special-purpose
registries of IANA (RFC 6890 and its successors) and not left to `ipaddress.is_global`, whose mind differs between
versions of Python.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

CLOSED = tuple(
    map(
        IPv4Network,
        (
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
            "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16",
            "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        ),
    )
)  # fmt: skip
"""What is nobody's in public, of the numbers of IPv4; everything else is somebody's."""

OPEN6 = IPv6Network("2000::/3")
"""The only part of IPv6 that was ever given out; the wrapped numbers (::ffff:…, 64:ff9b:…) are outside of it."""

CLOSED6 = tuple(map(IPv6Network, ("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20")))
"""What is nobody's in it: protocols, examples, and 6to4, which wraps a number of IPv4."""


def public(number: str) -> bool:
    """Whether a number in text is one that anybody on the internet can reach. No for what is no number at all."""
    try:
        found = ip_address(number)
    except ValueError:
        return False
    if isinstance(found, IPv4Address):
        return not any(found in closed for closed in CLOSED)
    return _plain(found) and found in OPEN6 and not any(found in closed for closed in CLOSED6)


NEAR4 = tuple(map(IPv4Network, ("10.0.0.0/8", "127.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")))
NEAR6 = tuple(map(IPv6Network, ("::1/128", "fc00::/7")))
"""This computer and the network around it, where somebody runs a service of their own."""


def near(number: str) -> bool:
    """Whether a number in text is this computer's or one of a network of one's own."""
    try:
        found = ip_address(number)
    except ValueError:
        return False
    if isinstance(found, IPv4Address):
        return any(found in one for one in NEAR4)
    return _plain(found) and any(found in one for one in NEAR6)


def _plain(found: IPv6Address) -> bool:
    """Whether it means the same on every computer: no name of a network card behind it."""
    return found.scope_id is None
