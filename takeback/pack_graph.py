"""Pack graph: a law's elements, a route's offers or the whole interview, drawn as a tree of "and" and "or" in SVG.

Pure, and no graph library: a node is as tall as what hangs on it, and stands in the middle beside it. The picture has a
title and a description, ink on paper, and no script, so that it opens and prints anywhere.
"""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from takeback import rule_words, rules
from takeback.errors import BadInput
from takeback.terms import All, Not
from takeback.terms import Any as AnyOf

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from takeback.pack_terms import Law, Packs, RoutePack
    from takeback.terms import Rule

PAPER, INK, ACTION, QUIET, ATTENTION = "#FBF8F3", "#17313B", "#0F6B66", "#D9D2C6", "#B4540A"
LINE, LETTER, PAD, GAP, ACROSS, MARGIN = 19, 7.6, 8, 10, 44, 24
"""Pixels: the height of a line, the width of a letter, air in a box, between boxes, between columns, around it all."""

WRAP = 34
"""Letters in a line of a box."""

LOOKS = {  # fill, edge, letters
    "root": (INK, INK, PAPER),
    "part": (PAPER, ACTION, INK),
    "join": (QUIET, QUIET, INK),
    "leaf": (PAPER, QUIET, INK),
    "court": (PAPER, ATTENTION, INK),
}


@dataclass(frozen=True, slots=True)
class Node:
    """One box, and what hangs on it."""

    look: str
    text: str
    below: tuple[Node, ...] = ()

    @property
    def lines(self) -> list[str]:
        """Its words, a line each."""
        return textwrap.wrap(self.text, WRAP)

    @property
    def width(self) -> float:
        """How wide its box is."""
        return max(map(len, self.lines)) * LETTER + 2 * PAD

    @property
    def own_height(self) -> int:
        """How tall its box is."""
        return len(self.lines) * LINE + 2 * PAD

    @property
    def height(self) -> int:
        """How much room it needs, with all that hangs on it."""
        return max(self.own_height, sum(node.height + GAP for node in self.below) - GAP)


def draw(name: str | None, packs: Packs) -> str:
    """A law or a route by its id as SVG; without one, the interview."""
    if name is None:
        return svg(
            interview(packs), "The interview: what is asked first, what is danger, what one answer says of others"
        )
    law, route = packs.laws.get(name), packs.routes.get(name)
    if law:
        return svg(_law(law), f"{law.id}, {law.title}: what the law needs")
    if route:
        return svg(_route(route), f"{route.id}, {route.name}: to whom it is offered")
    raise BadInput(
        f"there is no law or route called {name}",
        "`takeback packs list` shows them; without an id it draws the interview",
    )


# ---------------------------------------------------------------- what is drawn


def interview(packs: Packs) -> Node:
    """The opening, the dangers and the form logic."""
    opening = tuple(Node("leaf", f"{number}. {packs.facts[f].ask}") for number, f in enumerate(packs.opening, 1))
    settles = tuple(
        Node("part", f"{one.fact} is {_said(one.value)}, where", (_rule(one.when),)) for one in packs.settles
    )
    parts = (
        Node("part", "asked first, in this order", opening),
        Node("part", "someone is in danger now", (_rule(packs.immediate),)),
        Node("part", "danger to ask about", (_rule(packs.check),)),
        Node("part", "what one answer says of another", settles),
    )
    return Node("root", "The interview", tuple(part for part in parts if part.below))


def _law(law: Law) -> Node:
    version = law.versions[-1]
    elements = tuple(Node("part", element.need, (_rule(element.rule),)) for element in version.elements)
    unless = tuple(Node("part", f"unless ({one.then}): {one.id}", (_rule(one.when),)) for one in version.unless)
    return Node("root", f"{law.id}. {law.title}", (Node("join", "all of", elements), *unless))


def _route(route: RoutePack) -> Node:
    never = tuple(Node("part", f"never: {bar.because}", (_rule(bar.when),)) for bar in route.bars)
    offers = tuple(Node("part", f"{offer.rank}: {offer.because}", (_rule(offer.when),)) for offer in route.offers)
    return Node("root", f"{route.id}. {route.name}", (*never, Node("join", "the first that is true", offers)))


def _rule(rule: Rule) -> Node:
    match rule:
        case All(parts) | AnyOf(parts) if len(parts) > 1:
            return Node("join", "all of" if isinstance(rule, All) else "any of", tuple(map(_rule, parts)))
        case Not(All() | AnyOf() as part):
            return Node("join", "not", (_rule(part),))
    court = any(leaf.fact == rule_words.COURT for leaf in rules.leaves(rule))
    return Node("court" if court else "leaf", rule_words.line(rule))


def _said(answer: object) -> str:
    return " and ".join(answer) if isinstance(answer, tuple) else str(answer)


# ---------------------------------------------------------------- how it is drawn


def svg(root: Node, title: str) -> str:
    """A tree as one SVG document, read from left to right."""
    columns = _columns(root)
    width = columns[-1] - ACROSS + MARGIN
    height = root.height + 2 * MARGIN
    shapes = "\n".join(_shapes(root, 0, MARGIN, columns))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="title about" viewBox="0 0 {width:.0f} '
        f'{height}" width="{width:.0f}" height="{height}" font-family="system-ui, sans-serif" font-size="14">\n'
        f'<title id="title">{escape(title)}</title>\n<desc id="about">{escape(_spoken(root))}</desc>\n'
        f'<rect width="100%" height="100%" fill="{PAPER}"/>\n{shapes}\n</svg>\n'
    )


def _columns(root: Node) -> list[float]:
    """Where each column begins, and where the last one ends."""
    starts, level = [float(MARGIN)], [root]
    while level:
        starts.append(starts[-1] + max(node.width for node in level) + ACROSS)
        level = [below for node in level for below in node.below]
    return starts


def _shapes(node: Node, depth: int, top: float, columns: Sequence[float]) -> Iterator[str]:
    """A box, the lines to what hangs on it, and that."""
    left, middle = columns[depth], top + node.height / 2
    y = top + (node.height - sum(below.height + GAP for below in node.below) + GAP) / 2
    for below in node.below:
        yield _line(left + node.width, middle, columns[depth + 1], y + below.height / 2)
        yield from _shapes(below, depth + 1, y, columns)
        y += below.height + GAP
    yield _box(node, left, middle - node.own_height / 2)


def _line(x: float, y: float, to_x: float, to_y: float) -> str:
    bend = to_x - ACROSS / 2
    path = f"M{x:.1f} {y:.1f}H{to_x - ACROSS:.1f}C{bend:.1f} {y:.1f} {bend:.1f} {to_y:.1f} {to_x:.1f} {to_y:.1f}"
    return f'<path d="{path}" fill="none" stroke="{INK}" stroke-opacity="0.45"/>'


def _box(node: Node, left: float, top: float) -> str:
    fill, edge, ink = LOOKS[node.look]
    words = "".join(
        f'<tspan x="{left + PAD:.1f}" y="{top + PAD + LINE * (n + 0.75):.1f}">{escape(line)}</tspan>'
        for n, line in enumerate(node.lines)
    )
    return (
        f'<rect x="{left:.1f}" y="{top:.1f}" width="{node.width:.1f}" height="{node.own_height}" rx="6" fill="{fill}" '
        f'stroke="{edge}" stroke-width="1.5"/><text fill="{ink}">{words}</text>'
    )


def _spoken(node: Node) -> str:
    """The tree in words, for whoever does not see it."""
    if not node.below:
        return node.text
    return f"{node.text}: " + "; ".join(
        f"({_spoken(below)})" if below.below else _spoken(below) for below in node.below
    )
