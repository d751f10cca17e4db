"""Recipients: what opens a case: the person's passphrase and, if they choose, a printed recovery sheet.

Each is the case's key, wrapped once. Changing one wraps the key anew and touches neither the log nor a file: nothing is
ever sealed a second time. Whoever sits at an open case changes nothing without its passphrase or its sheet.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from takeback import errors, recovery, vault
from takeback.keeping import WITH_PASSPHRASE, WITH_SHEET, OpenCase, check_passphrase
from takeback.words import later

if TYPE_CHECKING:
    from datetime import datetime

    from takeback.store.cases import Store

CHANGES = later(("new passphrase", "new sheet", "no sheet", "opened with the sheet"))
NEW_PASSPHRASE, NEW_SHEET, NO_SHEET, BY_SHEET = CHANGES
"""What the log says of a change."""


def has_sheet(case: OpenCase) -> bool:
    """Whether a recovery sheet opens this case."""
    return WITH_SHEET in case.store.keys(case.id)


def change_passphrase(case: OpenCase, old: str, new: str, at: datetime) -> None:
    """Another passphrase; the old one opens nothing from now on. Locked where the old one is wrong."""
    check_passphrase(new)
    _prove(case, old)
    case.store.set_key(case.id, WITH_PASSPHRASE, vault.wrap_with_passphrase(case.key, new))
    case.add("key", {"name": NEW_PASSPHRASE}, at)


def make_sheet(case: OpenCase, passphrase: str, chance: bytes, at: datetime) -> tuple[str, ...]:
    """The words of a new recovery sheet, from `recovery.BYTES` of chance. An earlier sheet opens nothing more."""
    _prove(case, passphrase)
    words = recovery.words(chance)
    case.store.set_key(case.id, WITH_SHEET, vault.wrap_with_passphrase(case.key, recovery.phrase(words)))
    case.add("key", {"name": NEW_SHEET}, at)
    return words


def drop_sheet(case: OpenCase, passphrase: str, at: datetime) -> None:
    """No sheet opens this case from now on."""
    _prove(case, passphrase)
    case.store.drop_key(case.id, WITH_SHEET)
    case.add("key", {"name": NO_SHEET}, at)


def recover(store: Store, case: str, typed: str, new: str, at: datetime) -> OpenCase:
    """A case, opened with its recovery sheet, and a new passphrase for it. The sheet goes on working."""
    check_passphrase(new)
    wrapped = store.keys(case).get(WITH_SHEET)
    if wrapped is None:
        raise errors.Locked("No recovery sheet was made for this case", "only its passphrase opens it")
    try:
        key = vault.unwrap_with_passphrase(wrapped, recovery.read(typed))
    except errors.Locked as cause:
        raise errors.Locked(
            "This sheet is not of this case", "is it an older sheet, or that of another case?"
        ) from cause
    opened = OpenCase(store, case, key)
    store.set_key(case, WITH_PASSPHRASE, vault.wrap_with_passphrase(key, new))
    opened.add("key", {"name": BY_SHEET}, at)
    opened.tidy(at)
    return opened


def _prove(case: OpenCase, passphrase: str) -> None:
    """Locked where this is not the passphrase of an open case."""
    wrapped = case.store.keys(case.id)[WITH_PASSPHRASE]
    if vault.unwrap_with_passphrase(wrapped, passphrase) != case.key:
        raise errors.Locked("That passphrase opens another case", "try again; nothing was changed")
