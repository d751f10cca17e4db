"""XMP: the properties of an RDF packet, flat (ISO 16684-1). No entity, no doctype and nothing external is followed.

Names are those of our own table of namespaces, so that a file that calls Photoshop's space `iptc` fools nobody. A
property inside another is written `Outer/Inner`.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from xml.parsers import expat

from takeback.marks.mark import MOST, Mark, mark

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
SPACES = {
    "http://iptc.org/std/Iptc4xmpExt/2008-02-29/": "Iptc4xmpExt",
    "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/": "Iptc4xmpCore",
    "http://ns.adobe.com/xap/1.0/": "xmp",
    "http://ns.adobe.com/xap/1.0/mm/": "xmpMM",
    "http://ns.adobe.com/xap/1.0/sType/ResourceEvent#": "stEvt",
    "http://ns.adobe.com/photoshop/1.0/": "photoshop",
    "http://ns.adobe.com/tiff/1.0/": "tiff",
    "http://ns.adobe.com/exif/1.0/": "exif",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/terms/": "dcterms",
    "http://www.tc260.org.cn/ns/AIGC/1.0/": "TC260",
    "http://ns.google.com/photos/1.0/camera/": "GCamera",
    "http://ns.google.com/photos/1.0/creation/": "GCreations",
    "http://ns.adobe.com/camera-raw-settings/1.0/": "crs",
    "http://ns.useplus.org/ldf/xmp/1.0/": "plus",
}
MOST_BYTES = 2 << 20
MOST_DEEP = 40


@dataclass(slots=True)
class _Reader:
    """What has been read so far. `path` is where we are; `text` is what stands there."""

    marks: list[Mark] = field(default_factory=list)
    path: list[str] = field(default_factory=list)
    text: list[str] = field(default_factory=list)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if len(self.path) >= MOST_DEEP or len(self.marks) >= MOST:
            raise _Enough
        self.path.append("" if _is_rdf(tag) or tag.endswith("xmpmeta") else _name(tag))
        self.text.append("")
        for name, value in attributes.items():
            if " " in name and not _is_rdf(name) and not name.startswith("http://www.w3.org/XML/"):
                self._add(_name(name), value)
            elif name == f"{RDF} resource":
                self._add("", value)

    def end(self, _: str) -> None:
        said = self.text.pop()
        self._add("", said)
        self.path.pop()

    def data(self, text: str) -> None:
        if self.text:
            self.text[-1] += text

    def _add(self, last: str, value: str) -> None:
        name = "/".join(part for part in (*self.path, last) if part)
        if name and value.strip() and len(self.marks) < MOST:
            self.marks.append(mark("xmp", name, value))


class _Enough(Exception):
    """More than any honest packet holds, or something that a packet must not hold."""


def read(packet: bytes) -> tuple[Mark, ...]:
    """The properties of a packet; those before its first fault where it is broken."""
    reader = _Reader()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.data
    parser.StartDoctypeDeclHandler = _refuse
    parser.EntityDeclHandler = _refuse
    parser.ExternalEntityRefHandler = _refuse
    parser.buffer_text = True
    with suppress(expat.ExpatError, _Enough, ValueError, LookupError):
        parser.Parse(_inside(packet[:MOST_BYTES]), True)  # noqa: FBT003  expat has no name for it
    return tuple(reader.marks)


def _refuse(*_: object) -> int:
    raise _Enough


def _inside(packet: bytes) -> bytes:
    """The packet without what stands before and after its element."""
    start = min((at for at in (packet.find(b"<x:xmpmeta"), packet.find(b"<rdf:RDF")) if at >= 0), default=-1)
    ends = [(packet.rfind(close), close) for close in (b"</x:xmpmeta>", b"</rdf:RDF>")]
    end, close = max(ends)
    return packet[start : end + len(close)] if 0 <= start < end else packet.strip(b"\0 \r\n")


def _is_rdf(tag: str) -> bool:
    return tag.startswith(RDF)


def _name(tag: str) -> str:
    space, _, local = tag.rpartition(" ")
    prefix = SPACES.get(space) or ("TC260" if "tc260.org" in space else "")
    return f"{prefix}:{local}" if prefix else local
