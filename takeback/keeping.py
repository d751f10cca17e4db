"""Keeping a case: open it with a passphrase, add to it, read it back. Everything the store gets is sealed here first.

Ids and times come from the edge. An event is confirmed once the store has returned; adding one while another window
added one too is tried again on the new end of the chain, so nothing that a person did is dropped.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from takeback import casework, errors, vault
from takeback.permit import Exhibit
from takeback.terms import Address, Event

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from takeback.permit import Permit
    from takeback.store.cases import Store
    from takeback.terms import Account, Given, Situation

WITH_PASSPHRASE = "passphrase"  # noqa: S105  a recipient, not a secret
TRIES = 5
PERSON = "person"
SHORTEST = 10
"""Letters in a passphrase: short enough to type in a hurry, long enough that scrypt's slowness counts."""


@dataclass(frozen=True, slots=True)
class OpenCase:
    """A case whose key is in memory."""

    store: Store
    id: str
    key: vault.CaseKey

    def events(self) -> tuple[Event, ...]:
        """The case log, opened; CaseBroken where someone tampered with it."""
        links = self.store.links(self.id)
        casework.check(links)
        return tuple(casework.decode(self._open(link.sequence, link.sealed), link.sequence) for link in links)

    def state(self, at: datetime) -> casework.State:
        """What is known at a moment."""
        return casework.state(self.events(), at)

    def add(self, what: str, data: Mapping[str, object], at: datetime, actor: str = PERSON) -> None:
        """Add one event to the log."""
        body = casework.encode(Event(0, at, actor, what, data))
        for _ in range(TRIES - 1):
            try:
                return self._append(body)
            except errors.Moved:
                continue
        return self._append(body)

    def _append(self, body: bytes) -> None:
        head = self.store.head(self.id)
        sealed = vault.seal(self._context(head.sequence + 1), body, [self.key.recipient])
        self.store.append(self.id, sealed, head.hash)

    def _open(self, sequence: int, sealed: bytes) -> bytes:
        return vault.unseal(sealed, self._context(sequence), self.key)

    def _context(self, sequence: int) -> vault.Context:
        return vault.Context(self.id, "event", sequence)

    # ---------------------------------------------------------------- what a person adds

    def answer(self, situation: Situation, at: datetime) -> None:
        """A new version of the answers."""
        self.add("answers", casework.answers_data(situation), at)

    def say(self, account: Account, at: datetime) -> None:
        """A new version of the words."""
        self.add("words", casework.words_data(account), at)

    def point(self, address: Address, at: datetime) -> None:
        """An address, or a new version of one."""
        if not (address.url or address.account or address.note):
            raise errors.BadInput("Write an address, an account or a note first", "one of them is enough")
        self.add("address", casework.address_data(address), at)

    def keep(
        self, permit: Permit, chunks: Iterable[bytes], *, blob: str, name: str, kind: str, origin: str, at: datetime
    ) -> Exhibit:
        """A file as received: sealed as it arrives. `blob` is a fresh random id; the name is data, never a path."""
        kept = self.store.put_blob(self.id, blob, permit, chunks, [self.key.recipient])
        exhibit = Exhibit(
            ref=self.state(at).next_ref(),
            blob=blob,
            sha256=kept.sha256,
            sha512=kept.sha512,
            size=kept.size,
            received_at=at,
            origin=origin,
            original_name=name[:255],
            kind=kind,
            permit=permit,
        )
        self.add("exhibit", exhibit.data(), at)
        return exhibit


def check_passphrase(passphrase: str) -> None:
    """BadInput where a passphrase is too short to protect anything."""
    if len(passphrase.strip()) < SHORTEST:
        raise errors.BadInput(
            f"A passphrase needs at least {SHORTEST} letters", "four or five words that only you would put together"
        )


def new(store: Store, case: str, passphrase: str, given: Given, at: datetime) -> OpenCase:
    """A new case with a key of its own, wrapped for the passphrase, and its first events."""
    check_passphrase(passphrase)
    key = vault.new_key()
    store.create_case(case, {WITH_PASSPHRASE: vault.wrap_with_passphrase(key, passphrase)})
    opened = OpenCase(store, case, key)
    opened.add("opened", {}, at)
    opened.answer(given.situation, at)
    if given.account != type(given.account)():
        opened.say(given.account, at)
    return opened


def unlock(store: Store, case: str, passphrase: str, at: datetime) -> OpenCase:
    """An existing case; Locked where the passphrase does not open it."""
    wrapped = store.keys(case).get(WITH_PASSPHRASE)
    if wrapped is None:
        raise errors.Locked("This case can't be opened with a passphrase", "use its recovery sheet")
    opened = OpenCase(store, case, vault.unwrap_with_passphrase(wrapped, passphrase))
    opened.add("unlocked", {}, at)
    return opened
