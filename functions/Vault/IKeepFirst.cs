namespace PracticPro.Vault;

/// <summary>
/// A shelf on which the first value of a name stays for good: how programs that start at once agree, where the key store
/// itself cannot be asked to make something only if it is absent.
/// <list type="bullet">
/// <item>Atomic and durable: of many who keep under one name at once, all are answered the same value, also after a
/// crash.</item>
/// <item>What is kept is not secret to whoever holds the shelf: keys come wrapped.</item>
/// </list>
/// </summary>
internal interface IKeepFirst
{
    /// <summary>Keeps the value if the name has none yet.</summary>
    /// <param name="name">As a blob is named: segments of <c>[a-z0-9._-]</c> joined by <c>/</c>.</param>
    /// <param name="value">At most 64 KiB.</param>
    /// <returns>What was kept first: this value, or an earlier one.</returns>
    ValueTask<ReadOnlyMemory<byte>> KeepAsync(string name, ReadOnlyMemory<byte> value, CancellationToken cancellation);

    /// <summary>What was kept under the name, or null when nothing was.</summary>
    ValueTask<ReadOnlyMemory<byte>?> FindAsync(string name, CancellationToken cancellation);
}
