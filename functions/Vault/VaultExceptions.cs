namespace PracticPro.Vault;

/// <summary>
/// A stored record does not open: moved, altered, another tenant's, or of a shape this program cannot read.
/// An accident, not an expected failure: nobody can go on with such a record, and an incident may follow.
/// Carries the kind only, never the id or content.
/// </summary>
internal sealed class TamperedRecordException(string kind) : Exception($"A stored record of kind {kind} does not open.")
{
    public string Kind { get; } = kind;
}

/// <summary>
/// A sealed stream does not open, or not to its end: changed, cut, put together of two, or of another place. What was read
/// of it before is only a beginning. An accident, as <see cref="TamperedRecordException"/> is.
/// </summary>
internal sealed class TamperedStreamException() : Exception("A sealed stream does not open.");

/// <summary>
/// Keys were used after their handle ran out or was revoked. Open the tenant's keys again for the next piece of work;
/// a handle is not to be kept longer than one.
/// </summary>
internal sealed class KeysExpiredException()
    : Exception("These keys may no longer be used: open the tenant's keys again.");

/// <summary>The local key file cannot be trusted or read. The message says what to do and holds no key.</summary>
internal sealed class KeyFileException(string message) : Exception(message);
