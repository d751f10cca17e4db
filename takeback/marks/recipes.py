"""Recipes: how a picture was asked for, as Stable Diffusion's tools write it into the file. Text in, marks out.

Known: AUTOMATIC1111 and Forge (`parameters`), ComfyUI (`prompt`, `workflow`), InvokeAI (`invokeai_metadata`,
`sd-metadata`, `Dream`), NovelAI (`Comment` with `Software` NovelAI, or hidden in the pixels), Fooocus (`parameters` as
JSON, `fooocus_scheme`), Draw Things, and Midjourney's description. A graph is walked for its texts, never run.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from takeback.marks.mark import Mark, mark

if TYPE_CHECKING:
    from collections.abc import Mapping

LINE = re.compile(r"(?:^|\n)[^\S\n]*(?:Negative prompt:|Steps: \d+,)")
SETTINGS = re.compile(r"(?:^|, )(Steps|Sampler|Seed|Size|Model|Model hash|Version): ([^,\n]{1,80})")
MIDJOURNEY = re.compile(r"Job ID: [0-9a-f-]{36}")
PROMPTS = ("prompt", "positive_prompt", "negative_prompt", "uc", "c", "text", "text_g", "text_l", "full_prompt",
           "full_negative_prompt", "base_model", "model", "model_name", "sampler", "sampler_name", "steps", "seed",
           "noise_seed", "ckpt_name", "unet_name", "lora_name", "version", "scheduler", "width",
           "height", "strength")  # fmt: skip
NOVEL = "NovelAI"
MOST_NODES = 400
MOST_LINES = 30


def read(texts: Mapping[str, str]) -> list[Mark]:
    """The recipes in a picture's named texts; none where there are none."""
    found: list[Mark] = []
    if texts.get("fooocus_scheme") or _is_json(texts.get("parameters", "")):
        found += _listed("Fooocus", texts.get("parameters", ""))
    elif LINE.search(texts.get("parameters", "")):
        found += lines("AUTOMATIC1111 or a relative", texts["parameters"])
    if NOVEL in texts.get("Software", "") or NOVEL in texts.get("Source", ""):
        found += [
            mark("recipe", f"{NOVEL}: prompt", texts.get("Description", "")),
            *_listed(NOVEL, texts.get("Comment", "")),
        ]
    for key in ("invokeai_metadata", "sd-metadata", "invokeai_graph"):
        found += _listed("InvokeAI", texts.get(key, ""))
    if texts.get("Dream"):
        found.append(mark("recipe", "InvokeAI: prompt", texts["Dream"]))
    found += comfy(texts.get("prompt", ""))
    if not found:
        found += comfy(texts.get("workflow", ""))
    for key in ("Description", "ImageDescription"):
        if MIDJOURNEY.search(texts.get(key, "")):
            found.append(mark("recipe", "Midjourney: prompt", texts[key]))
    comment = texts.get("UserComment", "")
    if LINE.search(comment):
        found += lines("AUTOMATIC1111 or a relative", comment)
    elif _is_json(comment):
        found += comfy(comment) or _listed("a tool", comment)
    return [one for one in found if one.text][:MOST_LINES]


def lines(tool: str, text: str) -> list[Mark]:
    """The recipe that AUTOMATIC1111 writes: the prompt, what to avoid, then settings."""
    asked, _, rest = re.sub(r"\r\n?", "\n", text).partition("\nNegative prompt:")
    avoid, _, settings = rest.partition("\nSteps:")
    if not rest:
        asked, _, settings = asked.partition("\nSteps:")
    settings = f"Steps:{settings}"
    return [
        mark("recipe", f"{tool}: prompt", asked),
        mark("recipe", f"{tool}: negative prompt", avoid),
        *(mark("recipe", f"{tool}: {name}", value) for name, value in SETTINGS.findall(settings)),
    ]


def comfy(text: str) -> list[Mark]:
    """The texts and settings in a ComfyUI graph, in either of the two forms that it writes."""
    graph = loaded(text)
    nodes = graph.get("nodes", list(graph.values())) if isinstance(graph, dict) else None
    if not isinstance(nodes, list):
        return []
    found: list[Mark] = []
    kinds: list[str] = []
    for node in nodes[:MOST_NODES]:
        if not isinstance(node, dict) or not isinstance(kind := node.get("class_type", node.get("type")), str):
            continue
        kinds.append(kind)
        found += _node(kind, node)
    if not kinds:
        return []
    return [mark("recipe", "ComfyUI: steps of the graph", ", ".join(dict.fromkeys(kinds))), *found]


def _node(kind: str, node: Mapping[str, Any]) -> list[Mark]:
    inputs = node.get("inputs")
    if isinstance(inputs, dict):
        return [
            mark("recipe", f"ComfyUI: {kind} {name}", str(value))
            for name, value in inputs.items()
            if name in PROMPTS and isinstance(value, str | int | float) and str(value)
        ]
    values = node.get("widgets_values")
    texts = [one for one in values if isinstance(one, str) and len(one) > 3] if isinstance(values, list) else []
    return [mark("recipe", f"ComfyUI: {kind}", one) for one in texts]


def _listed(tool: str, text: str) -> list[Mark]:
    """The prompts and settings of a JSON object, also one level down."""
    said = loaded(text)
    if not isinstance(said, dict):
        return []
    inner = said.get("image")
    if isinstance(inner, dict):
        said = {**inner, **{name: value for name, value in said.items() if name != "image"}}
    found = []
    for name, value in said.items():
        if isinstance(value, dict | list) and name == "prompt":
            value = json.dumps(value, ensure_ascii=False)  # noqa: PLW2901  InvokeAI 2 lists its prompts
        if str(name).lower().replace(" ", "_") in PROMPTS and isinstance(value, str | int | float) and str(value):
            found.append(mark("recipe", f"{tool}: {name}", str(value)))
        elif isinstance(value, dict) and isinstance(value.get("model_name", value.get("name")), str):
            found.append(mark("recipe", f"{tool}: {name}", str(value.get("model_name", value.get("name")))))
    return found or ([mark("recipe", f"{tool}: metadata", text)] if said else [])


def _is_json(text: str) -> bool:
    return isinstance(loaded(text), dict)


def loaded(text: str) -> Any:
    """JSON that a stranger wrote; None where it is none."""
    if not text.lstrip().startswith("{"):
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
