"""Is this package whole? One pass over its bytes, then every fault at once: form, manifests, stamp, and what they say.

Nothing that a package names is looked up anywhere: a path counts only where the package itself has it. What is of no
consequence for wholeness, but a person should know, is a note: an authority that this computer does not trust, say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

from takeback import bag, errors
from takeback.evidence import form, how, sense, stamp
from takeback.evidence.form import MANIFESTS, PAYLOAD, STAMP_FILES, TAG_MANIFESTS
from takeback.terms import Problem, Verified

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from takeback.evidence.sense import Read

MOST = 64 << 20
"""The largest tag file or log that is read into memory."""

NEEDED = {*form.TAGS, *TAG_MANIFESTS, *STAMP_FILES, form.CUSTODY, form.EXHIBITS, form.CASE_UCO}
"""Files whose bytes are looked at, not only hashed."""

NOT_PLAIN, TWICE = "is not a plain file; it was not followed", "is in it a second time"
ODD_FORM = "is not written in the one form that Takeback uses"


class Reader(Protocol):
    """A package to look at."""

    def walk(self) -> Iterable[tuple[str, str, Iterable[bytes]]]:
        """Every path, its kind ("file", "link" or "other"), and a file's bytes, to be read before the next."""


class Found(NamedTuple):
    """What the stamp comes to: who and when where it is trusted; otherwise what is wrong with it, or a note."""

    stamp: stamp.Stamp | None = None
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()


def verify(package: Reader, trusted: bytes = b"") -> Verified:
    """A whole package, or `PackageBroken` with every fault in it. `trusted` are roots for its stamp, as PEM."""
    return judge(*read(package), trusted)


def read(package: Reader) -> tuple[dict[str, Read], dict[str, str]]:
    """Every file's sums, with its bytes where they are needed; and the kind of everything that is no plain file."""
    files: dict[str, Read] = {}
    odd: dict[str, str] = {}
    for path, kind, chunks in package.walk():
        if path in files:
            odd[path] = TWICE
        elif kind == "file":
            files[path] = summed(path, chunks)
        else:
            odd[path] = kind
    return files, odd


def summed(path: str, chunks: Iterable[bytes]) -> Read:
    """One file's sums, and its bytes where they are needed for more than that."""
    summing, kept = bag.Summing(), bytearray()
    for chunk in chunks:
        summing.update(chunk)
        if path not in NEEDED:
            continue
        if summing.size > MOST:
            break
        kept += chunk
    return summing.sums(), bytes(kept)


def judge(files: Mapping[str, Read], odd: Mapping[str, str], trusted: bytes = b"") -> Verified:
    """`verify`, once everything is read."""
    inside, outside, beside = _parted(files)
    stamped = _stamped(files, trusted) if beside else Found()
    found = [
        *(Problem(path, TWICE if kind == TWICE else NOT_PLAIN) for path, kind in odd.items()),
        *(
            Problem(path, "is too large to be what it should be")
            for path in NEEDED & files.keys()
            if _large(files[path])
        ),
        *_form(files),
        *_listed(files, MANIFESTS, inside),
        *_listed(files, TAG_MANIFESTS, outside - set(TAG_MANIFESTS)),
        *stamped.problems,
        *sense.problems(files, stamped.stamp.at if stamped.stamp else None),
    ]
    if found:
        shown = {(_printable(one.file), _printable(one.what)) for one in found}
        raise errors.PackageBroken([Problem(file, what) for file, what in sorted(shown)])
    at, by = (stamped.stamp.at, stamped.stamp.by) if stamped.stamp else (None, None)
    return Verified(stamped_at=at, stamped_by=by, files=len(files), notes=(*stamped.notes, *sense.notes(files)))


def _large(read: Read) -> bool:
    return read[0].size > MOST


def _parted(files: Iterable[str]) -> tuple[set[str], set[str], set[str]]:
    """The payload, the tag files, and the stamp, which came after both."""
    inside = {path for path in files if path.startswith(PAYLOAD)}
    beside = {path for path in files if path in STAMP_FILES}
    return inside, set(files) - inside - beside, beside


def _printable(text: str) -> str:
    """A stranger's file name can hold anything: nothing in it may speak to a terminal."""
    return text if text.isprintable() else ascii(text)


def _form(files: Mapping[str, Read]) -> Iterator[Problem]:
    """What is not there, or not written in the one form."""
    for path in (*form.TAGS, *TAG_MANIFESTS, form.CUSTODY, form.EXHIBITS):
        if path not in files:
            yield Problem(path, "is missing")
    if "bagit.txt" in files and files["bagit.txt"][1] != bag.DECLARATION:
        yield Problem("bagit.txt", ODD_FORM)
    if "bag-info.txt" in files and tuple(bag.read_info(files["bag-info.txt"][1])) != form.LABELS:
        yield Problem("bag-info.txt", ODD_FORM)


# ---------------------------------------------------------------- manifests


def _listed(files: Mapping[str, Read], manifests: Sequence[str], there: set[str]) -> Iterator[Problem]:
    """Files that changed, went, came, or have another name than the manifests say; and manifests that are wrong."""
    lists: dict[str, dict[str, str]] = {}
    for name, algorithm in zip(manifests, bag.ALGORITHMS, strict=True):
        if name in files:
            lists[name], faults = bag.read_manifest(files[name][1], algorithm)
            yield from (Problem(name, fault) for fault in faults)
    named = {path for one in lists.values() for path in one}
    for path in sorted(named & there):
        yield from _compared(path, files[path][0], lists)
    new = sorted(there - named)
    for path in sorted(named - there):
        moved = next((to for to in new if files[to][0].sha256 == lists.get(manifests[0], {}).get(path)), None)
        yield Problem(path, f"was renamed to {moved}" if moved else "is missing")
        new = [to for to in new if to != moved]
    yield from (Problem(path, "was added: no manifest lists it") for path in new)


def _compared(path: str, sums: bag.Sums, lists: Mapping[str, Mapping[str, str]]) -> Iterator[Problem]:
    """One file against each manifest. Where only some disagree, it is the manifest that changed."""
    right = {name: sums.sha512 if "512" in name else sums.sha256 for name in lists}
    wrong = [name for name, listed in lists.items() if listed.get(path) != right[name]]
    if len(wrong) == len(lists):
        yield Problem(path, "has changed")
    else:
        yield from (Problem(name, f"does not say of {path} what the other manifest says") for name in wrong)


# ---------------------------------------------------------------- the stamp


def _stamped(files: Mapping[str, Read], trusted: bytes) -> Found:
    """The stamp/ folder: all of it or none of it, undamaged, and what it says true of this package."""
    missing = [Problem(path, "is missing") for path in STAMP_FILES if path not in files]
    if missing or form.STAMPED not in files:
        return Found(problems=tuple(missing))
    listed = {path: files[path][0] for path in STAMP_FILES if path != form.SUMS}
    if files[form.SUMS][1] != stamp.sums(listed):
        named = bag.read_manifest(files[form.SUMS][1], "sha256")[0]
        changed = [path for path, sums in listed.items() if named.get(path) != sums.sha256]
        return Found(problems=tuple(Problem(path, "has changed") for path in (changed or [form.SUMS])))
    try:
        return _checked({path: files[path][1] for path in (*STAMP_FILES, form.STAMPED)}, trusted)
    except stamp.Unfit as unfit:
        return Found(problems=(Problem(form.TOKEN, unfit.reason),))
    except errors.BadInput:
        return Found(problems=(Problem(form.AUTHORITY, "is not a certificate"),))


def beside(folder: Reader, name: str, sums: bag.Sums, trusted: bytes) -> Found:
    """What the folder of a stamp over a sealed file comes to: `name` and `sums` are that file's."""
    expected = {form.OVER: bag.manifest({name: sums}, "sha256"), form.BY_HAND: how.sealed(name).encode()}
    places = {path.removeprefix(form.STAMP): path for path in STAMP_FILES}
    there, found = {form.STAMPED: (bag.sums(expected[form.OVER]), expected[form.OVER])}, list[Problem]()
    for path, kind, chunks in folder.walk():
        if kind != "file":
            found.append(Problem(_printable(path), NOT_PLAIN))
        elif path in places:
            there[places[path]] = summed(places[path], chunks)
        elif path not in expected:
            found.append(Problem(_printable(path), "was added: it is no part of a stamp"))
        elif summed(path, chunks)[0] != bag.sums(expected.pop(path)):
            found.append(Problem(path, "is not of this sealed file: one of the two was changed or replaced"))
    found += [Problem(path, "is missing") for path in expected if path not in {one.file for one in found}]
    stamped = _stamped(there, trusted)
    inside = [Problem(one.file.removeprefix(form.STAMP), one.what) for one in stamped.problems]
    return stamped._replace(problems=(*found, *inside), stamp=None if found else stamped.stamp)


def _checked(text: Mapping[str, bytes], trusted: bytes) -> Found:
    """A stamp that is not damaged, and who vouches for it."""
    answer, over = text[form.TOKEN], text[form.STAMPED]
    own = stamp.check(answer, over, stamp.roots(text[form.AUTHORITY]))
    if own is None:
        return Found(problems=(Problem(form.TOKEN, stamp.FORGED),))
    if own.root != text[form.AUTHORITY]:
        return Found(problems=(Problem(form.AUTHORITY, "is not the one certificate that vouches for the stamp"),))
    if stamp.words(own) != text[form.SAYS]:
        return Found(problems=(Problem(form.SAYS, "does not say what the stamp says"),))
    known = stamp.check(answer, over, stamp.roots(trusted)) if trusted else None
    if known is None:
        return Found(notes=(stamp.UNTRUSTED.format(by=own.by),))
    return Found(known)
