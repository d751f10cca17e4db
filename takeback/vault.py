"""The vault: seal and open with age, and nothing else. Pure but for the randomness inside age itself.

Each case has its own X25519 key. That key is wrapped once a recipient, one age file each; a wrapped key is an
ordinary age identity file, so that `age -d -i key.age FILE` opens what we seal, without us. Small things are sealed
in an envelope: one line saying which case, which purpose and which item it is for, then the body, then padding, so
that the size tells little. age has no place for such a context, so it is inside the seal, and opening checks it: an
envelope that was swapped for another is refused.
"""

from __future__ import annotations

import json
import re
import unicodedata
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from queue import Full, Queue
from threading import Event, Thread
from typing import TYPE_CHECKING, BinaryIO

from takeback import errors
from takeback.chunks import Chunks

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator, Sequence

VERSION = 1
PAD = 1024
MAX_HEADER = 1024
SCRYPT = re.compile(rb"\n-> scrypt [^ \n]+ ([0-9]{1,9})\n")
MOST_WORK = 20
"""The most that a passphrase's key may ask for: 1 GiB of memory, as a power of two. age's own takes 16 to 18."""
SWAPPED = "This part of the case was changed or swapped outside Takeback, so it won't be used"
SWAPPED_HINT = "everything else is still there; open the case again, or use a package or copy you saved before"


@dataclass(frozen=True, slots=True)
class CaseKey:
    """A case's own age identity. Its secret never shows in a log or a traceback."""

    secret: str = field(repr=False)
    recipient: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Context:
    """What an envelope is for. `item` is the event's sequence number, or the blob's id."""

    case: str
    purpose: str
    item: int | str


# ---------------------------------------------------------------- keys


def new_key() -> CaseKey:
    """A new case key, from age's own randomness."""
    from pyrage import x25519  # noqa: PLC0415  (light modules import this one)

    identity = x25519.Identity.generate()
    return CaseKey(str(identity), str(identity.to_public()))


def key(secret: str) -> CaseKey:
    """The key of an age identity (`AGE-SECRET-KEY-1…`)."""
    from pyrage import IdentityError, x25519  # noqa: PLC0415

    try:
        identity = x25519.Identity.from_str(secret)
    except IdentityError as cause:
        raise errors.BadInput("This is not an age secret key", "it starts with AGE-SECRET-KEY-1") from cause
    return CaseKey(str(identity), str(identity.to_public()))


def identity(text: str) -> CaseKey:
    """The key of an identity file, as `age-keygen` writes it."""
    secret = next((line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")), "")
    return key(secret)


def wrap_with_passphrase(case_key: CaseKey, passphrase: str) -> bytes:
    """The key, sealed with a passphrase: an age identity file of its own. Slow by design."""
    return seal_with_passphrase(_identity_file(case_key), passphrase)


def unwrap_with_passphrase(wrapped: bytes, passphrase: str) -> CaseKey:
    """The key that `wrap_with_passphrase` sealed; raises `Locked` for a wrong passphrase."""
    return _from_identity_file(open_with_passphrase(wrapped, passphrase))


def wrap_to(case_key: CaseKey, recipient: str) -> bytes:
    """The key, sealed to an age recipient."""
    return seal_bytes(_identity_file(case_key), [recipient])


def unwrap(wrapped: bytes, with_key: CaseKey) -> CaseKey:
    """The key that `wrap_to` sealed to the recipient of `with_key`."""
    return _from_identity_file(open_bytes(wrapped, with_key))


def check_recipient(recipient: str) -> str:
    """The recipient, if it is one that age knows; otherwise `BadInput`."""
    _recipient(recipient)
    return recipient


def _identity_file(case_key: CaseKey) -> bytes:
    return f"# the key of a Takeback case; whoever has it can read the case\n{case_key.secret}\n".encode()


def _from_identity_file(text: bytes) -> CaseKey:
    lines = [line for line in text.decode("ascii", "replace").splitlines() if line and not line.startswith("#")]
    if len(lines) != 1:
        raise errors.BadFile(SWAPPED, SWAPPED_HINT)
    return key(lines[0])


def _normal(passphrase: str) -> str:
    """One spelling for letters that keyboards write in several ways."""
    return unicodedata.normalize("NFC", passphrase)


# ---------------------------------------------------------------- envelopes: small things


def seal(context: Context, body: bytes, recipients: Sequence[str]) -> bytes:
    """A body in its envelope, sealed."""
    plain = header(context, len(body)) + body
    return seal_bytes(plain + bytes(-len(plain) % PAD), recipients)


def unseal(sealed: bytes, context: Context, with_key: CaseKey) -> bytes:
    """The body of an envelope; raises `BadFile` where it is not the one that the context names."""
    head, _, rest = open_bytes(sealed, with_key).partition(b"\n")
    size = _size(head)
    if head + b"\n" != header(context, size) or len(rest) < size or rest[size:].strip(b"\0"):
        raise errors.BadFile(SWAPPED, SWAPPED_HINT)
    return rest[:size]


def header(context: Context, size: int | None = None) -> bytes:
    """The first line of everything sealed in a case."""
    says = {"takeback": VERSION, "case": context.case, "purpose": context.purpose, "item": context.item, "size": size}
    return json.dumps(says, sort_keys=True).encode() + b"\n"


def _size(head: bytes) -> int:
    try:
        size = json.loads(head)["size"]
    except (ValueError, KeyError, TypeError) as cause:
        raise errors.BadFile(SWAPPED, SWAPPED_HINT) from cause
    if not isinstance(size, int) or size < 0:
        raise errors.BadFile(SWAPPED, SWAPPED_HINT)
    return size


def seal_bytes(plain: bytes, recipients: Sequence[str]) -> bytes:
    """Bytes, sealed to age recipients, with no envelope."""
    import pyrage  # noqa: PLC0415

    return bytes(pyrage.encrypt(plain, [_recipient(one) for one in recipients]))


def open_bytes(sealed: bytes, with_key: CaseKey) -> bytes:
    """What `seal_bytes` sealed."""
    import pyrage  # noqa: PLC0415

    try:
        return bytes(pyrage.decrypt(sealed, [_identity(with_key)]))
    except (pyrage.DecryptError, OSError) as cause:
        raise errors.BadFile(SWAPPED, SWAPPED_HINT) from cause


def seal_with_passphrase(plain: bytes, passphrase: str) -> bytes:
    """Bytes, sealed with a passphrase. age has such a recipient stand alone, and pyrage has no stream for it."""
    from pyrage import passphrase as scrypt  # noqa: PLC0415

    if not passphrase.strip():
        raise errors.BadInput("This needs a passphrase", "choose a few words that only you would think of")
    return bytes(scrypt.encrypt(plain, _normal(passphrase)))


def open_with_passphrase(sealed: bytes, passphrase: str) -> bytes:
    """What `seal_with_passphrase` sealed; raises `Locked` for a wrong passphrase."""
    from pyrage import DecryptError  # noqa: PLC0415
    from pyrage import passphrase as scrypt  # noqa: PLC0415

    asks = SCRYPT.search(sealed)
    if asks and int(asks[1]) > MOST_WORK:
        raise errors.BadFile("This asks for more memory than a passphrase needs, so it was not opened", SWAPPED_HINT)
    try:
        return bytes(scrypt.decrypt(sealed, _normal(passphrase)))
    except (DecryptError, OSError) as cause:
        raise errors.Locked(
            "That passphrase doesn't open this",
            "look at capital letters and the keyboard's language, then try again; nothing is lost",
        ) from cause


def _recipient(text: str) -> object:
    from pyrage import RecipientError, x25519  # noqa: PLC0415

    try:
        return x25519.Recipient.from_str(text)
    except RecipientError as cause:
        raise errors.BadInput("This is not an age recipient", "it starts with age1, and has 62 characters") from cause


def _identity(with_key: CaseKey) -> object:
    from pyrage import x25519  # noqa: PLC0415

    return x25519.Identity.from_str(with_key.secret)


# ---------------------------------------------------------------- streams: files, never whole in memory


def seal_stream(chunks: Iterable[bytes], write: Callable[[bytes], object], recipients: Sequence[str]) -> None:
    """Seal chunks as they come, handing ciphertext to `write`. What either side raises comes out unchanged."""
    import pyrage  # noqa: PLC0415

    source, target = _Source(chunks), _Target(write)
    try:
        pyrage.encrypt_io(source, target, [_recipient(one) for one in recipients])
    except (pyrage.EncryptError, OSError) as cause:
        raise (source.failed or target.failed or cause) from None
    if target.failed:  # age drops a failure of its very last write
        raise target.failed


def sealed_stream(chunks: Iterable[bytes], recipients: Sequence[str]) -> Generator[bytes, None, None]:
    """Like `seal_stream`, as chunks of ciphertext to read; they are sealed in a thread, as fast as they are read."""
    return _pulled(lambda write: seal_stream(chunks, write, recipients))


def open_stream(sealed: BinaryIO, with_key: CaseKey) -> Generator[bytes, None, None]:
    """What `seal_stream` sealed, chunk by chunk, opened in a thread as fast as it is read."""
    return _pulled(lambda write: _open_into(sealed, with_key, write))


def _open_into(sealed: BinaryIO, with_key: CaseKey, write: Callable[[bytes], object]) -> None:
    import pyrage  # noqa: PLC0415

    try:
        pyrage.decrypt_io(sealed, _Target(write), [_identity(with_key)])
    except (pyrage.DecryptError, OSError) as cause:
        if isinstance(cause, OSError) and cause.errno is not None:  # the disk, not the seal
            raise
        raise errors.BadFile(SWAPPED, SWAPPED_HINT) from cause


def seal_in(context: Context, chunks: Iterable[bytes], write: Callable[[bytes], object], to: Sequence[str]) -> None:
    """Like `seal_stream`, with an envelope's first line before the chunks."""
    seal_stream(_after(header(context), chunks), write, to)


def open_in(context: Context, sealed: BinaryIO, with_key: CaseKey) -> Iterator[bytes]:
    """Like `open_stream`, for what `seal_in` sealed: the first line is checked and left out."""
    chunks, first = open_stream(sealed, with_key), b""
    while b"\n" not in first and len(first) < MAX_HEADER and (chunk := next(chunks, b"")):
        first += chunk
    head, _, rest = first.partition(b"\n")
    if head + b"\n" != header(context):
        chunks.close()
        raise errors.BadFile(SWAPPED, SWAPPED_HINT)
    if rest:
        yield rest
    yield from chunks


def _after(first: bytes, chunks: Iterable[bytes]) -> Iterator[bytes]:
    yield first
    yield from chunks


class _Source(Chunks):
    """Chunks that remember what went wrong while they were read."""

    failed: BaseException | None = None

    def read(self, size: int, /) -> bytes:
        try:
            return super().read(size)
        except BaseException as cause:
            self.failed = cause
            raise


class _Target:
    """A function, as something age can write to."""

    def __init__(self, write: Callable[[bytes], object]) -> None:
        self.give = write
        self.failed: BaseException | None = None

    def write(self, data: bytes) -> int:
        try:
            self.give(bytes(data))
        except BaseException as cause:
            self.failed = cause
            raise
        return len(data)

    def flush(self) -> None:
        """Nothing waits here."""


# ---------------------------------------------------------------- age pushes; who reads a stream pulls

_Item = bytes | BaseException | None


class _Stopped(Exception):
    """The reader of a stream has left."""


def _pulled(run: Callable[[Callable[[bytes], object]], object]) -> Generator[bytes, None, None]:
    """What `run` writes, as something to read. It runs in a thread that never gets far ahead, and ends with us."""
    queue, stop = Queue[_Item](maxsize=8), Event()
    thread = Thread(target=_pump, args=(run, partial(_put, queue, stop)), daemon=True)
    thread.start()
    try:
        while (got := queue.get()) is not None:
            if isinstance(got, BaseException):
                raise got
            yield got
    finally:
        stop.set()
        thread.join()


def _put(queue: Queue[_Item], stop: Event, item: _Item) -> None:
    """Hand over an item, unless nobody waits for it any more."""
    while not stop.is_set():
        try:
            return queue.put(item, timeout=0.2)
        except Full:
            continue
    raise _Stopped


def _pump(run: Callable[[Callable[[bytes], object]], object], put: Callable[[_Item], None]) -> None:
    """Run something into a queue; what goes wrong travels the same way."""
    with suppress(_Stopped):
        try:
            run(put)
            put(None)
        except BaseException as cause:  # noqa: BLE001  (handed to the reader, who raises it)
            put(cause)
