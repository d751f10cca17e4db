"""Files by rule, each of which says one thing of its origin; beside each its stripped twin and its forged twin.

A stripped twin has the same picture or sound and says nothing. A forged twin is a camera's own file into which somebody
wrote the same label: it must give the same finding, because a label is all that there is to see.
"""

from __future__ import annotations

import gzip
import json
import struct
import zlib
from io import BytesIO

import numpy as np
from hostile import chunk, photo, saved
from PIL import Image

from takeback.pixel_marks import SCHEMES

DST = "http://cv.iptc.org/newscodes/digitalsourcetype/"
RECIPE = "a portrait of Example Person\nNegative prompt: blurry\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 5, Size: 512x512, Model hash: abc, Model: sd15"
CHINA = json.dumps(
    {"Label": "1", "ContentProducer": "001", "ProduceID": "A1", "ContentPropagator": "001", "PropagateID": "A1"}
)
GRAPH = json.dumps({
    "3": {"class_type": "KSampler", "inputs": {"seed": 5, "steps": 20, "sampler_name": "euler", "model": ["4", 0]}},
    "4": {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": "sd15.safetensors"}},
    "6": {"class_type": "CLIPTextEncode", "inputs": {"text": "a portrait of Example Person", "clip": ["4", 1]}},
})  # fmt: skip
NOVEL = {"Software": "NovelAI", "Source": "NovelAI Diffusion V4", "Description": "a portrait of Example Person",
         "Comment": json.dumps({"prompt": "a portrait of Example Person", "steps": 28, "sampler": "k_euler", "seed": 5, "uc": "blurry"})}  # fmt: skip
SPACES = (
    'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" '
    'xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:tiff="http://ns.adobe.com/tiff/1.0/" '
    'xmlns:ps="http://ns.adobe.com/photoshop/1.0/" xmlns:TC260="http://www.tc260.org.cn/ns/AIGC/1.0/"'
)


def xmp(attributes: str = "", inside: str = "") -> bytes:
    return (
        f'<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF {SPACES}>'
        f'<rdf:Description rdf:about="" {attributes}>{inside}</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
    ).encode()


def quoted(text: str) -> str:
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")


LABEL = xmp(f'e:DigitalSourceType="{DST}trainedAlgorithmicMedia"')
AI_FIELDS = xmp('e:AISystemUsed="Example Diffusion" e:AIPromptWriterName="Somebody"',
                '<e:AIPromptInformation><rdf:Alt><rdf:li xml:lang="x-default">a portrait of Example Person</rdf:li></rdf:Alt></e:AIPromptInformation>')  # fmt: skip

# ---------------------------------------------------------------- containers, by hand


def picture() -> Image.Image:
    return photo(96, 128)


def jpeg(*segments: tuple[int, bytes], tail: bytes = b"", image: Image.Image | None = None, quality: int = 90) -> bytes:
    data = saved(image or picture(), "JPEG", quality=quality)
    more = b"".join(b"\xff" + bytes([marker]) + struct.pack(">H", len(body) + 2) + body for marker, body in segments)
    return data[:2] + more + data[2:] + tail


def jpeg_xmp(packet: bytes) -> bytes:
    return jpeg((0xE1, b"http://ns.adobe.com/xap/1.0/\0" + packet))


def exif(first: dict[int, str], deeper: dict[int, bytes | str] | None = None, gps: dict[int, bytes] | None = None,
         thumbnail: bytes = b"") -> bytes:  # fmt: skip
    """A TIFF block, big-endian, with text tags, an EXIF list, a GPS list and a thumbnail."""
    lists: list[dict[int, tuple[int, int, bytes]]] = [
        {tag: (2, len(text) + 1, text.encode() + b"\0") for tag, text in first.items()}
    ]
    more = {
        tag: (2, len(v) + 1, v.encode() + b"\0") if isinstance(v, str) else (7, len(v), v)
        for tag, v in (deeper or {}).items()
    }
    place = {
        tag: (2 if tag == 0x1D else 5, len(raw) if tag == 0x1D else len(raw) // 8, raw)
        for tag, raw in (gps or {}).items()
    }
    pointers: list[tuple[int, int]] = []
    for tag, entries in ((0x8769, more), (0x8825, place)):
        if entries:
            pointers.append((tag, len(lists)))
            lists[0][tag] = (4, 1, b"\0\0\0\0")
            lists.append(entries)
    if thumbnail:
        lists.append({0x0201: (4, 1, b"\0\0\0\0"), 0x0202: (4, 1, struct.pack(">I", len(thumbnail)))})
    starts, at = [], 8
    for entries in lists:
        starts.append(at)
        at += 6 + 12 * len(entries) + sum(len(raw) + 1 & ~1 for _, _, raw in entries.values() if len(raw) > 4)
    for tag, which in pointers:
        lists[0][tag] = (4, 1, struct.pack(">I", starts[which]))
    if thumbnail:
        lists[-1][0x0201] = (4, 1, struct.pack(">I", at))
    out = b"MM\0*" + struct.pack(">I", 8)
    for number, entries in enumerate(lists):
        body, extra, free = struct.pack(">H", len(entries)), b"", starts[number] + 6 + 12 * len(entries)
        for tag, (kind, count, raw) in sorted(entries.items()):
            value = raw.ljust(4, b"\0") if len(raw) <= 4 else struct.pack(">I", free + len(extra))
            extra += raw + b"\0" * (len(raw) & 1) if len(raw) > 4 else b""
            body += struct.pack(">HHI", tag, kind, count) + value
        out += body + struct.pack(">I", starts[-1] if thumbnail and number == 0 else 0) + extra
    return out + thumbnail


def jpeg_exif(block: bytes, image: Image.Image | None = None) -> bytes:
    return jpeg((0xE1, b"Exif\0\0" + block), image=image)


def png(*chunks: tuple[bytes, bytes], image: Image.Image | None = None) -> bytes:
    data = saved(image or picture(), "PNG")
    return data[:33] + b"".join(chunk(kind, body) for kind, body in chunks) + data[33:]


def png_texts(texts: dict[str, str]) -> bytes:
    return png(*((b"iTXt", name.encode() + b"\0\0\0\0\0" + text.encode()) for name, text in texts.items()))


def webp(*chunks: tuple[bytes, bytes]) -> bytes:
    inside = saved(picture(), "WEBP", lossless=True)[12:]
    size = struct.pack("<I", 127)[:3] + struct.pack("<I", 95)[:3]
    more = b"".join(name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) & 1) for name, body in chunks)
    body = b"WEBP" + b"VP8X" + struct.pack("<I", 10) + b"\x0c\0\0\0" + size + inside + more
    return b"RIFF" + struct.pack("<I", len(body)) + body


def box(kind: bytes, *inside: bytes) -> bytes:
    body = b"".join(inside)
    return struct.pack(">I", 8 + len(body)) + kind + body


def mvhd(seconds: int = 3_800_000_000) -> bytes:
    return box(b"mvhd", bytes(4), struct.pack(">II", seconds, seconds), struct.pack(">II", 1000, 5000), bytes(80))


def mp4(*boxes: bytes, in_moov: bytes = b"", brand: bytes = b"isom", seconds: int = 3_800_000_000) -> bytes:
    handler = box(b"hdlr", bytes(8), b"vide", bytes(12), b"VideoHandler\0")
    return box(b"ftyp", brand, bytes(4), b"isommp42") + box(b"moov", mvhd(seconds), box(b"trak", box(b"mdia", handler)), in_moov) + b"".join(boxes) + box(b"mdat", bytes(64))  # fmt: skip


def itunes(name: bytes, text: str) -> bytes:
    data = box(b"data", struct.pack(">II", 1, 0), text.encode())
    handler = box(b"hdlr", bytes(8), b"mdirappl", bytes(9))
    return box(b"udta", box(b"meta", bytes(4), handler, box(b"ilst", box(name, data))))


def quicktime(name: str, text: str) -> bytes:
    keys = box(b"keys", bytes(4), struct.pack(">I", 1), box(b"mdta", name.encode()))
    data = box(b"data", struct.pack(">II", 1, 0), text.encode())
    handler = box(b"hdlr", bytes(8), b"mdta", bytes(13))
    return box(b"meta", handler, keys, box(b"ilst", struct.pack(">I", 8 + len(data)) + struct.pack(">I", 1) + data))


XMP_BOX = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")


def mp3(*frames: tuple[bytes, bytes]) -> bytes:
    body = b"".join(kind + struct.pack(">I", len(raw)) + b"\0\0" + raw for kind, raw in frames)
    size = bytes(len(body) >> shift & 0x7F for shift in (21, 14, 7, 0))
    tag = b"ID3\x03\0\0" + size + body if frames else b""
    return tag + (b"\xff\xfb\x90\x00" + bytes(413)) * 20


def wav(*info: tuple[bytes, str]) -> bytes:
    items = b"".join(
        name + struct.pack("<I", len(text)) + text.encode() + b"\0" * (len(text) & 1) for name, text in info
    )
    listed = b"LIST" + struct.pack("<I", 4 + len(items)) + b"INFO" + items if info else b""
    body = (
        b"WAVEfmt "
        + struct.pack("<IHHIIHH", 16, 1, 1, 8000, 16000, 2, 16)
        + b"data"
        + struct.pack("<I", 1600)
        + bytes(1600)
        + listed
    )
    return b"RIFF" + struct.pack("<I", len(body)) + body


def element(number: str, *inside: bytes) -> bytes:
    body = b"".join(inside)
    return bytes.fromhex(number) + (0x10000000 | len(body)).to_bytes(4, "big") + body


def mkv(app: str = "libwebm", *tags: tuple[str, str]) -> bytes:
    said = element(
        "1254C367",
        *(element("7373", element("67C8", element("45A3", n.encode()), element("4487", t.encode()))) for n, t in tags),
    )
    info = element("1549A966", element("4D80", app.encode()), element("5741", app.encode()))
    return element("1A45DFA3", element("4282", b"webm")) + element(
        "18538067", info, said, element("1F43B675", bytes(20))
    )


def flac(*comments: str, vendor: str = "reference libFLAC 1.4.3") -> bytes:
    def counted(text: str) -> bytes:
        return struct.pack("<I", len(text.encode())) + text.encode()

    body = counted(vendor) + struct.pack("<I", len(comments)) + b"".join(map(counted, comments))
    info = bytes(34)
    return b"fLaC\0" + struct.pack(">I", 34)[1:] + info + b"\x84" + struct.pack(">I", len(body))[1:] + body + bytes(200)


def tiff(*tags: tuple[int, int, bytes]) -> bytes:
    """A TIFF file with these tags (number, type, value) beside what a picture needs; its strip stands last."""
    picture_ = photo(48, 64)
    own = [(256, 4, 64), (257, 4, 48), (258, 3, 8), (259, 3, 1), (262, 3, 1), (277, 3, 1), (278, 4, 48)]
    entries = [(tag, kind, 1, struct.pack("<I", value)) for tag, kind, value in own]
    entries += [(tag, kind, len(value) // (4 if kind == 4 else 1), value) for tag, kind, value in tags]
    entries += [(273, 4, 1, b""), (279, 4, 1, struct.pack("<I", 48 * 64))]
    at = 8 + 2 + 12 * len(entries) + 4
    listed, values = b"", b""
    for tag, kind, count, value in sorted(entries, key=lambda one: one[0]):
        if len(value) > 4:
            listed += struct.pack("<HHII", tag, kind, count, at + len(values))
            values += value + bytes(len(value) % 2)
        elif tag == 273:
            listed += struct.pack("<HHII", tag, kind, count, 0xFEEDF00D)
        else:
            listed += struct.pack("<HHI", tag, kind, count) + value.ljust(4, b"\0")
    listed = listed.replace(struct.pack("<I", 0xFEEDF00D), struct.pack("<I", at + len(values)))
    return b"II*\0" + struct.pack("<IH", 8, len(entries)) + listed + bytes(4) + values + picture_.convert("L").tobytes()


def ogg(*comments: str, vendor: str = "libopus 1.4") -> bytes:
    """An Opus recording: its head, its comments, one page of sound."""
    listed = b"".join(struct.pack("<I", len(one.encode())) + one.encode() for one in comments)
    tags = b"OpusTags" + struct.pack("<I", len(vendor)) + vendor.encode() + struct.pack("<I", len(comments)) + listed
    packets = (b"OpusHead\1\1\0\0\x80\xbb\0\0\0\0\0", tags, bytes(range(200)))
    return b"".join(_page(packet, number, len(packets)) for number, packet in enumerate(packets))


def _page(packet: bytes, number: int, of: int) -> bytes:
    flags = 2 if number == 0 else 4 if number == of - 1 else 0
    lacing = [255] * (len(packet) // 255) + [len(packet) % 255]
    page = (
        b"OggS\0"
        + bytes([flags])
        + bytes(8)
        + struct.pack("<III", 77, number, 0)
        + bytes([len(lacing), *lacing])
        + packet
    )
    said = 0
    for byte in page:  # bit by bit, as RFC 3533 has it
        said ^= byte << 24
        for _ in range(8):
            said = (said << 1 ^ (0x04C11DB7 if said & 0x80000000 else 0)) & 0xFFFFFFFF
    return page[:22] + struct.pack("<I", said) + page[26:]


def aac() -> bytes:
    """Twelve frames of a bare AAC stream."""
    return b"".join(b"\xff\xf1\x50\x80" + struct.pack(">H", (60 << 5) | 0x1F) + b"\xfc" + bytes(53) for _ in range(12))


def amr() -> bytes:
    """Ten frames of a recording at 12.2 kilobits."""
    return b"#!AMR\n" + (b"\x3c" + bytes(31)) * 10


def bmp() -> bytes:
    return saved(picture(), "BMP")


def gif(comment: str = "") -> bytes:
    data = saved(picture(), "GIF")
    body = b"!\xfe" + bytes([len(comment)]) + comment.encode() + b"\0" if comment else b""
    at = 13 + (3 << (data[10] & 7) + 1)
    return data[:at] + body + data[at:]


def stealth(text: str, *, packed: bool = True, alpha: bool = True) -> bytes:
    """A picture with a text in its lowest bits, column by column."""
    body = gzip.compress(text.encode(), mtime=0) if packed else text.encode()
    word = f"stealth_{'png' if alpha else 'rgb'}{'comp' if packed else 'info'}".encode()
    bits = [byte >> shift & 1 for byte in word + struct.pack(">I", len(body) * 8) + body for shift in range(7, -1, -1)]
    image = picture().convert("RGBA" if alpha else "RGB")
    image.putalpha(255) if alpha else None
    pixels = image.load()
    assert pixels is not None
    slots = [(x, y, c) for x in range(image.width) for y in range(image.height) for c in ((3,) if alpha else (0, 1, 2))]
    for (x, y, c), bit in zip(slots, bits, strict=False):
        value = list(pixels[x, y])
        value[c] = value[c] & 0xFE | bit
        pixels[x, y] = tuple(value)
    return saved(image, "PNG")


IPHONE = exif({0x010F: "Apple", 0x0110: "iPhone 15", 0x0131: "17.4", 0x0132: "2026:03:02 10:00:00"},
              {0x9003: "2026:03:02 10:00:00", 0x927C: b"Apple iOS\0\0\1MM"})  # fmt: skip


def small(image: Image.Image) -> bytes:
    return saved(image.resize((160, 120)), "JPEG", quality=75)


def camera(**more: str) -> bytes:
    return jpeg_exif(IPHONE)


def turned_photo() -> Image.Image:
    return photo(300, 400).transpose(Image.Transpose.ROTATE_180)


def soft() -> Image.Image:
    """A picture without extremes: where a shade is cut off, a mark is too."""
    return photo(512, 512).point(lambda shade: 64 + shade // 2)


def marked(bits: str, image: Image.Image | None = None) -> bytes:
    """A picture with an open watermark, as the programs write it: one bit a block, in the blue-difference plane."""
    pixels = np.asarray(image or soft(), np.float64)
    luma = np.rint(pixels @ [0.299, 0.587, 0.114])
    blue = np.clip(np.rint((pixels[..., 2] - luma) * 0.492 + 128), 0, 255)
    red = np.clip(np.rint((pixels[..., 0] - luma) * 0.877 + 128), 0, 255)
    half = (blue[::2, ::2] + blue[1::2, ::2] + blue[::2, 1::2] + blue[1::2, 1::2]) / 2
    number = 0
    for row in range(0, half.shape[0], 4):
        for col in range(0, half.shape[1], 4):
            block = half[row : row + 4, col : col + 4].ravel()
            at = int(np.abs(block[1:]).argmax()) + 1
            wanted = (block[at] // 36 + 0.25 + 0.5 * int(bits[number % len(bits)])) * 36
            y, x = 2 * (row + at // 4), 2 * (col + at % 4)
            blue[y : y + 2, x : x + 2] += (wanted - block[at]) / 2
            number += 1
    b, r = luma + (np.rint(blue) - 128) / 0.492, luma + (red - 128) / 0.877
    g = (luma - 0.299 * r - 0.114 * b) / 0.587
    return saved(Image.fromarray(np.clip(np.rint(np.dstack((r, g, b))), 0, 255).astype(np.uint8)), "PNG")


# ---------------------------------------------------------------- each finding, where it can stand

LABELLED: dict[str, tuple[bytes, set[str]]] = {
    "xmp.jpg": (jpeg_xmp(LABEL), {"labelled-ai"}),
    "xmp.png": (png((b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + LABEL)), {"labelled-ai"}),
    "xmp.webp": (webp((b"XMP ", LABEL)), {"labelled-ai"}),
    "xmp.mp4": (mp4(box(b"uuid", XMP_BOX, LABEL)), {"labelled-ai"}),
    "xmp.mov": (mp4(in_moov=box(b"udta", box(b"XMP_", LABEL)), brand=b"qt  "), {"labelled-ai"}),
    "element.jpg": (jpeg_xmp(xmp(inside=f"<e:DigitalSourceType>{DST}compositeWithTrainedAlgorithmicMedia</e:DigitalSourceType>")), {"labelled-part-ai"}),
    "resource.jpg": (jpeg_xmp(xmp(inside=f'<e:DigitalSourceType rdf:resource="{DST}compositeSynthetic"/>')), {"labelled-part-ai"}),
    "fields.jpg": (jpeg_xmp(AI_FIELDS), {"labelled-ai-fields"}),
    "fields.webp": (webp((b"XMP ", AI_FIELDS)), {"labelled-ai-fields"}),
    "fields.mp4": (mp4(box(b"uuid", XMP_BOX, AI_FIELDS)), {"labelled-ai-fields"}),
    "a1111.png": (png_texts({"parameters": RECIPE}), {"recipe"}),
    "a1111.jpg": (jpeg_exif(exif({}, {0x9286: b"UNICODE\0" + RECIPE.encode("utf-16-be")})), {"recipe"}),
    "a1111.webp": (webp((b"EXIF", exif({}, {0x9286: b"ASCII\0\0\0" + RECIPE.encode()}))), {"recipe"}),
    "a1111-packed.png": (png((b"zTXt", b"parameters\0\0" + zlib.compress(RECIPE.encode()))), {"recipe"}),
    "comfy.png": (png_texts({"prompt": GRAPH, "workflow": json.dumps({"nodes": [{"type": "KSampler", "widgets_values": [5]}]})}), {"recipe"}),
    "comfy-workflow-only.png": (png_texts({"workflow": json.dumps({"nodes": [{"type": "CLIPTextEncode", "widgets_values": ["a portrait"]}]})}), {"recipe"}),
    "invoke.png": (png_texts({"invokeai_metadata": json.dumps({"positive_prompt": "a portrait of Example Person", "model": {"name": "sd15"}, "seed": 5})}), {"recipe"}),
    "invoke-old.png": (png_texts({"sd-metadata": json.dumps({"image": {"prompt": [{"prompt": "a portrait", "weight": 1}], "seed": 5}, "model": "sd"})}), {"recipe"}),
    "novel.png": (png_texts(NOVEL), {"recipe", "names-a-tool"}),
    "novel-hidden.png": (stealth(json.dumps(NOVEL)), {"recipe"}),
    "novel-hidden-plain.png": (stealth(json.dumps(NOVEL), packed=False), {"recipe"}),
    "hidden-in-colours.png": (stealth(RECIPE, alpha=False), {"recipe"}),
    "hidden-words.png": (stealth("nothing that is a recipe"), {"hidden-text"}),
    "fooocus.png": (png_texts({"parameters": json.dumps({"prompt": "a portrait of Example Person", "base_model": "juggernaut", "version": "Fooocus v2.5"}), "fooocus_scheme": "fooocus"}), {"recipe"}),
    "midjourney.png": (png_texts({"Description": "a portrait --v 6 Job ID: 01234567-89ab-cdef-0123-456789abcdef"}), {"recipe"}),
    "china.jpg": (jpeg_xmp(xmp(f'TC260:AIGC="{quoted(CHINA)}"')), {"labelled-china"}),
    "china-exif.jpg": (jpeg_exif(exif({0x010E: json.dumps({"AIGC": json.loads(CHINA)})})), {"labelled-china"}),
    "china.png": (png_texts({"AIGC": CHINA}), {"labelled-china"}),
    "china.mp4": (mp4(in_moov=box(b"udta", box(b"AIGC", CHINA.encode()))), {"labelled-china"}),
    "china-key.mp4": (mp4(in_moov=quicktime("AIGC", CHINA)), {"labelled-china"}),
    "china.mp3": (mp3((b"TXXX", b"\x03AIGC\0" + CHINA.encode())), {"labelled-china"}),
    "china.mkv": (mkv("libwebm", ("AIGC", CHINA)), {"labelled-china"}),
    "china.flac": (flac(f"AIGC={CHINA}"), {"labelled-china"}),
    "software.jpg": (jpeg_exif(exif({0x0131: "Midjourney"})), {"names-a-tool"}),
    "credit.jpg": (jpeg_xmp(xmp('ps:Credit="Made with Google AI"')), {"names-a-tool"}),
    "creator.png": (png((b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + xmp('xmp:CreatorTool="Adobe Firefly"'))), {"names-a-tool"}),
    "comment.gif": (gif("Made with Stable Diffusion"), {"names-a-tool"}),
    "comment.jpg": (jpeg((0xFE, b"created by ComfyUI")), {"names-a-tool"}),
    "tool.mp4": (mp4(in_moov=itunes(b"\xa9too", "Kling AI")), {"names-a-tool"}),
    "software.mov": (mp4(in_moov=quicktime("com.apple.quicktime.software", "Sora"), brand=b"qt  "), {"names-a-tool"}),
    "suno.mp3": (mp3((b"COMM", b"\0eng\0made with suno".replace(b"suno", b"Suno"))), {"names-a-tool"}),
    "eleven.wav": (wav((b"ISFT", "ElevenLabs")), {"names-a-tool"}),
    "suno.flac": (flac("COMMENT=Made with Suno"), {"names-a-tool"}),
    "tool.mkv": (mkv("Runway"), {"names-a-tool"}),
    "samsung.jpg": (jpeg(tail=b'....{"genAIType":1}....SEFT'), {"labelled-samsung"}),
    "thumbnail.jpg": (jpeg_exif(exif({0x010F: "Canon"}, thumbnail=small(turned_photo())), photo(300, 400)), {"thumbnail-differs"}),
    "to-come.jpg": (jpeg_exif(exif({0x010F: "Canon"}, {0x9003: "2099:01:01 10:00:00"})), {"date-to-come"}),
    "too-early.jpg": (jpeg_exif(exif({0x010F: "Canon"}, {0x9003: "1970:01:01 00:00:00"})), {"date-too-early"}),
    "gps.jpg": (jpeg_exif(exif({0x010F: "Canon"}, {0x9003: "2026:01:20 10:00:00"}, {0x1D: b"2026:01:01\0"})), {"date-against-gps"}),
    "saved-before.jpg": (jpeg_exif(exif({0x010F: "Canon", 0x0132: "2025:01:01 10:00:00"}, {0x9003: "2026:01:20 10:00:00"})), {"saved-before-taken"}),
    "to-come.mp4": (mp4(seconds=4_200_000_000), {"date-to-come"}),
    "camera-and-tool.jpg": (jpeg_exif(exif({0x010F: "Apple", 0x0131: "Midjourney"})), {"camera-and-tool", "names-a-tool"}),
    "camera-and-recipe.jpg": (jpeg_exif(exif({0x010F: "Apple"}, {0x9286: b"ASCII\0\0\0" + RECIPE.encode()})), {"camera-and-recipe", "recipe"}),
    "two-makers.jpg": (jpeg((0xE1, b"Exif\0\0" + exif({0x010F: "Canon"})), (0xE1, b"http://ns.adobe.com/xap/1.0/\0" + xmp('tiff:Make="SONY"'))), {"two-makers"}),
    "other-notes.jpg": (jpeg_exif(exif({0x010F: "Canon"}, {0x927C: b"Apple iOS\0\0\1MM"})), {"other-makers-notes"}),
    "two-labels.jpg": (jpeg_xmp(xmp(f'e:DigitalSourceType="{DST}trainedAlgorithmicMedia"', f'<e:Other><rdf:Description e:DigitalSourceType="{DST}digitalCapture"/></e:Other>')), {"labelled-ai", "two-labels"}),
    "sdxl.png": (marked(SCHEMES["Stable Diffusion XL"]), {"open-watermark"}),
    "flux.png": (marked(SCHEMES["FLUX"]), {"open-watermark"}),
    "sd1.png": (marked(SCHEMES["Stable Diffusion 1"]), {"open-watermark"}),
    "xmp.tif": (tiff((700, 1, LABEL)), {"labelled-ai"}),
    "fields.tif": (tiff((700, 1, AI_FIELDS)), {"labelled-ai-fields"}),
    "software.tif": (tiff((0x0131, 2, b"Midjourney\0")), {"names-a-tool"}),
    "china.ogg": (ogg(f"AIGC={CHINA}"), {"labelled-china"}),
    "suno.ogg": (ogg("COMMENT=Made with Suno"), {"names-a-tool"}),
    "wrong-sum.ogg": (ogg()[:-1] + b"\xff", {"wrong-sum"}),
    "wrong-sum.png": (png()[:-20] + bytes([png()[-20] ^ 1]) + png()[-19:], {"wrong-sum"}),
}  # fmt: skip
"""Name: a file, and the loud findings that it must give: these and no others."""

PLAIN: dict[str, bytes] = {
    "plain.jpg": jpeg(), "plain.png": png(), "plain.webp": webp(), "plain.gif": gif(), "plain.mp4": mp4(), "plain.mov": mp4(brand=b"qt  "),
    "plain.mp3": mp3(), "plain.wav": wav(), "plain.mkv": mkv(), "plain.flac": flac(), "plain.tif": tiff(), "plain.bmp": bmp(),
    "plain.ogg": ogg("TITLE=Morning"), "plain.aac": aac(), "plain.amr": amr(), "camera.jpg": camera(),
    "titled.mp3": mp3((b"TIT2", b"\0Gemini"), (b"TPE1", b"\0Luma AI")),
    "digital-capture.jpg": jpeg_xmp(xmp(f'e:DigitalSourceType="{DST}digitalCapture"')),
    "pattern.jpg": jpeg_xmp(xmp(f'e:DigitalSourceType="{DST}algorithmicMedia"')),
    "thumbnail.jpg": jpeg_exif(exif({0x010F: "Canon"}, thumbnail=small(photo(300, 400))), photo(300, 400)),
    "words.png": png_texts({"Comment": "taken at the lake", "Description": "my prompt for the school play", "prompt": "be on time"}),
    "lavf.mp4": mp4(in_moov=itunes(b"\xa9too", "Lavf60.16.100")),
    "iphone.mov": mp4(in_moov=quicktime("com.apple.quicktime.make", "Apple"), brand=b"qt  "),
    "unmarked.png": saved(soft(), "PNG"),
    "other-mark.png": marked("01" * 24),
    "motion.jpg": jpeg(tail=mp4()),
}  # fmt: skip
"""Stripped twins, and files that look like more than they are: none of them gives a loud finding."""


def forged(name: str, data: bytes) -> bytes | None:
    """A camera's own file with the label of another written into it; None where the label is no segment of JPEG's."""
    if not name.endswith(".jpg") or b"http://ns.adobe.com" not in data:
        return None
    at = data.index(b"http://ns.adobe.com") - 4
    segment = data[at : at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")]
    own = camera()
    return own[:2] + segment + own[2:]


def recompressed(data: bytes) -> bytes:
    """What is left after a messenger: the picture alone."""
    with Image.open(BytesIO(data)) as image:
        return saved(Image.frombytes("RGB", image.size, image.convert("RGB").tobytes()), "JPEG", quality=75)
