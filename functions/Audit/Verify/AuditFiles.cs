namespace PracticPro.Audit.Verify;

/// <summary>
/// What an exported log, version 1, consists of. Every file of lines ends each line with one line feed.
/// <code>
/// leaves.jsonl     one leaf a line, as hashed, in the log's order
/// hashes.txt       one leaf hash a line, 64 hexadecimal digits; says where a defect is, not whether there is one
/// checkpoint.txt   size and root of the log, signed
/// key.pem          the public key it is signed with
/// successions.txt  optional: how that key came after earlier ones, each statement signed by both
/// values.jsonl     optional: personal values and salts that were disclosed with this export
/// README.txt       for people; not verified
/// </code>
/// </summary>
internal static class AuditFiles
{
    public const string Leaves = "leaves.jsonl";
    public const string Hashes = "hashes.txt";
    public const string Checkpoint = "checkpoint.txt";
    public const string Key = "key.pem";
    public const string Successions = "successions.txt";
    public const string Values = "values.jsonl";
    public const string ReadMe = "README.txt";
}

/// <summary>Opens a file of an exported log for reading, from the start; null when there is none of that name.</summary>
internal delegate Stream? OpenAuditFile(string name);
