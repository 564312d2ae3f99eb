#!/usr/bin/env python3
"""Writes key-lease-v1.jsonl: leases of format version 1, made from fixed keys.

A second implementation of the format, made from its description and sharing no code with the program, so that the
golden file proves what the bytes mean and not only that they did not change. Needs the package `cryptography`.
Never run it over the file that is checked in: version 1 has to open for as long as a lease may last.

    python3 make-key-lease-v1.py > key-lease-v1.jsonl
"""
import hashlib, json, struct
from base64 import b64encode
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

ROOT = b"practicpro golden lease 1"
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def fixed(name, size):
    return hashlib.shake_256(ROOT + b"|" + name.encode()).digest(size)


def pair(name):
    scalar = int.from_bytes(fixed(name, 40), "big") % (ORDER - 1) + 1
    private = ec.derive_private_key(scalar, ec.SECP256R1())
    return scalar, private, private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def text(part):
    raw = part.encode("utf-8")
    return struct.pack(">H", len(raw)) + raw


def whole(purpose, generations):
    return (b"\x01" + text(purpose) + struct.pack(">I", len(generations))
            + b"".join(struct.pack(">I", each) for each in generations),
            b"".join(fixed(f"data key {purpose} {each}", 64) for each in generations))


def chosen(values):
    scope, keys = b"\x02" + struct.pack(">I", len(values)), b""
    for purpose, kind, id_, field, schema, generation in values:
        header = struct.pack(">BBI", 1, 1, generation) + fixed(f"id {id_}", 32) + fixed(f"commitment {id_}", 32)
        scope += (text(purpose) + text(kind) + text(id_) + text(field) + struct.pack(">II", schema, generation)
                  + header)
        keys += fixed(f"message key {id_}", 32)
    return scope, keys


CASES = [
    ("test-a", "key-lease-01k00000000000000000000000", 1798365600000, 1798369200000, whole("records", [1])),
    ("test-a", "key-lease-01k00000000000000000000001", 1798365600001, 1798452000000, whole("notes", [1, 2, 4294967295])),
    ("test-b", "key-lease-01kzzzzzzzzzzzzzzzzzzzzzzz", 0, 1, chosen([("records", "contact", "contact-1", "body", 1, 1)])),
    ("test-b", "key-lease-01k00000000000000000000002", 1798365600000, 1798369200000, chosen([
        ("records", "contact", "contact-1", "body", 1, 1),
        ("notes", "note", "\u00fcbung-2", "body", 2147483647, 7),
        ("export", "a", "b" * 1024, "c", 1, 2)])),
]

for at, (tenant, lease, not_before, not_after, (scope, keys)) in enumerate(CASES):
    scalar, session, session_public = pair(f"session {at}")
    once_scalar, once, once_public = pair(f"once {at}")
    terms = text(tenant) + text(lease) + session_public + struct.pack(">qq", not_before, not_after) + scope
    agreed = once.exchange(ec.ECDH(), session.public_key())
    derived = HKDF(hashes.SHA512(), 64, None, b"practicpro lease 1" + once_public + session_public).derive(agreed)
    associated = b"\x01\x03" + struct.pack(">I", len(terms)) + terms + once_public + derived[32:]
    whole_lease = associated + AESGCM(derived[:32]).encrypt(bytes(12), keys, associated)
    print(json.dumps({
        "tenant": tenant, "lease": lease, "notBefore": not_before, "notAfter": not_after,
        "session": b64encode(scalar.to_bytes(32, "big")).decode(), "once": b64encode(once_scalar.to_bytes(32, "big")).decode(),
        "keys": b64encode(keys).decode(), "bytes": b64encode(whole_lease).decode()}))
