"""Making a package: its parts in order, each hashed as it is read. Nothing is held in memory but small papers."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from datetime import UTC
from itertools import pairwise
from typing import TYPE_CHECKING

from takeback import bag, case_uco, custody, errors
from takeback.evidence import form, how
from takeback.terms import Address, Event, Link, Part, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from takeback.permit import Exhibit


@dataclass(frozen=True, slots=True)
class Papers:
    """What was written for the package: a summary (PDF) and an index (HTML).

    `more` go to data/papers/ under their names. With `case_uco` there is a list for forensic tools too (JSON-LD).
    """

    summary: bytes
    index: bytes
    more: Mapping[str, bytes] = field(default_factory=dict)
    case_uco: bool = False

    def placed(self) -> Iterator[tuple[str, bytes]]:
        """Each with its path."""
        yield form.SUMMARY, self.summary
        yield form.INDEX, self.index
        for name, data in self.more.items():
            if not bag.NAME.fullmatch(name):
                raise errors.BadInput("A paper's name is made of letters, digits, dots and dashes")
            yield f"data/papers/{name}", data


def package(
    *,
    case: str,
    exhibits: Sequence[tuple[Exhibit, Iterable[bytes]]],
    custody_log: Sequence[tuple[Link, Event]],
    addresses: Sequence[Address],
    papers: Papers,
    made_at: datetime,
    software: str,
    withheld: bool = False,
    stamp: Callable[[bytes], Iterable[Part]] | None = None,
) -> Iterator[Part]:
    """A package's parts, to be read in order and each to its end.

    `withheld` leaves the files themselves out: what they are is listed, and their bytes are not read. `stamp` is given
    the tag manifest once all else is read, and answers with the parts of the stamp/ folder.
    """
    listed: dict[str, bag.Sums] = {}
    files = [(form.place(one.ref, one.kind), one, chunks) for one, chunks in exhibits]
    for path, one, chunks in () if withheld else files:
        yield _watched(Part(path, one.size, chunks), listed, bag.Sums(one.sha256, one.sha512, one.size))
    described = [_described(None if withheld else path, one) for path, one, _ in files]
    lists = _written(case, described, custody_log, addresses, withheld=withheld, examiners=papers.case_uco)
    written = [*lists, *papers.placed()]
    for path, data in written:
        yield _watched(Part.of(path, data), listed)
    if len(listed) != (0 if withheld else len(files)) + len(written):
        raise errors.BadInput("A package's parts must each be read to the end, and each have a name of its own")
    tags = {"bagit.txt": bag.DECLARATION}
    tags["bag-info.txt"] = _info(case, listed, custody_log, made_at, software, withheld=withheld)
    tags |= {f"manifest-{algorithm}.txt": bag.manifest(listed, algorithm) for algorithm in bag.ALGORITHMS}
    sums = {path: bag.sums(data) for path, data in tags.items()}
    tags |= {f"tagmanifest-{algorithm}.txt": bag.manifest(sums, algorithm) for algorithm in bag.ALGORITHMS}
    yield from (Part.of(path, data) for path, data in tags.items())
    yield from stamp(tags[form.STAMPED]) if stamp else ()


def _watched(part: Part, listed: dict[str, bag.Sums], received: bag.Sums | None = None) -> Part:
    """A part that is listed once it has been read to its end; an exhibit must still be what was received."""

    def watching() -> Iterator[bytes]:
        summing = bag.Summing()
        for chunk in part.chunks:
            summing.update(chunk)
            yield chunk
        if received not in (None, summing.sums()):
            raise errors.PackageBroken([Problem(part.path, "is no longer what was received")])
        listed[part.path] = summing.sums()

    return Part(part.path, part.size, watching())


def _written(
    case: str,
    described: Sequence[Mapping[str, object]],
    log: Sequence[tuple[Link, Event]],
    addresses: Sequence[Address],
    *,
    withheld: bool,
    examiners: bool,
) -> Iterator[tuple[str, bytes]]:
    chain = [custody.entry(link) for link, _ in log]
    lines = [_line(one, event) for one, (_, event) in zip(chain, log, strict=True)]
    yield form.EXHIBITS, written({"exhibits": described})
    yield form.CUSTODY, b"".join(map(line, lines))
    yield form.ADDRESSES, written({"addresses": [asdict(one) for one in addresses]})
    yield form.HOW, how.text(chain[-1] if chain else None, withheld=withheld, examiners=examiners).encode()
    if examiners:
        yield form.CASE_UCO, case_uco.document(case, described, lines)


def _described(path: str | None, one: Exhibit) -> dict[str, object]:
    """An exhibit as the package lists it: where it is kept in the store, and what was answered, stay out."""
    said = one.data()
    return {"file": path, **{name: said[name] for name in said if name not in ("blob", "permit")}}


def _line(one: custody.Entry, event: Event) -> dict[str, object]:
    """One event of the custody log: what was done, when, by whom, and its place in the chain. No words, no answers."""
    return {
        "case": one.case,
        "sequence": one.sequence,
        "at": form.moment(event.at),
        "actor": event.actor,
        "what": event.what,
        "about": str(event.data.get("ref", "")),
        "sha256": str(event.data.get("sha256", "")),
        "sealed": one.sealed,
        "previous": one.previous,
        "link": one.hash,
    }


def _info(
    case: str,
    listed: Mapping[str, bag.Sums],
    log: Sequence[tuple[Link, Event]],
    made_at: datetime,
    software: str,
    *,
    withheld: bool,
) -> bytes:
    head = custody.head([custody.entry(link) for link, _ in log])
    values = (
        made_at.astimezone(UTC).date().isoformat(),
        software,
        case,
        f"{sum(one.size for one in listed.values())}.{len(listed)}",
        form.FORMAT,
        form.moment(made_at),
        f"{head.sequence} {head.hash}",
        clock([(str(event.sequence), form.moment(event.at)) for _, event in log], form.moment(made_at)),
        form.WITHHELD if withheld else form.INCLUDED,
    )
    return bag.info(tuple(zip(form.LABELS, values, strict=True)))


def clock(events: Sequence[tuple[str, str]], made_at: str) -> str:
    """Whose clock it was, and what came after it was set back: times as they were noted, never put right."""
    named = [("", form.FIRST), *((f"event {number}", at) for number, at in events), ("the package", made_at)]
    back = [name for (_, before), (name, at) in pairwise(named) if at < before]
    return form.CLOCK + (form.SET_BACK + ", ".join(back) if back else "")


def written(value: object) -> bytes:
    """JSON, in its one form."""
    return json.dumps(value, ensure_ascii=False, indent=2).encode(errors="backslashreplace") + b"\n"


def line(value: object) -> bytes:
    """JSON on one line, in its one form."""
    return json.dumps(value, ensure_ascii=False).encode(errors="backslashreplace") + b"\n"
