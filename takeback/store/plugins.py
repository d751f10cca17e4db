"""Plug-ins that are installed on this computer: found by their entry point, read and hashed before any of them runs.

The manifest, `takeback.toml`, lies in the package that the entry point names, beside its code. It lists the SHA-256 of
every other file that the distribution installed into that package: code and weights that differ from what was
calibrated are refused, and so is a file that the list does not know.
"""

from __future__ import annotations

import hashlib
import os
import sys
from importlib import metadata
from importlib.machinery import PathFinder
from pathlib import Path
from typing import TYPE_CHECKING

from takeback import plugins
from takeback.plugins import GROUPS, Found, Refused
from takeback.store import data

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from takeback.plugins import Group, Manifest

VARIABLE = "TAKEBACK_PLUGINS"
"""Names a folder of plug-ins, in which `pip install --target` put them; otherwise `plugins` in the data folder."""

MANIFEST = "takeback.toml"
MOST = 2 << 30
"""Bytes of one file of a plug-in."""


def found(name: str, on: date, environment: Mapping[str, str] = os.environ) -> Found:
    """The plug-in of this name, ready to be run on this day. Raises `Refused`."""
    named = environment.get(VARIABLE)
    folder = str(Path(named).expanduser() if named else data.place(environment) / "plugins")
    path = [*sys.path, folder]
    group, point, distribution = _installed(name, path)
    try:
        made = _read(point, distribution, path, on)
    except Refused as cause:
        cause.group = group
        raise
    return Found(group, made, point.value, folder)


def _read(point: metadata.EntryPoint, distribution: metadata.Distribution, path: list[str], on: date) -> Manifest:
    package = point.module.partition(".")[0]
    top = Path(str(distribution.locate_file(package)))
    _own(package, top, path)
    files = _files(top)
    manifest = files.pop(f"{package}/{MANIFEST}", None)
    if manifest is None or not manifest.is_file():
        raise Refused("it has no manifest")
    with manifest.open("rb") as file:
        made = plugins.read(file.read(plugins.MOST_MANIFEST + 1), point.name, distribution.version, on)
    _same(made, files)
    return made


def _installed(name: str, path: list[str]) -> tuple[Group, metadata.EntryPoint, metadata.Distribution]:
    known = {
        (group, point.value): (group, point, one)
        for one in metadata.distributions(path=path)
        for group in GROUPS
        for point in one.entry_points.select(group=group, name=name)
    }
    if not known:
        raise Refused("no plug-in of this name is installed")
    if len(known) > 1:
        raise Refused("more than one plug-in has this name")
    return next(iter(known.values()))


def _own(package: str, top: Path, path: list[str]) -> None:
    """Importing the package must run the files that are hashed, and no others of the same name."""
    spec = PathFinder.find_spec(package, path)
    origin = Path(spec.origin) if spec and spec.origin else None
    if package in sys.stdlib_module_names or origin is None or origin.parent.resolve() != top.resolve():
        raise Refused("it is no package of its own")


def _files(top: Path) -> dict[str, Path]:
    """What lies in the package now, as the manifest calls it, whoever put it there. Compiled twins are never loaded."""
    below = (one for one in top.rglob("*") if one.is_symlink() or one.is_file())
    named = {one.relative_to(top.parent).as_posix(): one for one in below}
    return {name: one for name, one in named.items() if "__pycache__" not in name.split("/")}


def _same(manifest: Manifest, files: dict[str, Path]) -> None:
    if files.keys() != manifest.files.keys():
        raise Refused("its files are not those that its manifest lists")
    for name, path in files.items():
        if path.is_symlink() or path.stat().st_size > MOST:
            raise Refused("its files are not those that its manifest lists")
        with path.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != manifest.files[name]:
                raise Refused("the hash of a file is not the one in its manifest")
