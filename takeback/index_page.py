"""The index of a package: one HTML page to open, from the same values as its printed summary. Pure; no scripts.

It loads nothing: no picture is shown on it, and an address is text that can't be pressed by mistake. A policy in the
page says so to the browser. Whatever a person or a file was called is escaped, and can't turn the text around.
"""

from __future__ import annotations

import base64
import hashlib
import unicodedata
from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

STYLE = """
:root { color-scheme: light dark; --paper: #fbf8f3; --ink: #17313b; --soft: #4a5f68; }
:root { --line: #d9d2c6; --action: #0b5753; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #11191c; --ink: #ece7df; --soft: #b3bcbc; --line: #3a4649; --action: #7fd1c7; }
}
body { background: var(--paper); color: var(--ink); font: 1.125rem/1.5 system-ui, sans-serif; }
body { margin: 0 auto; max-width: 38rem; padding: 1.5rem 1rem 4rem; }
h1 { font-size: 1.6rem; line-height: 1.2; margin: 0 0 .5rem; }
h2 { font-size: 1.2rem; margin: 2.5rem 0 .5rem; }
h3 { font-size: 1.05rem; margin: 1.5rem 0 .25rem; }
p { margin: .5rem 0; }
a { color: var(--action); }
header { align-items: start; display: flex; gap: 1.5rem; justify-content: space-between; }
svg { flex: none; height: 5rem; width: 5rem; }
.soft, dt, time { color: var(--soft); }
code, .hash { font: .85rem/1.4 ui-monospace, monospace; overflow-wrap: anywhere; }
bdi, li { overflow-wrap: anywhere; }
dl { margin: 0; }
dd { margin: 0 0 .4rem; }
ol { border-left: 2px solid var(--line); list-style: none; margin: 1rem 0 0; padding: 0 0 0 1.25rem; }
ol li { margin: 0 0 .75rem; }
time { display: block; font-size: .95rem; }
.proves { border: 1px solid var(--line); border-radius: .5rem; padding: 0 1rem .75rem; }
.proves h2 { margin-top: 1rem; }
@media print { body { background: #fff; color: #000; font-size: 11pt; max-width: none; } }
"""
POLICY = "default-src 'none'; style-src 'sha256-{}'; base-uri 'none'; form-action 'none'"

PROVES = (
    "The files are unchanged since the time in the stamp, if there is a folder named “stamp” beside “data”. That time "
    "comes from someone else’s clock. Without a stamp they are unchanged since the package was made, and when that was "
    "is known only by the clock of the computer that made it."
)
PROVES_NOT = "Who made the files, where they came from, or whether what they show is true."
WITHHELD = (
    "The files themselves are not in this package. What is here says exactly which files they are. Whoever has one can "
    "compare it: the same bytes, and no others, have the same hash."
)
EXAMINERS = (
    "<p>For forensic tools, the list of files and the log once more as CASE/UCO: "
    '<a href="case-uco.jsonld">case-uco.jsonld</a>.</p>'
)
INCLUDED = "Each file is kept byte for byte as it was received. Opening one shows what is in it."


def html(summary: Mapping[str, Any], files: Mapping[str, str], *, case_uco: bool = False) -> bytes:
    """The page. `summary` is the data of the printed summary; `files` says of a reference where its file is."""
    policy = POLICY.format(base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode())
    lines = [
        '<!doctype html>\n<html lang="en">\n<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
        '<meta name="viewport" content="width=device-width"><meta name="referrer" content="no-referrer">',
        f"<title>Evidence package</title>\n<style>{STYLE}</style>\n<main>",
        f"<header><div><h1>Evidence package</h1><p>Made {said(summary['made'])}.</p></div>",
        f"{_grid(summary['grid'])}</header>",
        f'<section class="proves"><h2>What it proves</h2><p>{PROVES}</p>',
        f"<h2>What it does not prove</h2><p>{PROVES_NOT}</p></section>",
        *_exhibits(summary, files),
        *_places(summary["places"]),
        *_log(summary["events"]),
        "<h2>How to check it</h2>",
        '<p><a href="VERIFY.txt">VERIFY.txt</a> tells how, without Takeback.</p>',
        '<p>The same as this page, to print: <a href="summary.pdf">summary.pdf</a>.</p>',
        *((EXAMINERS,) if case_uco else ()),
        "</main>\n</html>\n",
    ]
    return "\n".join(lines).encode()


def said(text: object) -> str:
    """What somebody wrote: escaped, kept apart from the text around it, and with nothing in it that can't be seen."""
    seen = "".join(" " if unicodedata.category(one) in ("Cc", "Cf", "Cs", "Zl", "Zp") else one for one in str(text))
    return f"<bdi>{escape(seen)}</bdi>"


def _exhibits(summary: Mapping[str, Any], files: Mapping[str, str]) -> Iterator[str]:
    if not summary["exhibits"]:
        return
    yield f"<h2>Exhibits</h2><p>{WITHHELD if summary['withheld'] else INCLUDED}</p>"
    for one in summary["exhibits"]:
        facts = {
            "What it is": ", ".join(filter(None, (one["kind"], one["size"]))),
            "Received": one["received"],
            "From": one["origin"],
        }
        yield f"<section><h3>{escape(one['ref'])}: {said(one['name'] or 'without a name')}</h3><dl>"
        yield from (f"<dt>{name}<dd>{said(value)}" for name, value in facts.items() if value)
        yield f'<dt>SHA-256<dd class="hash">{one["sha256"]}<dt>SHA-512<dd class="hash">{one["sha512"]}'
        if not summary["withheld"]:
            where = escape(files[one["ref"]])
            yield f'<dt>File<dd><a href="{where}">{where}</a>'
        yield "</dl></section>"


def _places(places: Iterable[str]) -> Iterator[str]:
    listed = [f"<li>{said(one)}" for one in places]
    if listed:
        yield f"<h2>Where it was</h2><ul>{''.join(listed)}</ul>"


def _log(events: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    listed = [
        f"<li>{escape(one['what'])}{' (' + escape(one['about']) + ')' if one['about'] else ''}"
        f"<time>{escape(one['at'])}, number {one['number']}</time>"
        for one in events
    ]
    if listed:
        yield f"<h2>What was done, in order</h2><ol>{''.join(listed)}</ol>"


def _grid(digits: str) -> str:
    """The case's neutral face: 16 × 16 cells from 64 hexadecimal digits."""
    bits = f"{int(digits, 16):0256b}"
    cells = "".join(f"M{place % 16} {place // 16}h1v1h-1z" for place, bit in enumerate(bits) if bit == "1")
    label = "A pattern that stands for this case. It shows nothing of any picture."
    return f'<svg viewBox="0 0 16 16" role="img" aria-label="{label}"><path fill="currentColor" d="{cells}"/></svg>'
