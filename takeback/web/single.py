"""The one file: every page of the site in one HTML document that opens from a USB stick and asks for nothing, ever.

The pages are those of pages.py, each a leaf that is swapped in place; scripts, the worker, WebAssembly and the packs
are inside, and the page's policy names the two scripts by their SHA-256. docs/decisions/single-file.md says what that
costs. The same packs and day give the same bytes.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from takeback import compiled
from takeback.web import pages
from takeback.web.bundle import bundle

if TYPE_CHECKING:
    from datetime import date

    from takeback.pack_terms import Packs

OWN = files("takeback") / "web" / "single"
SHEETS = ("takeback.css", "press.css", "plan.css", "fold.css", "paper.css")
KERNELS = ("kernel.wasm", "kernel-simd.wasm")
ENTRIES = ("interview.js", "picture.js", "hash.js", "turn.js")
LEFT_OUT = ("404.html",)
LAST = "index.html"
"""The first page stands last, so that a style sheet can put it away where another is meant."""


def single(known: Packs, on: date) -> bytes:
    """The whole site, as it is on a day, in one document."""
    sheet = "".join(_static(name) for name in SHEETS) + (OWN / "turn.css").read_text("utf-8")
    leave, run = _static("exit.js"), bundle(_modules(), ENTRIES)
    text = pages.document(
        "single.html",
        known,
        policy=_policy((leave, run), sheet),
        sheet=_raw(sheet),
        leave=_raw(leave),
        run=_raw(run),
        carried=_raw(_carried(known)),
        leaves=[(_id(name), _leaf(name, known, on)) for name in _names(known)],
    )
    return _inward(text, known).encode()


def _policy(scripts: tuple[str, ...], sheet: str) -> str:
    """What the one page may do. Its worker has the same rules, so 'wasm-unsafe-eval' stands here; see turn.js."""
    named = " ".join(map(_hash, scripts))
    return (
        f"default-src 'none'; script-src {named} 'wasm-unsafe-eval'; style-src {_hash(sheet)}; img-src blob:; "
        "media-src blob:; "
        "worker-src blob:; form-action 'none'; base-uri 'none'; require-trusted-types-for 'script'; "
        "trusted-types takeback"
    )


def _hash(text: str) -> str:
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"


def _raw(text: str) -> Markup:
    """Text of ours that stands inside a script or a style as it is; it can't end that element."""
    if re.search(r"</(?:script|style)|<!--", text, re.IGNORECASE):
        raise ValueError("a script or a style holds the end of its own element")
    return Markup(text)  # noqa: S704  our own files


# ---------------------------------------------------------------- what it carries


def _modules() -> dict[str, str]:
    """Our modules by name; those of web/single/ stand in the place of the site's."""
    theirs = {name: _static(name) for name in pages.assets(app=False) if name.endswith(".js")}
    ours = {path.name: path.read_text("utf-8") for path in OWN.iterdir() if path.name.endswith(".js")}
    return theirs | ours


def _carried(known: Packs) -> str:
    kernels = {name: base64.b64encode(pages.asset(name) or b"").decode() for name in KERNELS}
    worker = f"globalThis.carried = {json.dumps(kernels)};\n{bundle(_modules(), ('worker.js',))}"
    carried: dict[str, Any] = {"packs.json": compiled.compiled(known), "worker.js": worker}
    return json.dumps(carried, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def _static(name: str) -> str:
    return (pages.asset(name) or b"").decode()


# ---------------------------------------------------------------- its leaves


def _names(known: Packs) -> list[str]:
    return [name for name in pages.names(known) if name not in (*LEFT_OUT, LAST)] + [LAST]


def _id(name: str) -> str:
    return "at-" + name.removesuffix(".html")


def _leaf(name: str, known: Packs, on: date) -> Markup:
    return Markup(pages.render(name, known=known, on=on, leaf=True))  # noqa: S704  our own templates


def _inward(text: str, known: Packs) -> str:
    """Links between our pages, as links inside the one; a link to the questions begins them."""
    ours = set(pages.names(known))

    def turned(found: re.Match[str]) -> str:
        if found[1] not in ours:
            return found[0]
        begins = " data-go-on" if found[1] == "start.html" and "data-go-on" not in found[2] else ""
        return f'href="#{_id(found[1])}"{found[2]}{begins}>'

    return re.sub(r'href="([\w-]+\.html)"([^>]*)>', turned, text)
