"""Names of tools that make or change pictures, sound and video with AI, as they write themselves into files.

Gathered from files and from public lists (2026-11-24). A name proves nothing: anybody can write it. Only the fields in
which programs name themselves are searched, whole words only, so that a singer called Luma is no finding.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from takeback.marks import Mark
    from takeback.seen import Seen

TOOLS = r"""
Midjourney; DALL[-·]?E ?[23]?; ChatGPT; OpenAI; gpt-image(?:-[\d.]+)?; Sora; Stable ?Diffusion; Stability AI
DreamStudio; ComfyUI; InvokeAI; NovelAI; AUTOMATIC1111; Fooocus; Draw Things; Adobe Firefly; Firefly; Imagen ?[2-9]?
Nano Banana; Google AI; Gemini; Veo ?[2-9]?; Grok; xAI; Ideogram; Leonardo\.?A[Ii]; Bing Image Creator
Image Creator from Designer; FLUX(?:[. ]?\d)?; Black Forest Labs; Kling(?: ?AI)?; Jimeng; Doubao; Seedream; Seedance
Qwen; Wan2; Hailuo; MiniMax; Runway(?:ML)?; Pika(?: Labs)?; Luma AI; Dream Machine; HeyGen; Synthesia; D-ID
Suno(?: ?AI)?; Udio; ElevenLabs; Resemble(?: ?AI)?; PlayHT; Murf; Recraft; Krea; NightCafe; DeepFaceLab; DeepFaceLive
FaceFusion; roop; FaceSwap; Reface; Apple Image Playground; Image Playground; Apple Photos Clean Up; Magic Editor; Reve
Higgsfield; Meta AI
"""
"""One pattern each; where two fit, the first counts."""

PATTERNS = tuple(one for line in TOOLS.split("\n") for one in line.split("; ") if one)
TOOL = re.compile(r"(?<![\w@.-])(?:" + "|".join(PATTERNS) + r")(?![\w@])")

SHORT = 80

NAMED = {
    "exif": ("Software", "ProcessingSoftware", "HostComputer", "Make", "Model"),
    "xmp": ("xmp:CreatorTool", "photoshop:Credit", "tiff:Software", "tiff:Make", "softwareAgent",
            "Iptc4xmpExt:AISystemUsed"),
    "iptc": ("OriginatingProgram", "Credit"),
    "png": ("Software", "Source", "Comment", "Generator", "generator", "Creator", "hf-job-id"),
    "mp4": ("(c)too", "(c)swr", "encoder", "software", "com.apple.quicktime.software", "handler", "(c)cmt", "comment"),
    "id3": ("TSSE", "TENC", "COMM", "TXXX"),
    "riff": ("ISFT", "ICMT"),
    "vorbis": ("ENCODER", "COMMENT", "vendor"),
    "matroska": ("MuxingApp", "WritingApp", "ENCODER", "COMMENT"),
    "comment": ("COM", "comment"),
}  # fmt: skip
"""Where a program names itself: a mark's name starts or ends with one of these."""


def named(seen: Seen) -> Iterator[tuple[Mark, str]]:
    """The marks in which a tool names itself, and the name."""
    for one in seen.marks:
        if field(one) and (found := TOOL.search(one.text)):
            yield one, found[0]


def field(one: Mark) -> bool:
    """Whether a mark stands where programs name themselves."""
    return any(one.name.startswith(name) or one.name.endswith((f":{name}", f"/{name}")) or f"/{name}" in one.name
               for name in NAMED.get(one.where, ()))  # fmt: skip


def short(one: Mark, tool: str) -> Mark:
    """A mark to quote: as it is where it is short, or else the tool's name alone. A long text may hold a prompt."""
    return one if len(one.text) <= SHORT else replace(one, text=tool)
