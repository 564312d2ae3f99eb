#!/usr/bin/env python3
"""Writes seal-v1.jsonl: values sealed in format version 1 from fixed keys.

A second implementation of the format, made from its description and sharing no code with the program, so that the
golden file proves what the bytes mean and not only that they did not change. Needs the package `cryptography`.
Never run it over the file that is checked in: version 1 has to open for ever. A new version gets a new file.

    python3 make-seal-v1.py > seal-v1.jsonl
"""
import hashlib, hmac, json, struct
from base64 import b64encode
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

ROOT = b"practicpro golden seal 1"


def fixed(name, size):
    return hashlib.shake_256(ROOT + b"|" + name.encode()).digest(size)


def text(part):
    raw = part.encode("utf-8")
    return struct.pack(">H", len(raw)) + raw


def seal(key, generation, message_id, tenant, purpose, kind, id_, field, schema, plaintext):
    named = struct.pack(">BBI", 1, 1, generation) + message_id
    derived = hmac.new(key, b"practicpro seal 1" + named + b"\x01", hashlib.sha512).digest()
    header = named + derived[32:]
    associated = (header + text(tenant) + text(purpose) + text(kind) + text(id_) + text(field)
                  + struct.pack(">II", schema, generation))
    return header + AESGCM(derived[:32]).encrypt(bytes(12), plaintext, associated)


CASES = [
    ("test-a", "records", 1, "contact", "contact-1", "body", 1, b""),
    ("test-a", "records", 1, "contact", "contact-1", "body", 1, b"{\"name\":\"Ada\"}"),
    ("test-a", "notes", 1, "note", "note-1", "text", 3, "Schlief schlecht \u2013 \u7761\u7720.".encode()),
    ("test-a", "tokens", 2, "connection", "connection-1", "refresh-token", 1, b"1//token"),
    ("test-b", "audit-pii", 4294967295, "leaf", "leaf-9", "actor-name", 1, bytes(range(256))),
    ("test-b", "export", 1, "package", "\u00fcbung/1", "part 1", 2147483647, b"x" * 5000),
    ("test-b", "staging", 7, "a", "b" * 1024, "c", 1, b"\x00"),
]

for at, (tenant, purpose, generation, kind, id_, field, schema, plaintext) in enumerate(CASES):
    key = fixed(f"key {tenant} {purpose} {generation}", 64)
    sealed = seal(key, generation, fixed(f"message {at}", 32), tenant, purpose, kind, id_, field, schema, plaintext)
    print(json.dumps({
        "tenant": tenant, "purpose": purpose, "generation": generation, "key": b64encode(key).decode(),
        "kind": kind, "id": id_, "field": field, "schema": schema,
        "plaintext": b64encode(plaintext).decode(), "sealed": b64encode(sealed).decode()}))
