"""Whose connection is this? 127.0.0.1 is shared by everybody who is logged in to a computer.

On Linux the kernel says which person of this computer a loopback connection belongs to; anyone but the one who started
Takeback (and root, who can read everything anyway) is hung up on before a byte is read. So is whoever has hung up
already: nobody owns such a connection any more, and what was sent by it may have been sent by anybody. Elsewhere, and
where the kernel does not say, the cookie alone decides.
"""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

TABLES = (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))
ROOT = 0
NOBODY = -1
"""Whose a connection is that was closed at the other end; the kernel's table says 0 for it, as for root."""

ESTABLISHED = 1
"""The state of a connection that is open at both ends (`TCP_ESTABLISHED` of Linux's tcp_states.h)."""


def welcome(connection: socket.socket, ours: int, theirs: int, me: int) -> bool:
    """Whether a connection from port `theirs` to our port is `me`'s, as far as this computer can tell."""
    return all(uid in (me, ROOT) for uid in owners(ours, theirs)) and still_there(connection)


def still_there(connection: socket.socket) -> bool:
    """Whether the other end has not hung up; True where the system does not say. Asked after the owner was."""
    if not (TABLES[0].exists() and hasattr(socket, "TCP_INFO")):
        return True
    return connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0] == ESTABLISHED


def me() -> int:
    """Who started this process; a number that nobody has where a system has no such numbers."""
    return os.getuid() if hasattr(os, "getuid") else -1


def owners(ours: int, theirs: int) -> tuple[int, ...]:
    """Who holds the other end of a connection between two loopback ports; nothing where that is not known."""
    found: list[int] = []
    for table in TABLES:
        try:
            with table.open() as lines:
                found += parsed(lines, ours, theirs)
        except OSError:
            continue
    return tuple(found)


def parsed(lines: Iterable[str], ours: int, theirs: int) -> Iterable[int]:
    """The same from the kernel's table: `sl local:port remote:port st tx:rx tr:when retrnsmt uid timeout inode …`."""
    for line in lines:
        fields = line.split()
        if len(fields) > 9 and _port(fields[1]) == theirs and _port(fields[2]) == ours:
            yield NOBODY if fields[9] == "0" else int(fields[7])


def _port(address: str) -> int:
    tail = address.rpartition(":")[2]
    return int(tail, 16) if tail.strip("0123456789ABCDEF") == "" and tail else -1
