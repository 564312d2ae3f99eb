"""Writes the golden certificates: a second implementation of the text, signed by openssl with a throw-away key.

Run beside the files: python3 make-certificate-v1.py. The private key is not kept; the public one is.
"""

import base64
import hashlib
import json
import subprocess
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
DOMAIN = "practicpro/key-destruction/v1"


def digest(text):
    return hashlib.sha256(text.encode()).hexdigest()


def certificate(state):
    body = {
        "shape": 1,
        "tenant": "t-golden",
        "state": state,
        "key": {"name": "tenant-t-golden", "versions": ["0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210"]},
        "wrappedKeys": [
            {"use": "notes", "generation": 1, "version": "0123456789abcdef0123456789abcdef", "sha256": digest("notes")},
            {"use": "notes", "generation": 2, "version": "fedcba9876543210fedcba9876543210", "sha256": digest("notes 2")},
        ],
        "witness": {"version": "fedcba9876543210fedcba9876543210", "sha256": digest("witness")},
        "samples": [{"kind": "note", "document": "note-1", "sha256": digest("sample")}],
        "documents": 1284,
        "askedBy": "job:command-line",
        "askedAt": "2027-03-01T09:00:00Z",
        "announcedAt": "2027-03-01T09:00:01Z",
        "heldByProcessesUntil": "2027-03-01T09:00:33Z",
        "deletedAt": "2027-03-01T09:00:02Z",
        "wrappedKeysErasedAt": "2027-03-01T09:00:03Z",
        "recoverable": {"until": "2027-05-30T09:00:02Z"},
        "backup": {
            "kind": "account",
            "days": 30,
            "lastThatMayHoldWrappedKeys": "2027-03-01T09:00:03Z",
            "agesOutAt": "2027-03-31T09:00:03Z",
        },
        "sealedAt": "2027-03-01T09:00:34Z",
        "finalFrom": "2027-05-30T09:00:02Z",
        "limits": [
            "Records and blobs were left where they are, as ciphertext without a key.",
            "Copies of the practice's content that were handed out, sent or exported in the clear are not reached.",
            "Of blobs no sample was drawn.",
        ],
    }
    if state == "final":
        body["finalAt"] = "2027-05-31T03:20:00Z"
        body["lastTriedAt"] = "2027-05-31T03:20:00Z"
    return json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def main():
    with tempfile.TemporaryDirectory() as folder:
        private = Path(folder) / "key.pem"
        subprocess.run(["openssl", "ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", private], check=True)
        public = HERE / "certificate-v1.pem"
        subprocess.run(["openssl", "ec", "-in", private, "-pubout", "-out", public], check=True)
        encoded = subprocess.run(
            ["openssl", "ec", "-pubin", "-in", public, "-outform", "DER"], check=True, capture_output=True).stdout
        for state in ("sealed", "final"):
            signed = f"{DOMAIN}\n{certificate(state)}\n"
            signature = subprocess.run(
                ["openssl", "dgst", "-sha256", "-sign", private], input=signed.encode(), check=True, capture_output=True).stdout
            line = base64.b64encode(hashlib.sha256(encoded).digest()[:4] + signature).decode()
            note = f"{signed}\n\u2014 {DOMAIN}/t-golden {line}\n"
            (HERE / f"certificate-v1-{state}.txt").write_bytes(note.encode())


if __name__ == "__main__":
    main()
