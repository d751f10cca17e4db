"""The stamp: an RFC 3161 token over a package's tag manifest. Builds the question, and checks the answer. Pure.

Only the SHA-256 of the tag manifest is in the question, and a number that belongs to it alone. An answer counts where
its signature holds, its signer's certificate is one for time-stamping, and a root that the caller trusts vouches for
it at the time that it names. The certificates that come with an answer are never trusted for being there.
"""

from __future__ import annotations

import hashlib
import warnings
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from takeback import bag, errors
from takeback.evidence import form, how
from takeback.evidence.form import STAMPED
from takeback.terms import Part
from takeback.words import later

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cryptography.x509 import Certificate

__all__ = ["STAMPED", "Request", "Stamp", "check", "request", "roots", "stamped"]

SHA256 = "2.16.840.1.101.3.4.2.1"
UNTRUSTED = later(
    "it has a stamp by {by}, for which nobody vouches whom this computer trusts, so its time does not count"
)
LARGEST = 64 << 10
"""The largest answer that is looked at; real ones have 1 to 8 kB."""

NOT_ONE = later("is not a whole time-stamp")
OTHER = later("is not over this package's tag manifest: one of the two was changed or replaced")
FORGED = later("does not hold: its signature, or a certificate in it, was changed or forged")


class Unfit(errors.BadInput):
    """An answer that is no stamp over this package. `reason` continues a sentence about it."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"The time-stamping authority's answer {reason}", "try again, or choose another authority")
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Request:
    """A question to an authority: its DER bytes, and the number that the answer must repeat."""

    der: bytes
    nonce: int


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a stamp that holds says: its time, who signed it, and the root that vouches for them, as PEM."""

    at: datetime
    by: str
    root: bytes


def request(tag_manifest: bytes) -> Request:
    """The question whose answer stamps a tag manifest. The number in it is rfc3161-client's own random one."""
    from rfc3161_client import HashAlgorithm, TimestampRequestBuilder  # noqa: PLC0415

    made = TimestampRequestBuilder().data(tag_manifest).hash_algorithm(HashAlgorithm.SHA256).build()
    return Request(made.as_bytes(), int(made.nonce or 0))


def roots(pem: bytes) -> tuple[Certificate, ...]:
    """The certificates in a PEM text; BadInput where there is none."""
    from cryptography.x509 import load_pem_x509_certificates  # noqa: PLC0415

    try:
        with warnings.catch_warnings(action="ignore"):
            return tuple(load_pem_x509_certificates(pem))
    except Exception as cause:
        raise errors.BadInput(
            "The authority's certificate can't be read", "it is a text that starts with -----BEGIN CERTIFICATE-----"
        ) from cause


def stamped(
    tag_manifest: bytes, answer: bytes, asked: Request, trusted: bytes, made_at: datetime
) -> tuple[Stamp, tuple[Part, ...]]:
    """What an authority's answer says, and the parts of the stamp/ folder.

    Raises `Unfit` for an answer that does not hold, and BadInput where nobody that is trusted vouches for it or this
    computer's clock (`made_at`) is ahead of the authority's.
    """
    found = check(answer, tag_manifest, roots(trusted), asked.nonce)
    if found is None:
        raise errors.BadInput(
            "Nobody whom this computer trusts vouches for that authority, so its stamp was not taken",
            "get the authority's own root certificate and give it too",
        )
    if made_at > found.at + form.SLACK:
        raise errors.BadInput(
            "This computer's clock is ahead of the authority's, so the stamp was not taken",
            "set the clock right, then make the package again",
        )
    files = {form.TOKEN: answer, form.AUTHORITY: found.root, form.SAYS: words(found)}
    files[form.SUMS] = sums({path: bag.sums(data) for path, data in files.items()})
    return found, tuple(Part.of(path, data) for path, data in files.items())


def words(stamp: Stamp) -> bytes:
    """The text beside a stamp."""
    return how.says(form.moment(stamp.at), stamp.by).encode()


def sums(listed: dict[str, bag.Sums]) -> bytes:
    """The hashes of a stamp's files: they show damage, and nothing else."""
    return bag.manifest(listed, "sha256")


# ---------------------------------------------------------------- checking an answer


def check(answer: bytes, tag_manifest: bytes, trusted: Sequence[Certificate], nonce: int | None = None) -> Stamp | None:
    """What an answer says, where a trusted root vouches for it; None where none does; `Unfit` where it does not hold.

    None does not mean that it holds, for without the root nobody can tell. Try again with the root that came with it.
    """
    token, says = _read(answer)
    if says.algorithm != SHA256:
        raise Unfit("uses a hash that Takeback does not ask for")
    if says.imprint != hashlib.sha256(tag_manifest).digest():
        raise Unfit(OTHER)
    if nonce is not None and says.nonce != nonce:
        raise Unfit("answers another question")
    signer = _signer(token)
    if not _holds(token, trusted, tag_manifest):
        return None
    root = next((one for one in trusted if _holds(token, [one], tag_manifest)), None)
    return Stamp(says.at.astimezone(UTC), signer, _pem(root)) if root else None


class Says(NamedTuple):
    """What an answer says, before anybody has vouched for it."""

    algorithm: str
    imprint: bytes
    nonce: int | None
    at: datetime


def _read(answer: bytes) -> tuple[Any, Says]:
    """A granted answer in its one form, and what it says."""
    from rfc3161_client import decode_timestamp_response  # noqa: PLC0415

    if len(answer) > LARGEST:
        raise Unfit(NOT_ONE)
    try:
        token = decode_timestamp_response(answer)
        info = token.tst_info
        imprint = info.message_imprint
        says = Says(imprint.hash_algorithm.dotted_string, imprint.message, info.nonce, info.gen_time)
        whole = token.as_bytes() == answer and len(token.signed_data.signer_infos) == 1
    except Exception as cause:  # two foreign parsers over a stranger's bytes
        raise Unfit(NOT_ONE) from cause
    if not whole:
        raise Unfit(NOT_ONE)
    if token.status != 0:
        raise Unfit("is a refusal")
    return token, says


def _signer(token: Any) -> str:
    """Who signed: the subject of the one certificate that the signature names. Two of that name are a trick."""
    from cryptography.x509 import load_der_x509_certificate  # noqa: PLC0415

    try:
        with warnings.catch_warnings(action="ignore"):
            given = [load_der_x509_certificate(one) for one in token.signed_data.certificates]
            (info,) = token.signed_data.signer_infos
            named = [one for one in given if (one.issuer, one.serial_number) == (info.issuer, info.serial_number)]
            names = [one.subject.rfc4514_string() for one in named]
    except Exception as cause:
        raise Unfit(NOT_ONE) from cause
    if len(names) != 1:
        raise Unfit("does not bring the certificate of whoever signed it")
    return names[0] if names[0].isprintable() else ascii(names[0])


def _holds(token: Any, trusted: Sequence[Certificate], tag_manifest: bytes) -> bool:
    from rfc3161_client import VerifierBuilder  # noqa: PLC0415

    try:
        with warnings.catch_warnings(action="ignore"):
            return bool(VerifierBuilder(roots=list(trusted)).build().verify_message(token, tag_manifest))
    except Exception:  # noqa: BLE001
        return False


def _pem(one: Certificate) -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding  # noqa: PLC0415

    return one.public_bytes(Encoding.PEM)
