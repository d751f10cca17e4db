"""Plug-ins, run in a cage of their own. Whatever one does, `ask` returns an outcome or raises `Refused`.

Each has a warden of its own (guest.py), which ends with the call. It is not run at all where a guard does not hold.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from takeback import cage, plugins
from takeback.plugins import Refused

if TYPE_CHECKING:
    from takeback.cage import Limits
    from takeback.cage.source import Source
    from takeback.plugins import Found, Outcome
    from takeback.seen import Seen

COMMAND = (sys.executable, "-I", "-m", "takeback.cage.guest")


def ask(source: Source, seen: Seen, found: Found, limits: Limits | None = None) -> Outcome:
    """What a plug-in makes of a file of which this was seen. It is not read where the preconditions do not hold."""
    manifest = found.manifest
    if unfit := plugins.fits(manifest, seen.format, seen.rows, seen.cols):
        return plugins.Outcome(found.group, manifest.name, unfit, abstained=True, manifest=manifest)
    try:
        return plugins.answered(_said(source, found, limits), found.group, manifest)
    except Refused as cause:
        cause.group = found.group
        raise


def _said(source: Source, found: Found, limits: Limits | None) -> bytes:
    try:
        with cage.Cage(limits, (*COMMAND, found.folder, found.entry)) as own:
            whole = not own.missing()
            said = own.ask(source, most=plugins.MOST_ANSWER).raw if whole else b""
    except cage.CageBroken as cause:
        raise Refused("it does not start, or can't be shut in here") from cause
    if not whole:
        raise Refused("this computer can't shut it in")
    return said
