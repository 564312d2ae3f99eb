#!/usr/bin/env python3
"""Writes seal-stream-v1.jsonl: streams sealed in format version 1, suite 2, from fixed keys.

A second implementation of the format, made from its description and sharing no code with the program, so that the
golden file proves what the bytes mean and not only that they did not change. Needs the package `cryptography`.
Never run it over the file that is checked in: version 1 has to open for ever. A new version gets a new file.
The plaintext of a line is the bytes 0, 1 … 250, 0, 1 … of its length.

    python3 make-seal-stream-v1.py > seal-stream-v1.jsonl
"""
import hashlib, hmac, json, struct
from base64 import b64encode
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

ROOT = b"practicpro golden seal stream 1"
FRAME = 64 * 1024


def fixed(name, size):
    return hashlib.shake_256(ROOT + b"|" + name.encode()).digest(size)


def text(part):
    raw = part.encode("utf-8")
    return struct.pack(">H", len(raw)) + raw


def seal(key, generation, message_id, tenant, purpose, kind, id_, field, schema, plaintext):
    named = struct.pack(">BBI", 1, 2, generation) + message_id
    derived = hmac.new(key, b"practicpro seal 1" + named + b"\x01", hashlib.sha512).digest()
    header = named + derived[32:]
    associated = (header + text(tenant) + text(purpose) + text(kind) + text(id_) + text(field)
                  + struct.pack(">II", schema, generation))
    cipher = AESGCM(derived[:32])
    frames = [plaintext[at:at + FRAME] for at in range(0, len(plaintext), FRAME)] or [b""]
    sealed = header
    for number, frame in enumerate(frames):
        is_last = number == len(frames) - 1
        sealed += cipher.encrypt(bytes(3) + struct.pack(">QB", number, is_last), frame, associated)
    return sealed


CASES = [
    ("test-a", "export", 1, "blob", "exports/e1", "content", 1, 0),
    ("test-a", "records", 7, "blob", "files/f1", "content", 1, 5),
    ("test-b", "export", 4294967295, "blob", "exports/e1", "content", 1, FRAME),
    ("test-b", "staging", 1, "blob", "staging/s1", "content", 2, FRAME + 1),
]

for at, (tenant, purpose, generation, kind, id_, field, schema, length) in enumerate(CASES):
    key = fixed(f"key {tenant} {purpose} {generation}", 64)
    plaintext = bytes(number % 251 for number in range(length))
    sealed = seal(key, generation, fixed(f"message {at}", 32), tenant, purpose, kind, id_, field, schema, plaintext)
    print(json.dumps({
        "tenant": tenant, "purpose": purpose, "generation": generation, "key": b64encode(key).decode(),
        "kind": kind, "id": id_, "field": field, "schema": schema,
        "length": length, "sealed": b64encode(sealed).decode()}))
