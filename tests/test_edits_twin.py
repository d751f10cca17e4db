"""The browser's edits are Python's: the same views with the same names, and pictures that hash the same."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable

import pytest
from hostile import photo
from PIL import Image, ImageOps
from test_edits import as_picture

from takeback import edits, likeness, media, pixels, signals
from takeback.terms import Signal

SHAPES = [(630, 420), (420, 630), (512, 512), (1000, 91), (33, 700), (5, 5), (1024, 768), (997, 613)]


def test_the_views_are_the_same_in_every_shape(node: Callable[[str], str]) -> None:
    code = f"""
    import {{ box, views }} from './edits.js';
    console.log(JSON.stringify({json.dumps(SHAPES)}.map(([w, h]) => views(w, h).map((v) => [v.name, v.fill, v.turn, box(v, w, h)]))))"""
    ours = [
        [[view.name, view.fill, view.turn, list(edits.box(view, *shape))] for view in edits.views(*shape)]
        for shape in SHAPES
    ]
    assert json.loads(node(code)) == ours


@pytest.mark.parametrize("kind", ["plain", "large", "framed"])
def test_what_they_look_like_hashes_the_same(kind: str, node: Callable[[str], str]) -> None:
    seen = {
        "plain": photo(150, 220, 4),
        "large": photo(700, 1301, 5),
        "framed": ImageOps.expand(photo(200, 150, 6), 12, "white"),
    }[kind]
    code = f"""
    import {{ edited, shrunk }} from './edits.js';
    const rgba = new Uint8ClampedArray(Buffer.from('{base64.b64encode(seen.convert("RGBA").tobytes()).decode()}', 'base64'));
    const all = [...edited(shrunk(rgba, {seen.width}, {seen.height}))];
    console.log(JSON.stringify(all.map(({{ name, picture: p }}) =>
      [name, p.width, p.height, Buffer.from(p.pixels.buffer).toString('base64')])))"""
    theirs = json.loads(node(code))
    ours = list(pixels.edited(as_picture(seen)))
    assert [name for name, *_ in theirs] == [name for name, _ in ours]
    for (name, width, height, raw), (_, picture) in zip(theirs, ours, strict=True):
        assert (width, height) == (picture.cols, picture.rows), name
        mine = Image.frombytes("RGBA", (width, height), base64.b64decode(raw)).convert("RGB")
        one, other = (media.signals(p.rgb, p.rows, p.cols)[0].value for p in (as_picture(mine), picture))
        assert signals.distance(one, other) <= 6, name


def test_likeness_is_told_in_the_same_way(node: Callable[[str], str]) -> None:
    none, few, many = "0" * 64, f"{(1 << 31) - 1:064x}", f"{(1 << 32) - 1:064x}"
    whole = {"quality": 90, "sha256": None, "edits": []}
    cases = [
        ({"value": none, **whole}, {"value": few, **whole}),
        ({"value": none, **whole}, {"value": many, **whole}),
        ({"value": none, **whole}, {"value": "f" * 64, **whole, "edits": [{"name": "mirrored", "value": few}]}),
        ({"value": none, **whole, "quality": 49}, {"value": none, **whole}),
        ({"value": none, **whole, "sha256": "ab"}, {"value": many, **whole, "sha256": "ab"}),
    ]
    code = f"""
    import {{ compare }} from './likeness.js';
    console.log(JSON.stringify({json.dumps(cases)}.map(([a, b]) => compare(a, b).same)))"""

    def ours(one: dict[str, object]) -> list[Signal]:
        mine = [Signal("pdq", one["value"], one["quality"], signals.WHOLE)]
        mine += [Signal("pdq", edit["value"], 90, edit["name"]) for edit in one["edits"]]
        return mine + ([Signal("sha256", one["sha256"])] if one["sha256"] else [])

    said = [likeness.compare(ours(one), ours(other)).same for one, other in cases]
    assert json.loads(node(code)) == said == [True, False, True, None, True]
