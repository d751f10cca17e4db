"""The package's list of exhibits and its log once more, as CASE/UCO: JSON-LD for the tools of examiners. Pure.

An investigation, each exhibit as an observable object with its two hashes, and each event of the custody log as an
action with the provenance record that it made. Ontologies: CASE 1 and UCO 1 (https://caseontology.org). Only what
exhibits.json and custody.jsonl say goes in, and less of it: no signal, no answer, no word of what happened.
"""

from __future__ import annotations

import json
import uuid
from datetime import UTC
from typing import TYPE_CHECKING, Any

from takeback import custody

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from takeback.permit import Exhibit
    from takeback.terms import Event, Link

CASE = "https://ontology.caseontology.org/case/"
UCO = "https://ontology.unifiedcyberontology.org/uco/"
CONTEXT = {
    "investigation": f"{CASE}investigation/",
    "action": f"{UCO}action/",
    "core": f"{UCO}core/",
    "observable": f"{UCO}observable/",
    "types": f"{UCO}types/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
METHODS = {"SHA256": "sha256", "SHA512": "sha512"}
"""UCO's names of the two hashes, and ours."""

Node = dict[str, Any]


def document(
    case: str,
    exhibits: Sequence[Exhibit],
    log: Sequence[tuple[Link, Event]],
    places: Mapping[str, str],
) -> bytes:
    """All of it as JSON-LD, the same bytes for the same case.

    `places` says by its reference where in the package an exhibit is; one whose file was left out is not in it.
    """
    files = {one.ref: _file(case, one, places.get(one.ref)) for one in exhibits}
    events = [node for link, event in log for node in _event(case, link, event, files)]
    whole = {
        **_thing(case, "investigation", "investigation:Investigation"),
        "core:name": case,
        "core:object": [_is(node) for node in (*files.values(), *events)],
    }
    graph = [whole, *files.values(), *events]
    return json.dumps({"@context": CONTEXT, "@graph": graph}, ensure_ascii=False, indent=1).encode() + b"\n"


def _file(case: str, one: Exhibit, place: str | None) -> Node:
    """An exhibit: what it is called, and its bytes by their size and hashes."""
    name = {"observable:fileName": _text(one.original_name)} if one.original_name else {}
    where = {"observable:filePath": place} if place else {}
    file = {**_thing(case, f"file {one.ref}", "observable:FileFacet"), **name, **where}
    content = {
        **_thing(case, f"content {one.ref}", "observable:ContentDataFacet"),
        "observable:sizeInBytes": _value("integer", str(one.size)),
        "observable:hash": [_hash(case, one, method) for method in METHODS],
    }
    made = {**_thing(case, f"exhibit {one.ref}", "observable:ObservableObject"), "core:name": one.ref}
    return {**made, "core:hasFacet": [content, file] if name or where else [content]}


def _hash(case: str, one: Exhibit, method: str) -> Node:
    value = _value("hexBinary", getattr(one, METHODS[method]))
    made = _thing(case, f"{method} {one.ref}", "types:Hash")
    return {**made, "types:hashMethod": method, "types:hashValue": value}


def _event(case: str, link: Link, event: Event, files: Mapping[str, Node]) -> Iterator[Node]:
    """What was done, and the record of it: its place in the chain, and the exhibit that it was about."""
    ref = str(event.data.get("ref", ""))
    about = {"core:object": [_is(files[ref])]} if ref in files else {}
    record = {
        **_thing(case, f"record {event.sequence}", "investigation:ProvenanceRecord"),
        "core:description": f"custody log, event {event.sequence}: {event.what}; link {custody.entry(link).hash}",
        **({"investigation:exhibitNumber": ref} if about else {}),
        **about,
    }
    at = _value("dateTime", event.at.astimezone(UTC).isoformat(timespec="seconds"))
    yield {
        **_thing(case, f"event {event.sequence}", "investigation:InvestigativeAction"),
        "core:name": event.what,
        "action:startTime": at,
        "action:endTime": at,
        **({"action:object": about["core:object"]} if about else {}),
        "action:result": [_is(record)],
    }
    yield record


def _thing(case: str, what: str, kind: str) -> Node:
    """A node, named by a UUID that rests on the case and on what it is, so that one case gives one document."""
    return {"@id": uuid.uuid5(uuid.NAMESPACE_URL, f"urn:takeback:{case}:{what}").urn, "@type": kind}


def _is(node: Node) -> Node:
    return {"@id": node["@id"]}


def _value(kind: str, text: str) -> Node:
    return {"@type": f"xsd:{kind}", "@value": text}


def _text(name: str) -> str:
    """A file's name as text, also where its bytes were none."""
    return name.encode(errors="backslashreplace").decode()
