"""WACZ: what a browser received of a page -> one file that replays it (WACZ 1.1.1 over WARC 1.1). Pure.

The only home of warcio. What could let somebody else in is taken out before anything is written: cookies,
authorisation, tokens in heads and addresses; requests are kept without what was sent. What was taken out is written
down, by name and never by value. Hashes are SHA-256; a body stands as the browser read it, unpacked.
"""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

Heads = tuple[tuple[str, str], ...]

SECRET_HEAD = re.compile(
    r"^(?:set-)?cookie2?$|authori[sz]ation|^authentication|token|csrf|xsrf|api-?key|session|^x-.*(?:auth|secret)",
    re.IGNORECASE,
)
SECRET_FIELD = re.compile(
    r"token|^sid$|session|^auth|^sig(?:nature)?$|api_?key|^key$|password|passwd|^code$|secret|jwt|ticket", re.IGNORECASE
)
GONE = "taken-out"
PACKED = ("content-encoding", "transfer-encoding", "content-length")
"""Heads of the way a body was packed; it stands here unpacked."""

LIMITS = (
    "It shows what this computer's browser received then. It does not show who made it, or whether it is true.",
    "Requests stand without what was sent. Bodies stand as they came: a page may hold the name of who was logged in.",
)


@dataclass(frozen=True, slots=True)
class Exchange:
    """One answer that the browser got, and the request that it was to."""

    url: str
    method: str
    at: datetime
    asked: Heads
    status: int
    reason: str
    heads: Heads
    body: bytes


@dataclass(frozen=True, slots=True)
class Captured:
    """A page as the browser showed it at a moment. `certificate` is what the browser says of the site's."""

    url: str
    title: str
    text: str
    at: datetime
    screenshot: bytes
    exchanges: tuple[Exchange, ...]
    browser: str
    viewport: tuple[int, int]
    certificate: tuple[tuple[str, str], ...] = ()
    server: str = ""
    left_out: tuple[str, ...] = ()
    """Addresses whose bodies could not be had, and why."""


@dataclass
class Stripped:
    """What was taken out: which name, where, how often."""

    counts: dict[tuple[str, str], int] = field(default_factory=dict)

    def note(self, where: str, name: str) -> None:
        """One more."""
        self.counts[where, name.lower()] = self.counts.get((where, name.lower()), 0) + 1

    def listed(self) -> list[dict[str, Any]]:
        """All of it, in order."""
        return [{"where": where, "name": name, "times": times} for (where, name), times in sorted(self.counts.items())]


# ---------------------------------------------------------------- what is taken out


def without_secrets(heads: Heads, where: str, stripped: Stripped) -> Heads:
    """Heads without cookies, authorisation and tokens; addresses in them too."""
    kept = []
    for name, value in heads:
        if SECRET_HEAD.search(name):
            stripped.note(where, name)
        elif name.lower() in ("location", "referer", "content-location", "refresh", "link"):
            kept.append((name, address(value, stripped)))
        else:
            kept.append((name, value))
    return tuple(kept)


def address(url: str, stripped: Stripped) -> str:
    """An address with the values of its tokens taken out."""
    query = urlsplit(url).query if "?" in url else ""
    if not query:
        return url
    fields = parse_qsl(query, keep_blank_values=True)
    secret = [name for name, _ in fields if SECRET_FIELD.search(name)]
    if not secret:
        return url
    for name in secret:
        stripped.note("address", name)
    clean = urlencode([(name, GONE if SECRET_FIELD.search(name) else value) for name, value in fields])
    return url.replace(query, clean, 1)


# ---------------------------------------------------------------- the file


def build(captured: Captured) -> bytes:
    """One WACZ."""
    stripped = Stripped()
    warc, index = _warc(captured, stripped)
    page = {"id": "1", "url": address(captured.url, stripped), "ts": _time(captured.at), "title": captured.title}
    head = {"format": "json-pages-1.0", "id": "pages", "title": "All Pages", "hasText": True}
    pages = f"{json.dumps(head)}\n{json.dumps({**page, 'text': captured.text}, ensure_ascii=False)}\n"
    members = {
        "archive/data.warc.gz": warc,
        "indexes/index.cdx": "".join(sorted(index)).encode(),
        "pages/pages.jsonl": pages.encode(),
        "capture/text.txt": captured.text.encode(),
        "capture/screenshot.png": captured.screenshot,
        "capture/capture.json": _json(_about(captured, page["url"], stripped)),
    }
    package = _datapackage(captured, page, members)
    digest = {"path": "datapackage.json", "hash": _sha256(package)}
    return _zipped({**members, "datapackage.json": package, "datapackage-digest.json": _json(digest)}, captured.at)


def _about(captured: Captured, url: str, stripped: Stripped) -> dict[str, Any]:
    return {
        "url": url,
        "title": captured.title,
        "at": _time(captured.at),
        "browser": captured.browser,
        "viewport": list(captured.viewport),
        "server": captured.server,
        "certificate": dict(captured.certificate),
        "screenshot_sha256": _sha256(captured.screenshot),
        "stripped": stripped.listed(),
        "left_out": list(captured.left_out),
        "limits": list(LIMITS),
    }


def _warc(captured: Captured, stripped: Stripped) -> tuple[bytes, list[str]]:
    """The WARC, and a line of the index for each answer in it."""
    from warcio.statusandheaders import StatusAndHeaders  # noqa: PLC0415  only where a page is captured
    from warcio.utils import Digester  # noqa: PLC0415
    from warcio.warcwriter import WARCWriter  # noqa: PLC0415

    out, index = BytesIO(), list[str]()
    writer = WARCWriter(out, gzip=True, warc_version="1.1")
    writer._create_digester = lambda: Digester("sha256")  # noqa: SLF001  (its own is SHA-1, and it has no setting)
    writer._create_temp_file = BytesIO  # noqa: SLF001  (its own goes to the disk where it is long)
    for one in captured.exchanges:
        url, start = address(one.url, stripped), out.tell()
        heads = [(n, v) for n, v in without_secrets(one.heads, "answer", stripped) if n.lower() not in PACKED]
        status = StatusAndHeaders(
            f"{one.status} {one.reason}".strip(), [*heads, ("content-length", str(len(one.body)))], "HTTP/1.1"
        )
        dated = {"WARC-Date": _time(one.at)}
        record = writer.create_warc_record(
            url, "response", payload=BytesIO(one.body), http_headers=status, warc_headers_dict=dated
        )
        writer.write_record(record)
        index.append(_line(one, url, start, out.tell() - start))
        asked = list(without_secrets(one.asked, "request", stripped))
        asked_heads = StatusAndHeaders(f"{one.method} {_path(url)} HTTP/1.1", asked, is_http_request=True)
        request = writer.create_warc_record(
            url,
            "request",
            payload=BytesIO(b""),
            http_headers=asked_heads,
            warc_headers_dict={"WARC-Date": _time(one.at)},
        )
        writer.write_record(request)
    return out.getvalue(), index


def _line(one: Exchange, url: str, start: int, length: int) -> str:
    """A line of the index (CDXJ)."""
    kind = next((value.partition(";")[0].strip() for name, value in one.heads if name.lower() == "content-type"), "unk")
    says = {
        "url": url, "digest": _sha256(one.body), "mime": kind, "offset": start, "length": length,
        "status": one.status, "filename": "data.warc.gz",
    }  # fmt: skip
    return f"{_key(url)} {one.at:%Y%m%d%H%M%S} {json.dumps(says)}\n"


def _key(url: str) -> str:
    """An address as an index sorts it: `com,example)/path`."""
    parts = urlsplit(url.lower())
    return f"{','.join(reversed((parts.hostname or '').split('.')))}){_path(url.lower())}"


def _path(url: str) -> str:
    parts = urlsplit(url)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _datapackage(captured: Captured, page: dict[str, str], members: dict[str, bytes]) -> bytes:
    resources = [
        {"name": path.rpartition("/")[2], "path": path, "hash": _sha256(data), "bytes": len(data)}
        for path, data in members.items()
    ]
    return _json(
        {
            "profile": "data-package",
            "wacz_version": "1.1.1",
            "created": _time(captured.at),
            "mainPageUrl": page["url"],
            "mainPageDate": page["ts"],
            "title": captured.title or "A page",
            "software": "Takeback",
            "resources": resources,
        }
    )


def _zipped(members: dict[str, bytes], at: datetime) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as zipped:
        for name, data in members.items():
            zipped.writestr(zipfile.ZipInfo(name, at.timetuple()[:6]), data, zipfile.ZIP_STORED)
    return out.getvalue()


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode()


def _sha256(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def _time(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
