"""What a file is and how it is put together: its kind by content, what stands after its end, what is missing of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from takeback.provenance.finding import Finding, Quote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from takeback.seen import Seen

AFTER = {
    "video": "a short video: phones keep one beside a photo",
    "picture": "a further picture: some cameras keep a second one there",
    "archive": "a packed archive",
    "Samsung": "notes of a Samsung phone",
}
LIMITS = {
    "is": "The kind is read from the content, not from the file's name. It says nothing of where the file comes from.",
    "after": "Apps and phones put things there every day. It does not mean that the picture was changed.",
    "inside": "Cameras keep a small picture inside a large one, and phones a short video. Anybody can put a file into "
    "another. What is inside was not opened here, and it does not mean that the picture was changed.",
    "cut": "A download that stopped does this too. What is missing can't be looked at.",
    "broken": "Damaged storage and careless programs do this too. It does not say who, when or why.",
}
MOST = 12


def findings(seen: Seen) -> Iterator[Finding]:
    """The kind, then whatever does not fit."""
    yield Finding(
        "kind", "container", "internal", _kind(seen.format), LIMITS["is"],
        tuple(Quote(one.path, f"{one.count} of them, {one.size} bytes") for one in seen.groups[:MOST]),
        loud=False,
    )  # fmt: skip
    kinds = {flaw.kind: flaw for flaw in reversed(seen.flaws)}
    if flaw := kinds.get("trailing"):
        what = next((AFTER[one.name] for one in seen.texts("trailer") if one.name in AFTER), "")
        says = f"After the end of the file's own content there are {flaw.size} more bytes."
        if what:
            says = f"After the end of the file's own content there are {flaw.size} more bytes: {what}."
        yield Finding("after-the-end", "container", "internal", says, LIMITS["after"], loud=False)
    if inside := seen.texts("nested"):
        says = "Inside this file another one begins." if len(inside) == 1 else "Inside this file others begin."
        quotes = tuple(Quote(one.name, one.text) for one in inside)
        yield Finding("files-inside", "container", "internal", says, LIMITS["inside"], quotes, loud=False)
    if "cut" in kinds or "no-end" in kinds:
        says = "The file stops before its own end: a part of it is missing."
        yield Finding("cut-short", "container", "internal", says, LIMITS["cut"], loud=False)
    if "checksum" in kinds:
        says = "A part of the file does not match the sum that was written with it: bytes changed after it was saved."
        yield Finding("wrong-sum", "container", "internal", says, LIMITS["broken"], _parts(seen, "checksum"))
    if "garbled" in kinds or "endless" in kinds:
        says = "Some of the file is not put together as files of this kind are."
        yield Finding("irregular", "container", "internal", says, LIMITS["broken"], _parts(seen, "garbled"), loud=False)


def _parts(seen: Seen, kind: str) -> tuple[Quote, ...]:
    return tuple(Quote(one.name or "bytes", f"at byte {one.at}") for one in seen.flaws if one.kind == kind)[:MOST]


def _kind(name: str) -> str:
    """What the file is, by a format's name with its article."""
    if name[0] in "AEIO" or name[:2] in ("MP", "MO", "M4"):
        return f"By its content this is an {name} file."
    return f"By its content this is a {name} file."
