"""`takeback demo`: a made-up case through everything, in seconds; then one byte is flipped, and `verify` names it.

Nobody in it exists and the picture is drawn here, by rule. It happens in a folder of its own that is gone afterwards;
nothing that is kept on this computer is touched.
"""

from __future__ import annotations

import struct
import sys
import tempfile
import time
import zlib
from datetime import UTC, datetime
from pathlib import Path

from takeback import checking, journey, packs, signals, start, terminal
from takeback.terms import Account, Given, Situation
from takeback.words import _

SIZE = 240
WHERE = "https://clips.example/watch/8f2c"

GIVEN = Given(
    Situation(
        {
            "danger_now": "no", "role": "depicted", "victim_age_band": "18plus", "about": ("intimate",),
            "victim_nation": "england-wales", "suspect_nation": "england-wales", "media": ("image",),
            "photoreal": "yes", "real_person": "yes", "person_alive": "yes", "intimate": "yes", "indecent": "no",
            "ordinary_public": "no", "under18_real": "no", "under18_look": "no", "source_kind": "real-edited",
            "altered_intimacy_added": "yes", "created": "yes", "created_on": "2026-10", "consent_create": "no",
            "shared": "yes", "shared_on": "2026-11", "shown_only_to_victim": "no", "consent_share": "no",
            "prior_public_consent": "no", "online": "yes", "public_audience": "yes", "threat_share": "no",
        }
    ),
    Account(
        words="A friend wrote to me that a picture of me was on a clip site. My face is on someone else’s body.",
        me="Mara Example",
        contact="mara@example.org",
        signature="Mara Example",
    ),
)  # fmt: skip


def run() -> int:
    """Walk through it, and leave nothing behind."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="demo-") as folder:
        _walk(Path(folder), datetime.now(UTC).replace(microsecond=0))
    took = f"{time.monotonic() - began:.1f}"
    say("", terminal.paint(_("that was takeback, in {n} seconds; nothing was kept", n=took), "quiet"))
    say(_("next: takeback opens the app; takeback start --help does this for real"))
    return 0


def say(*lines: str) -> None:
    """Lines to the terminal, at once."""
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()


def _walk(folder: Path, at: datetime) -> None:
    picture = folder / "picture.png"
    picture.write_bytes(drawing())
    say(
        terminal.paint(_("a made-up case"), "strong"),
        *terminal.wrapped(
            _("Mara's face was put on someone else's body and posted on a clip site. Nobody here exists.")
        ),
    )
    done = start.run(GIVEN, [picture], [WHERE], folder / "out", at, case="demo")
    _plan(at)
    _hash(done)
    _package(folder / "out", done)
    _notice(folder / "out")
    _flip(folder / "out" / "package")


def _step(number: int, words: str) -> str:
    return terminal.paint(f"{number}  {words}", "action")


def _plan(at: datetime) -> None:
    known, plan = packs.load(), journey.plan(GIVEN.situation, at.date())
    may = [finding for finding in plan.findings if finding.status == "may_apply"]
    say("", _step(1, _("plan")), "")
    for route in plan.routes[:3]:
        due = f"  {terminal.due_words(route.due)}" if route.due else ""
        say(terminal.paint("●", "action") + f" {route.name}" + terminal.paint(due, "attention"))
        say(*(f"│ {line}" for line in terminal.wrapped(route.because)))
    quiet = sum(known.routes[route.id].without_report for route in plan.routes)
    ways = _("{n} ways to act in all; {quiet} of them need no police report", n=len(plan.routes), quiet=quiet)
    say(*terminal.wrapped(ways, "  "), "")
    for finding in may:
        say(terminal.paint("■", "action") + f" {finding.title}", terminal.paint(f"  {finding.cite}", "quiet"))
    say("  " + _("may be against the law; {n} laws were weighed", n=len(plan.findings)))


def _hash(done: start.Done) -> None:
    pdq = next(signal for signal in done.signals[0]["signals"] if signal["type"] == "pdq")
    say("", _step(2, _("hash")), "")
    grid = terminal.grid(signals.grid(pdq["value"]))
    if terminal.coloured():
        grid = [f"{left}   →   {right}" for left, right in zip(portrait(), grid, strict=True)]
    say(*(f"    {line}" for line in grid))
    say("", f"    {pdq['value'][:32]}", f"    {pdq['value'][32:]}  {_('quality {n}', n=pdq['quality'])}")
    say(*terminal.wrapped(_("that is all there is to a hash: no picture can be seen in it"), "    "))


def _package(out: Path, done: start.Done) -> None:
    result = checking.verify(out / "package")
    files = sorted(str(p.relative_to(out)) for p in (out / "package").rglob("*") if p.is_file())
    say("", _step(3, _("package")), "", *(f"    {name}" for name in files), "")
    say(*terminal.wrapped(_("beside it: {names}", names=", ".join(done.papers)), "    "), "")
    say(*(f"    {line}" for line in terminal.verify_lines(result)))


def _notice(out: Path) -> None:
    text = (out / "notice-us-take-it-down.txt").read_text("utf-8").splitlines()
    say("", _step(4, _("notice")), "")
    say(*(f"    {line}" for paragraph in text[:9] for line in terminal.wrapped(paragraph) or [""]), "    …")


def _flip(package: Path) -> None:
    kept = next((package / "data" / "exhibits").rglob("*.png"))
    data = bytearray(kept.read_bytes())
    data[len(data) // 2] ^= 1
    kept.chmod(0o600)
    kept.write_bytes(data)
    say("", _step(5, _("one bit of one byte is flipped")), "")
    say(*(f"    {line}" for line in terminal.verify_lines(checking.verify(package))))


# ---------------------------------------------------------------- the picture


def portrait() -> list[str]:
    """The drawing as eight lines of half blocks, for a terminal that has the colours."""
    step = SIZE // 16
    lines = []
    for row in range(0, 16, 2):
        cells = []
        for column in range(16):
            top = _colour(column * step + step // 2, row * step + step // 2)
            below = _colour(column * step + step // 2, (row + 1) * step + step // 2)
            fore, back = ";".join(map(str, top)), ";".join(map(str, below))
            cells.append(f"\x1b[38;2;{fore};48;2;{back}m▀▀")
        lines.append("".join(cells) + "\x1b[0m")
    return lines


def drawing() -> bytes:
    """A face drawn by rule, as PNG."""
    rows = b"".join(b"\0" + bytes(v for x in range(SIZE) for v in _colour(x, y)) for y in range(SIZE))
    header = struct.pack(">IIBBBBB", SIZE, SIZE, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_part(name, body) for name, body in parts)


def _part(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def _colour(x: int, y: int) -> tuple[int, int, int]:
    """Hair, face, eyes, mouth, a jumper, and light from the left."""

    def inside(cx: int, cy: int, rx: int, ry: int) -> bool:
        return ((x - cx) * ry) ** 2 + ((y - cy) * rx) ** 2 < (rx * ry) ** 2

    light = (SIZE - x) // 6
    if any(inside(cx, 104, 8, 6) for cx in (98, 144)):
        return 30, 40, 60
    if inside(121, 148, 20, 6):
        return 150, 60, 70
    if inside(120, 116, 52, 64):
        return 190 + light, 150 + light, 120 + light // 2
    if inside(120, 96, 74, 84) or inside(70, 160, 26, 60):
        return 60 + light, 36 + light // 2, 30
    if inside(120, 250, 100, 70):
        return 20, 100 + light, 110
    return 235 - y // 4, 225 - y // 5, 205 - light
