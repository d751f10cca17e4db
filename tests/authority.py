"""An authority of our own: certificates with any name in them, and files signed with those, to be told apart."""

from __future__ import annotations

import datetime as dt
from functools import cache
from io import BytesIO
from typing import Any

import c2pa
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

Pair = tuple[ec.EllipticCurvePrivateKey, x509.Certificate]
MADE_BY_AI = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
CAMERA = "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture"
MIXED = "http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia"
START = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def certificate(organisation: str, name: str, by: Pair | None = None, days: int = 3650) -> Pair:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([
        x509.NameAttribute(NameOID.COUNTRY_NAME, "US"),
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation),
        x509.NameAttribute(NameOID.COMMON_NAME, name),
    ])  # fmt: skip
    signer, issuer = by or (key, None)
    built = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(START)
        .not_valid_after(START + dt.timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=by is None, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(_usage(signs=by is not None), critical=True)
    )
    if by:
        built = built.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False)
        built = built.add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False
        )
    return key, built.sign(signer, hashes.SHA256())


def _usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=signs, content_commitment=False, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=not signs, crl_sign=not signs, encipher_only=False, decipher_only=False,
    )  # fmt: skip


def pem(one: x509.Certificate) -> str:
    return one.public_bytes(serialization.Encoding.PEM).decode()


@cache
def root() -> Pair:
    return certificate("Test Authority", "Test Authority")


@cache
def impostor() -> Pair:
    """A home-made authority that no list has."""
    return certificate("Home", "Home")


@cache
def openai(by_impostor: bool) -> Pair:
    return certificate("OpenAI OpCo, LLC", "OpenAI Media Service", impostor() if by_impostor else root())


def signed(
    data: bytes, mime: str, signer: Pair, authority: Pair, *actions: dict[str, Any], edits: bool = False
) -> bytes:
    """A file with a signed record of what was done."""
    key = signer[0].private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    chain = (pem(signer[1]) + pem(authority[1])).encode()
    info = c2pa.C2paSignerInfo(c2pa.C2paSigningAlg.ES256, chain, key, None)
    manifest = {
        "claim_generator_info": [{"name": "A tool", "version": "1"}],
        "assertions": [{"label": "c2pa.actions.v2", "data": {"actions": list(actions)}}],
    }
    out = BytesIO()
    with c2pa.Builder(manifest) as builder, c2pa.Signer.from_info(info) as made:
        if edits:
            builder.set_intent(c2pa.C2paBuilderIntent.EDIT)
        builder.sign(made, mime, BytesIO(data), out)
    return out.getvalue()


def created(kind: str) -> dict[str, Any]:
    return {"action": "c2pa.created", "digitalSourceType": kind}
