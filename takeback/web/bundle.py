"""Bundle: several of our ES modules as one plain script, for the one file that has no addresses to import from. Pure.

Each module becomes a function that is called once, in the order in which they need each other; what it exports is an
object. It knows the few forms in which our modules are written, and refuses any other rather than guess.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

IMPORT = re.compile(r'^import \{([^}]*)\} from "\./([\w-]+\.js)";$', re.MULTILINE)
EXPORT = re.compile(r"^export (?=(?:async )?(?:function|const|class) (\w+))", re.MULTILINE)
UNKNOWN = re.compile(r"^(?:import|export)\b.*|.*\bimport(?:\.meta|\().*", re.MULTILINE)


def bundle(modules: Mapping[str, str], entries: Sequence[str]) -> str:
    """One script that runs the entries in this order, each module that they need before them.

    ValueError names the module, and the line in it that is of a form which this does not know.
    """
    needed: list[str] = []
    for entry in entries:
        _add(entry, modules, needed, ())
    return '"use strict";\n' + "\n".join(_wrapped(name, modules[name]) for name in needed)


def _add(name: str, modules: Mapping[str, str], needed: list[str], above: tuple[str, ...]) -> None:
    if name in above:
        raise ValueError(f"{name} needs itself, by way of {' and '.join(above)}")
    for _, other in IMPORT.findall(modules[name]):
        _add(other, modules, needed, (*above, name))
    if name not in needed:
        needed.append(name)


def _wrapped(name: str, text: str) -> str:
    body = IMPORT.sub(lambda found: f"const {{{found[1].replace(' as ', ': ')}}} = {_holder(found[2])};", text)
    exported = EXPORT.findall(body)
    body = EXPORT.sub("", body)
    if unknown := UNKNOWN.search(body):
        raise ValueError(f"{name}: {unknown[0].strip()}")
    return f"const {_holder(name)} = (() => {{\n{body}\nreturn {{ {', '.join(exported)} }};\n}})();"


def _holder(name: str) -> str:
    """What a module's object is called: grid.js is $grid."""
    return "$" + name.removesuffix(".js").replace("-", "_")
