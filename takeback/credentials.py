"""Content Credentials (C2PA): what a signed record in a file comes to, read by c2pa-python, offline.

"Valid" is not "trusted": anybody can make a certificate with any name in it and sign with it, and the library calls the
file valid. So the name of a signer counts only where the certificate leads to a list that the caller hands in. Nothing
is fetched: no remote record, no revocation list. A stranger's bytes are read in the cage only; nothing else calls this.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING, Any

from takeback.seen import LONGEST_WORD, Act, Credential

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MIMES = {
    "JPEG": "image/jpeg", "PNG": "image/png", "WebP": "image/webp", "GIF": "image/gif", "TIFF": "image/tiff",
    "HEIC": "image/heic", "AVIF": "image/avif", "MP4": "video/mp4", "MOV": "video/quicktime", "M4A": "audio/mp4",
    "MP3": "audio/mpeg", "WAV": "audio/wav", "AVI": "video/avi", "PDF": "application/pdf",
}  # fmt: skip
"""The formats that the library reads, by our names for them."""

OFFLINE = {"remote_manifest_fetch": False, "ocsp_fetch": False, "verify_trust": True}
NOT_THERE = ("ManifestNotFound", "no JUMBF data found")
REMOTE = "RemoteManifest"
SIGNER = "signingCredential."
"""How the codes start that speak of the signer and not of the file."""

MOST_ACTS, MOST_CODES = 40, 20


@dataclass(frozen=True, slots=True)
class List:
    """A list of signers: its name, its day, whether it is the frozen older one, and its certificates (PEM)."""

    name: str
    day: str
    older: bool
    anchors: str
    allowed: str = ""


@cache
def version() -> str | None:
    """The library's version; None where it is not installed."""
    try:
        from importlib.metadata import version as of  # noqa: PLC0415

        import c2pa  # noqa: F401, PLC0415

        return of("c2pa-python")
    except ImportError:
        return None


def warm() -> None:
    """Load the library and read once, so that a locked child needs neither a file nor new code."""
    if version() is not None:
        read(b"\xff\xd8\xff\xd9", "JPEG", ())


def read(data: bytes, name: str, lists: Sequence[List]) -> Credential | None:
    """What the record in a file of the format with this name comes to; None where there is none."""
    told = tuple(f"{one.name} {one.day}" for one in lists)
    first, error = _asked(data, name, None)
    if first is None:
        return _without(error, told)
    found = _credential(first, told)
    if found.state != "unknown":
        return found
    for one in sorted(lists, key=lambda one: (one.older, one.day)):
        again, _ = _asked(data, name, one)
        if again is not None and again.get("validation_state") == "Trusted" and not _codes(again):
            return _credential(again, told, trusted=one)
    return found


def _asked(data: bytes, name: str, trust: List | None) -> tuple[dict[str, Any] | None, str]:
    """The library's own report, or what it says where there is none."""
    import c2pa  # noqa: PLC0415

    settings: dict[str, Any] = {"verify": OFFLINE}
    if trust is not None:
        settings["trust"] = {"trust_anchors": trust.anchors}
        if trust.allowed:
            settings["trust"]["allowed_list"] = trust.allowed
    try:
        with (
            c2pa.Context.from_dict(settings) as context,
            c2pa.Reader(MIMES[name], BytesIO(data), context=context) as reader,
        ):
            said = json.loads(reader.json())
            return (said, "") if isinstance(said, dict) else (None, "")
    except c2pa.C2paError as cause:
        return None, str(cause)


def _without(error: str, told: tuple[str, ...]) -> Credential | None:
    """What it means that no record could be read."""
    if any(words in error for words in NOT_THERE):
        return None
    if REMOTE in error or "remote manifest" in error.lower():
        at = error.find("http")
        return Credential("elsewhere", address=error[at:].split(maxsplit=1)[0][:2000] if at >= 0 else "", lists=told)
    return Credential("unreadable", lists=told)


def _codes(said: Mapping[str, Any]) -> list[str]:
    """What fails in the record that counts, in the library's own words."""
    results = said.get("validation_results") or {}
    failures = (results.get("activeManifest") or {}).get("failure") or []
    return [str(one.get("code", ""))[:80] for one in failures][:MOST_CODES]


def _credential(said: Mapping[str, Any], told: tuple[str, ...], trusted: List | None = None) -> Credential:
    manifests = said.get("manifests") or {}
    active = manifests.get(said.get("active_manifest")) or {}
    signature = active.get("signature_info") or {}
    codes = _codes(said)
    broken = any(not code.startswith(SIGNER) for code in codes) or "signingCredential.invalid" in codes
    return Credential(
        state="trusted" if trusted else "broken" if broken else "unknown",
        signer=_word(signature.get("issuer") or signature.get("common_name")) if trusted else "",
        trust=f"{trusted.name} {trusted.day}" if trusted else "",
        older=bool(trusted and trusted.older),
        at=_word(signature.get("time"))[:40],
        generator=_generator(active),
        acts=tuple(_acts(said, manifests, active)),
        codes=tuple(codes),
        lists=told,
    )


def _generator(manifest: Mapping[str, Any]) -> str:
    infos = manifest.get("claim_generator_info") or []
    return _word(infos[0].get("name") if infos and isinstance(infos[0], dict) else manifest.get("claim_generator"))


def _acts(said: Mapping[str, Any], manifests: Mapping[str, Any], active: Mapping[str, Any]) -> list[Act]:
    """What the record says was done; then what those records of its parts say whose signer the list vouches for too."""
    found = _actions(active, part=False)
    vouched = _vouched(said)
    for one in active.get("ingredients") or []:
        if any(f"/{one.get('active_manifest')}/" in url for url in vouched):
            found += _actions(manifests.get(one.get("active_manifest")) or {}, part=True)
    return found[:MOST_ACTS]


def _vouched(said: Mapping[str, Any]) -> list[str]:
    """Where the signatures of parts stand that lead to the list. No failure is not enough: silence is no trust."""
    deltas = [
        one.get("validationDeltas") or {}
        for one in (said.get("validation_results") or {}).get("ingredientDeltas") or []
    ]
    sound = [one for one in deltas if not one.get("failure")]
    successes = [success for one in sound for success in one.get("success") or []]
    return [str(one.get("url")) for one in successes if one.get("code") == "signingCredential.trusted"]


def _actions(manifest: Mapping[str, Any], *, part: bool) -> list[Act]:
    assertions = [
        one for one in manifest.get("assertions") or [] if str(one.get("label", "")).startswith("c2pa.actions")
    ]
    actions = [act for one in assertions for act in (one.get("data") or {}).get("actions") or []]
    return [
        Act(_word(act.get("action")), _word(act.get("digitalSourceType")), _agent(act.get("softwareAgent")), part)
        for act in actions
        if isinstance(act, dict)
    ]


def _agent(said: Any) -> str:
    return _word(said.get("name") if isinstance(said, dict) else said)


def _word(said: Any) -> str:
    return said[:LONGEST_WORD] if isinstance(said, str) else ""
