"""Declarations: what somebody wrote into a file about how it was made. "Labelled as", never "made by"."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from takeback.provenance import names, source_types
from takeback.provenance.finding import Finding, Method, Quote

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from takeback.marks import Mark
    from takeback.seen import Seen

LIMITS = (
    "Nobody signed this. Anybody can write it into any file, also into a real recording, and anybody can remove it. It "
    "shows that somebody labelled the file so, not what made it."
)
RECIPE_LIMITS = (
    "Nobody signed this. Such tools write it by themselves, also when they only enlarge or change a real photo; "
    "anybody can write it by hand or remove it. It does not show who used the tool."
)
CHINA_LIMITS = (
    "Services in China must write this label since September 2025, and some sites add it by themselves. Nobody signed "
    "it: anybody can write it into any file, and anybody can remove it."
)
CAMERA_LIMITS = (
    "Anybody can write these lines, and most apps remove them. They do not show that the picture is genuine."
)

AI_FIELDS = ("AISystemUsed", "AISystemVersionUsed", "AIPromptInformation", "AIPromptWriterName")
CAREFUL = "AIPromptInformation"
LABELS = {"1": "as made with AI", "2": "as possibly made with AI", "3": "as suspected to be made with AI"}
CAMERA = ("Make", "Model", "DateTimeOriginal", "DateTime", "LensModel", "Software", "GPSLatitude", "HostComputer")
SAYS_CAMERA = ("com.apple.quicktime.make", "com.apple.quicktime.model", "com.android.manufacturer", "com.android.model")
CUT = 600
"""Letters of one quote."""


def findings(seen: Seen) -> Iterator[Finding]:
    """Every declaration, those that speak of AI first."""
    yield from _source_types(seen)
    yield from _ai_fields(seen)
    yield from _recipes(seen)
    yield from _china(seen)
    yield from _tools(seen)
    yield from _samsung(seen)
    yield from _camera(seen)


def quotes(marks: Iterable[Mark]) -> tuple[Quote, ...]:
    """Marks as quotes, each by the place and the name under which it stands."""
    return tuple(Quote(f"{one.where} {one.name}", one.text[:CUT]) for one in marks)


def _source_types(seen: Seen) -> Iterator[Finding]:
    for one in seen.texts("xmp"):
        if "DigitalSourceType" not in one.name and "digitalSourceType" not in one.name:
            continue
        if meant := source_types.of(one.text):
            sort, words = meant
            id_ = {"ai": "labelled-ai", "part-ai": "labelled-part-ai", "camera": "labelled-camera"}.get(
                sort, "labelled"
            )
            loud = sort in ("ai", "part-ai")
            yield Finding(
                id_, "declarations", "declared", f"This file is labelled as {words}.", LIMITS, quotes([one]), loud=loud
            )


def _ai_fields(seen: Seen) -> Iterator[Finding]:
    marks = [one for one in seen.texts("xmp") if any(one.name.endswith(f":{name}") for name in AI_FIELDS)]
    if marks:
        says = "This file has a label that names an AI system or how it was asked."
        careful = any(CAREFUL in one.name for one in marks)
        yield Finding("labelled-ai-fields", "declarations", "declared", says, LIMITS, quotes(marks), care=careful)


def _recipes(seen: Seen) -> Iterator[Finding]:
    marks = seen.texts("recipe")
    if not marks and seen.texts("hidden"):
        says = "A text is hidden in the lowest bits of the pixels, in the way that picture-making tools use."
        yield Finding(
            "hidden-text", "hidden-text", "declared", says, RECIPE_LIMITS, quotes(seen.texts("hidden")), care=True
        )
    if marks:
        tool = marks[0].name.partition(":")[0]
        where = ", hidden in its pixels" if seen.texts("hidden") else ""
        says = (
            f"This file carries a recipe{where}: words and settings that somebody gave to an AI picture tool ({tool})."
        )
        method: Method = "hidden-text" if seen.texts("hidden") else "recipes"
        yield Finding("recipe", method, "declared", says, RECIPE_LIMITS, quotes(marks), care=True)


def _china(seen: Seen) -> Iterator[Finding]:
    marks = [one for one in seen.marks if _is_china(one)]
    if not marks:
        return
    label = next((found for one in marks if (found := _label(one.text))), "")
    words = LABELS.get(label, "with a code that we do not know")
    says = f"This file carries China's label for AI content, and is labelled {words}."
    yield Finding("labelled-china", "declarations", "declared", says, CHINA_LIMITS, quotes(marks))


def _is_china(one: Mark) -> bool:
    if one.name.startswith("TC260:AIGC") or "TC260" in one.name:
        return True
    if one.name.rpartition(" ")[2].rpartition(".")[2] in ("AIGC", "aigc", "aigc_info"):
        return True
    return (
        one.name in ("ImageDescription", "UserComment", "XPComment") and '"AIGC"' in one.text and '"Label"' in one.text
    )


def _label(text: str) -> str:
    """The code in a label: JSON, at its top or under AIGC."""
    try:
        said = json.loads(text)
        said = said.get("AIGC", said)
        return str(said.get("Label", ""))
    except (ValueError, AttributeError, RecursionError):
        return ""


def _tools(seen: Seen) -> Iterator[Finding]:
    found = list(names.named(seen))
    if found:
        tools = ", ".join(dict.fromkeys(name for _, name in found))
        says = f"This file names a tool that makes or changes media with AI: it is labelled as from {tools}."
        yield Finding(
            "names-a-tool", "declarations", "declared", says, LIMITS, quotes(names.short(*one) for one in found)
        )


def _samsung(seen: Seen) -> Iterator[Finding]:
    marks = [one for one in seen.texts("trailer") if one.name == "Samsung genAIType"]
    if marks and marks[0].text != "0":
        says = "A Samsung phone's notes in this file label it as changed with the phone's AI tools."
        yield Finding("labelled-samsung", "declarations", "declared", says, LIMITS, quotes(marks))


def _camera(seen: Seen) -> Iterator[Finding]:
    marks = [one for one in seen.texts("exif") if one.name in CAMERA]
    marks += [one for one in seen.texts("mp4") if one.name in SAYS_CAMERA]
    if any(one.name in ("Make", "Model", *SAYS_CAMERA) for one in marks):
        says = "This file names a camera or a phone, and perhaps when it was used."
        if any(one.name == "GPSLatitude" for one in marks):
            says += " It also holds a place: if it is your own file, think of that before you share it."
        yield Finding("camera", "declarations", "declared", says, CAMERA_LIMITS, quotes(marks), loud=False)
