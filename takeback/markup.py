"""Markup: what a stranger's page says and shows, out of its HTML. Pure.

Read once from front to back, each character looked at a fixed number of times, whatever stands there: `html.parser`
of Python 3.11 takes time that grows with the square of a page that was made for it. Nothing is run and nothing fetched.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import urljoin

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

LONGEST = 1 << 20
"""Letters of a page that are read."""

LONGEST_TAG, LONGEST_TEXT, LONGEST_ADDRESS = 8192, 20_000, 4096
MOST_TAGS = 50_000
MOST_MEDIA = 400
SMALL = 64
"""A picture that says it is smaller is a button or a counter, not what was put up."""

TAG = re.compile(r"(/?[a-zA-Z][a-zA-Z0-9]{0,15})(?=[\s/>]|\Z)")
ATTRIBUTE = re.compile(
    r"""(?<![\w:.-])([a-zA-Z][\w:.-]{0,40}+)\s{0,8}=\s{0,8}(?:"([^"]*)"|'([^']*)'|([^\s"'<>=`]+))""",
)
INSIDE = re.compile(r"""((?:[^"'>]++|"[^"]*+"|'[^']*+')*+)>""")
"""A tag up to its end; an end that stands in quotes is none."""

IN_STYLE = re.compile(r"url\(\s{0,4}['\"]?([^'\")]{1,4096})", re.IGNORECASE)
CHARSET = re.compile(rb"charset\s{0,4}=\s{0,4}[\"']?([a-zA-Z0-9_-]{2,20})")
PICTURE_FILE = re.compile(r"\.(?:jpe?g|png|gif|webp|avif|heic|bmp)(?:$|[?#])", re.IGNORECASE)
SILENT = ("script", "style", "template", "noscript", "svg", "iframe")
"""What nobody reads on a page. A lazy picture often stands in `noscript`, so its tags count all the same."""

SOURCES = ("src", "data-src", "data-original", "data-lazy-src", "data-lazy", "data-url", "data-image")
SETS = ("srcset", "data-srcset", "data-lazy-srcset")
MAIN = (
    "og:image",
    "og:image:url",
    "og:image:secure_url",
    "twitter:image",
    "twitter:image:src",
    "image",
    "thumbnailurl",
)
MAIN_VIDEO = ("og:video", "og:video:url", "og:video:secure_url", "twitter:player:stream", "contenturl")


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its title, what it says, what it shows. Addresses are whole, the page's own picture first."""

    title: str = ""
    headings: tuple[str, ...] = ()
    text: str = ""
    pictures: tuple[str, ...] = ()
    videos: tuple[str, ...] = ()
    asks_password: bool = False


@dataclass
class _Reading:
    """A page as far as it was read."""

    base: str
    titles: list[str] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    length: int = 0
    main: list[str] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)
    linked: list[str] = field(default_factory=list)
    videos: list[str] = field(default_factory=list)
    asks_password: bool = False
    silent: str = ""
    inside: str = ""


def read(body: bytes, at: str, kind: str = "") -> Page:
    """The page in these bytes, which came from `at` and call themselves `kind`."""
    page = _Reading(at)
    for tag, heads, text in _pieces(decoded(body, kind)[:LONGEST]):
        _tag(page, tag, heads)
        _text(page, text)
    pictures = dict.fromkeys(filter(None, (*page.main, *page.shown, *page.linked)))
    return Page(
        title=_joined(page.titles),
        headings=tuple(map(_plain, page.headings)),
        text=_joined(page.words),
        pictures=tuple(pictures)[:MOST_MEDIA],
        videos=tuple(dict.fromkeys(filter(None, page.videos)))[:MOST_MEDIA],
        asks_password=page.asks_password,
    )


def decoded(body: bytes, kind: str = "") -> str:
    """A page's letters, by what it says of itself; UTF-8 where it says nothing that can be used."""
    said = CHARSET.search(kind.encode()) or CHARSET.search(body[:2048])
    try:
        return body.decode(said[1].decode() if said else "utf-8", "replace")
    except (LookupError, ValueError):
        return body.decode("utf-8", "replace")


def _pieces(text: str) -> Iterator[tuple[str, Mapping[str, str], str]]:
    """Each tag, its attributes, and the text behind it; comments left out."""
    first, *rest = text.split("<", MOST_TAGS)
    yield "", {}, first
    comment = False
    for piece in rest:
        if comment or piece.startswith("!--"):
            _, end, behind = piece.partition("-->")
            comment = not end
            if end:
                yield "", {}, behind
            continue
        inside, closed, behind = _parted(piece)
        name = TAG.match(inside)
        if name and closed:
            yield name[1].lower(), _heads(inside[:LONGEST_TAG]), behind
        elif not name:
            yield "", {}, f"<{piece}"


def _parted(piece: str) -> tuple[str, str, str]:
    """What stands in a tag, whether it ends, and what comes behind it."""
    whole = INSIDE.match(piece)
    return (whole[1], ">", piece[whole.end() :]) if whole else piece.partition(">")


def _heads(inside: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for match in ATTRIBUTE.finditer(inside):
        value = next((one for one in match.groups()[1:] if one is not None), "")
        found.setdefault(match[1].lower(), unescape(value[:LONGEST_ADDRESS]).strip())
    if re.search(r"type\s*=\s*[\"']?password", inside, re.IGNORECASE):
        found.setdefault("type", "password")
    return found


def _tag(page: _Reading, tag: str, heads: Mapping[str, str]) -> None:
    if page.silent and tag == f"/{page.silent}":
        page.silent = ""
    elif not page.silent and tag in SILENT:
        page.silent = tag
    if page.silent in ("script", "style"):
        return
    if tag:
        page.inside = (
            tag if tag in ("title", "h1", "h2") else "" if tag.lstrip("/") in ("title", "h1", "h2") else page.inside
        )
    if tag in ("h1", "h2"):
        page.headings.append("")
    if tag == "base" and heads.get("href"):
        page.base = _whole(page, heads["href"]) or page.base
    page.asks_password = page.asks_password or (tag == "input" and heads.get("type", "").lower() == "password")
    _media(page, tag, heads)


def _media(page: _Reading, tag: str, heads: Mapping[str, str]) -> None:
    if "style" in heads and len(page.shown) < MOST_MEDIA:
        page.shown += [_whole(page, one) for one in IN_STYLE.findall(heads["style"])]
    match tag:
        case "meta":
            name = (heads.get("property") or heads.get("name") or heads.get("itemprop") or "").lower()
            content = heads.get("content", "")
            if name in MAIN:
                page.main.append(_whole(page, content))
            elif name in MAIN_VIDEO:
                page.videos.append(_whole(page, content))
            elif name in ("og:title", "twitter:title"):
                page.titles.append(content)
        case "link" if heads.get("rel", "").lower() == "image_src" or heads.get("as", "").lower() == "image":
            page.shown.append(_whole(page, heads.get("href", "")))
        case "img" | "amp-img" | "image" if not _small(heads):
            page.shown += _sources(page, heads)
        case "video" | "audio":
            page.shown.append(_whole(page, heads.get("poster", "")))
            page.videos += _sources(page, heads)
        case "source":
            moving = heads.get("type", "").startswith(("video", "audio")) or ("src" in heads and "srcset" not in heads)
            (page.videos if moving else page.shown).extend(_sources(page, heads))
        case "a" if PICTURE_FILE.search(heads.get("href", "")):
            page.linked.append(_whole(page, heads["href"]))


def _sources(page: _Reading, heads: Mapping[str, str]) -> list[str]:
    """Where the picture of a tag is: the largest of a set first, a lazy one beside the placeholder."""
    largest = [_largest(heads[name]) for name in SETS if name in heads]
    plain = [heads[name] for name in reversed(SOURCES) if name in heads]
    return [_whole(page, one) for one in (*largest, *plain)]


def _largest(srcset: str) -> str:
    """The address of the widest picture of a srcset."""
    best, width = "", -1.0
    for candidate in re.split(r",\s+|,(?=https?:)", srcset):
        address, _, size = candidate.strip().partition(" ")
        number = size.strip().rstrip("wxh")
        wide = float(number) if re.fullmatch(r"\d{1,6}(?:\.\d{1,3})?", number) else 0.0
        if address and wide > width:
            best, width = address, wide
    return best


def _small(heads: Mapping[str, str]) -> bool:
    sides = (heads.get(name, "").removesuffix("px") for name in ("width", "height"))
    return any(side.isascii() and side.isdigit() and int(side[:6]) < SMALL for side in sides)


def _whole(page: _Reading, address: str) -> str:
    """An address as seen from the page; nothing for what is not on the web."""
    try:
        whole = urljoin(page.base, address) if address else ""
    except ValueError:
        return ""
    return whole.partition("#")[0] if whole.startswith(("http://", "https://")) else ""


def _text(page: _Reading, text: str) -> None:
    if page.silent or not text.strip():
        return
    if page.inside == "title":
        page.titles.append(text)
    elif page.inside in ("h1", "h2") and page.headings:
        page.headings[-1] += f" {text[:500]}"
    if page.inside != "title" and page.length < LONGEST_TEXT:
        page.words.append(text[:LONGEST_TEXT])
        page.length += len(text)


def _joined(parts: list[str]) -> str:
    return _plain(" ".join(parts)[:LONGEST_TEXT])


def _plain(text: str) -> str:
    """Words with one space between them, entities read."""
    return " ".join(unescape(text).split())
