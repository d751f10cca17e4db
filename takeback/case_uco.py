"""The package's list of exhibits and its log once more, as CASE/UCO: JSON-LD for the tools of examiners. Pure.

An investigation, each exhibit as an observable object with its two hashes, and each event of the custody log as an
action with the provenance record that it made. Ontologies: CASE 1 and UCO 1 (https://caseontology.org). Only what
exhibits.json and custody.jsonl say goes in, and less of it: no signal, no answer, no word of what happened.
"""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

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


def document(case: str, exhibits: Sequence[Mapping[str, Any]], log: Sequence[Mapping[str, Any]]) -> bytes:
    """All of it as JSON-LD, the same bytes for the same case.

    `exhibits` are what exhibits.json lists, `log` the lines of custody.jsonl: whoever has those two can make it again.
    """
    files = {str(one["ref"]): _file(case, one) for one in exhibits}
    events = [node for line in log for node in _event(case, line, files)]
    whole = {
        **_thing(case, "investigation", "investigation:Investigation"),
        "core:name": case,
        "core:object": [_is(node) for node in (*files.values(), *events)],
    }
    graph = [whole, *files.values(), *events]
    return json.dumps({"@context": CONTEXT, "@graph": graph}, ensure_ascii=False, indent=1).encode() + b"\n"


def _file(case: str, one: Mapping[str, Any]) -> Node:
    """An exhibit: what it is called, and its bytes by their size and hashes. One that was left out has no place."""
    ref = one["ref"]
    name = {"observable:fileName": _text(one["original_name"])} if one["original_name"] else {}
    where = {"observable:filePath": one["file"]} if one["file"] else {}
    file = {**_thing(case, f"file {ref}", "observable:FileFacet"), **name, **where}
    content = {
        **_thing(case, f"content {ref}", "observable:ContentDataFacet"),
        "observable:sizeInBytes": _value("integer", str(one["size"])),
        "observable:hash": [_hash(case, one, method) for method in METHODS],
    }
    made = {**_thing(case, f"exhibit {ref}", "observable:ObservableObject"), "core:name": ref}
    return {**made, "core:hasFacet": [content, file] if name or where else [content]}


def _hash(case: str, one: Mapping[str, Any], method: str) -> Node:
    value = _value("hexBinary", str(one[METHODS[method]]))
    made = _thing(case, f"{method} {one['ref']}", "types:Hash")
    return {**made, "types:hashMethod": method, "types:hashValue": value}


def _event(case: str, line: Mapping[str, Any], files: Mapping[str, Node]) -> Iterator[Node]:
    """What was done, and the record of it: its place in the chain, and the exhibit that it was about."""
    number, what, ref = line["sequence"], line["what"], str(line["about"])
    about = {"core:object": [_is(files[ref])]} if ref in files else {}
    record = {
        **_thing(case, f"record {number}", "investigation:ProvenanceRecord"),
        "core:description": f"custody log, event {number}: {what}; link {line['link']}",
        **({"investigation:exhibitNumber": ref} if about else {}),
        **about,
    }
    at = _value("dateTime", str(line["at"]))
    yield {
        **_thing(case, f"event {number}", "investigation:InvestigativeAction"),
        "core:name": what,
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
