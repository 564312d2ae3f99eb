using System.Globalization;
using PracticPro.Audit.Verify;

namespace PracticPro.Audit;

/// <summary>The page that lies in an exported log, for the person who gets it.</summary>
internal static class AuditReadMe
{
    public static string For(Checkpoint checkpoint, CheckpointKey key, AuditDisclosure disclosure, bool hasSuccessions = false) =>
        string.Create(CultureInfo.InvariantCulture, $"""
        Audit log {checkpoint.Origin}
        {checkpoint.Size} entries, up to and with this export.

        What is in this folder
          {AuditFiles.Leaves}    one entry a line, as it was written: who, what, when, to which ids
          {AuditFiles.Hashes}      one hash an entry, so that a defect can be shown where it is
          {AuditFiles.Checkpoint}  number of entries and root of the tree over them, signed
          {AuditFiles.Key}         the public key of that signature
          {Values(disclosure)}{Successions(hasSuccessions)}

        How to verify
          practicpro verify-audit FOLDER --key PINNED.pem
          It needs no network. It says "whole" only if every entry is there and unchanged, and if the
          signature is by the key you pinned. Take that key from where you kept it or from our published
          page, not from this folder: whoever can rewrite the folder can put another key beside it.
          The key of this log has the SHA-256
          {key.KeyId}

        By hand
          The tree is that of RFC 6962 over SHA-256: an entry is hashed as 0x00 and its line without
          the line feed, two nodes as 0x01, left, right. The first three lines of {AuditFiles.Checkpoint},
          each with its line feed, are what is signed (ECDSA P-256, SHA-256). The last line holds, in
          base64, four bytes naming the key and then the signature in the form openssl takes.

        What it does not prove
          That an entry is true, only that it is what was written then. That this is the newest
          checkpoint: keep each export, and give the older checkpoint to the verifier with the newer log.
          A value that was erased is gone; its entry shows 64 digits that nobody can turn back.

        """);

    private static string Successions(bool are) => are
        ? $"\n  {AuditFiles.Successions} how that key followed earlier ones, each statement signed by both: who pinned an\n"
            + "                  earlier key can verify by it"
        : "";

    private static string Values(AuditDisclosure disclosure) => disclosure == AuditDisclosure.WithValues
        ? $"{AuditFiles.Values}    personal values that have not been erased, in the clear: keep it safe"
        : $"{AuditFiles.Values} is left out: this export discloses no personal value";
}
