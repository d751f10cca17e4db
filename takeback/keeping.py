"""Keeping a case: open it with a passphrase, add to it, read it back. Everything the store gets is sealed here first.

Ids and times come from the edge. An event is confirmed once the store has returned; adding one while another window
added one too is tried again on the new end of the chain, so nothing that a person did is dropped.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from takeback import casework, errors, packs, permit, rules, vault
from takeback.permit import SORTS, Exhibit, Permit
from takeback.terms import Address, Event, Incident, Situation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime

    from takeback.store.cases import Store
    from takeback.terms import Account, Answer, Given

WITH_PASSPHRASE = "passphrase"  # noqa: S105  a recipient, not a secret
WITH_SHEET = "recovery"
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
        """What is known at `at`, which is now: all of the log, also where the clock was set back since.

        What a person said must not drop out because a clock was mended; the child rule hangs on it.
        """
        events = self.events()
        return casework.state(events, max([at, *(event.at for event in events)]))

    def add(self, what: str, data: Mapping[str, object], at: datetime, actor: str = PERSON) -> None:
        """Add one event to the log."""
        self._add(what, lambda: data, at, actor)

    def _add(self, what: str, make: Callable[[], Mapping[str, object]], at: datetime, actor: str = PERSON) -> None:
        """Add what `make` makes of the case as it is now; made anew where another window was quicker."""
        for turn in range(1, TRIES + 1):
            head = self.store.head(self.id)
            body = casework.encode(Event(0, at, actor, what, make()))
            sealed = vault.seal(self._context(head.sequence + 1), body, [self.key.recipient])
            try:
                self.store.append(self.id, sealed, head.hash)
            except errors.Moved:
                if turn == TRIES:
                    raise
            else:
                return

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
        if not (address.url or address.account or address.account_id or address.note):
            raise errors.BadInput("Write an address, an account or a note first", "one of them is enough")
        self.add("address", casework.address_data(address), at)

    def remember(self, incident: Incident, at: datetime) -> None:
        """An entry of the diary, or a new version of one."""
        if not incident.what.strip():
            raise errors.BadInput("Write what happened first", "a few words are enough")
        if not (incident.day or incident.about.strip()):
            raise errors.BadInput("Say when it happened", "a day, or about when: “in the spring”, “every evening”")
        _check_day(incident.day, at)
        self.add("incident", casework.incident_data(incident), at)

    def keep(
        self,
        permit: Permit,
        chunks: Iterable[bytes],
        *,
        blob: str,
        name: str,
        kind: str,
        origin: str,
        at: datetime,
        sort: str = "",
        handed_in_by: str = "",
        dated: str = "",
    ) -> Exhibit:
        """A file as received: sealed as it arrives. `blob` is a fresh random id; the name is data, never a path.

        `Refused`, and nothing of it kept, where answers that came while it arrived speak against it.
        """
        kept = self.store.put_blob(self.id, blob, permit, chunks, [self.key.recipient])

        def exhibit() -> Exhibit:
            known = self.state(at)
            _still(known.situation, permit)
            return Exhibit(
                ref=known.next_ref(),
                blob=blob,
                sha256=kept.sha256,
                sha512=kept.sha512,
                size=kept.size,
                received_at=at,
                origin=origin,
                original_name=name[:255],
                kind=kind,
                permit=permit,
                sort=sort if sort in SORTS else "",
                handed_in_by=handed_in_by,
                dated=dated,
            )

        try:
            self._add("exhibit", lambda: exhibit().data(), at)
        except (errors.Moved, errors.Refused):  # it is not in the log, so its bytes must not stay
            self.store.remove_blob(self.id, blob)
            raise
        return next(one for one in self.state(at).exhibits if one.blob == blob)

    def withdraw(self, ref: str, at: datetime) -> None:
        """Take a file out: the log remembers that it was there, and its bytes go from the disk."""
        if ref not in {one.ref for one in self.state(at).exhibits}:
            raise errors.BadInput("There is no such file in this case", "look at the list of files again")
        self.add("withdrawn", {"ref": ref}, at)
        self.tidy(at)

    def tidy(self, at: datetime) -> None:
        """Remove the bytes of every file that was taken out; one that is gone already is no fault."""
        for gone in self.state(at).withdrawn:
            self.store.remove_blob(self.id, gone.blob)


def _check_day(day: str, at: datetime) -> None:
    """BadInput where this is no day, or one that has not come yet anywhere on earth."""
    try:
        come = not day or date.fromisoformat(day) <= at.date() + timedelta(days=1)
    except ValueError as cause:
        raise errors.BadInput("This is not a day", "write it like 2026-05-03, or leave it out") from cause
    if not come:
        raise errors.BadInput("This day has not come yet", "a diary says what has happened; look at the date again")


# ---------------------------------------------------------------- the child rule, asked of a whole case


def closed(case: Situation) -> permit.Refusal | None:
    """Why a case takes no file at all, or None where one may be asked about."""
    return permit.closed(_settled(case))


def leave_for(case: Situation, file: Situation) -> Permit:
    """Leave to keep one file, from the answers of its case and those about the file; `Refused` where there is none."""
    if why := closed(case):
        raise why.error()
    return permit.ask(Situation(permit.about_file(_settled(case), file.answers)))


def held_back(state: casework.State) -> tuple[Exhibit, ...]:
    """Files that later answers speak against: they stay sealed, and are not opened, shown or packaged."""
    case = _settled(state.situation)
    return tuple(one for one in state.exhibits if _against(case, one.permit) is not None)


def _still(case: Situation, leave: Permit) -> None:
    """Raise `Refused` where leave that was given before is none under the answers of now."""
    if why := closed(case) or _against(_settled(case), leave):
        raise why.error()


def _against(settled: Mapping[str, Answer], leave: Permit) -> permit.Refusal | None:
    return permit.refusal(permit.about_file(settled, dict(leave.answers)))


def _settled(case: Situation) -> Mapping[str, Answer]:
    return rules.settle(case, packs.load().settles).answers


def store() -> Store:
    """The cases on this computer."""
    from takeback.store import data  # noqa: PLC0415  Django loads with the next line, and only where a case is kept
    from takeback.store.cases import Store  # noqa: PLC0415

    return Store(data.place())


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
    opened.tidy(at)
    return opened
