"""Django, configured in one place, for the store alone or for the web edge that adds its own to it.

There is no default database: each data folder becomes a database of its own, so nothing can be written by accident.
SQLite runs with a write-ahead log, a full sync at every commit, and deleted pages overwritten; its temporary things
stay in memory.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import django
from django.conf import settings
from django.db import connections

from takeback.store import disk

if TYPE_CHECKING:
    from pathlib import Path

PRAGMAS = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; PRAGMA temp_store=MEMORY; "
    "PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON;"
)


def configure(**more: object) -> None:
    """Configure Django once. The web edge adds settings of its own, also where the store came first."""
    if settings.configured:
        for name, value in more.items():
            setattr(settings, name, value)
        return
    mine = {"DATABASES": {"default": {}}, "INSTALLED_APPS": ["takeback.store"], "USE_TZ": True, "LOGGING_CONFIG": None}
    settings.configure(**{**mine, **more})
    django.setup()


def database(folder: Path) -> str:
    """The alias of a data folder's database, which is made if it was missing."""
    configure()
    alias, file = str(folder), folder / "cases.sqlite3"
    with disk.spoken():
        os.close(os.open(file, os.O_RDWR | os.O_CREAT | disk.nofollow(), 0o600))
    if alias not in connections.databases:
        options = {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": PRAGMAS}
        one = {"ENGINE": "django.db.backends.sqlite3", "NAME": str(file), "OPTIONS": options}
        connections.databases[alias] = connections.configure_settings({"default": {}, alias: one})[alias]
    return alias
