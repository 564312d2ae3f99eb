using System.Security.Cryptography;
using System.Text;
using PracticPro.Kernel;

namespace PracticPro.Vault;

/// <summary>
/// One tenant's usable keys, in memory only: what seals and opens everything of that tenant and nothing of another.
/// Open it for one piece of work and let it go: after <see cref="KeyRingOptions.HandleLifetime"/>, or once revoked,
/// every call throws <see cref="KeysExpiredException"/>. Safe to use from many threads. For what is too long to be held:
/// <see cref="SealedStreams"/>.
/// </summary>
internal sealed class TenantKeys
{
    // Associated data of usual contexts fits; a longer one is taken from the heap.
    private const int StackBytes = 256;

    private static readonly byte[] ZeroNonce = new byte[12];

    // By purpose, in the enum's order; null for those it was not opened for.
    private readonly PurposeKeys?[] purposes = new PurposeKeys?[PurposeWords.All.Count];
    private readonly IndexKey? index;

    /// <param name="held">Of this tenant, one a use; whoever made them ends them.</param>
    internal TenantKeys(TenantId tenant, IEnumerable<HeldKeys> held)
    {
        Tenant = tenant;
        foreach (var keys in held)
        {
            switch (keys)
            {
                case PurposeKeys ofPurpose:
                    purposes[(int)ofPurpose.Purpose] = ofPurpose;
                    break;
                case IndexKey ofIndex:
                    index = ofIndex;
                    break;
                default:
                    throw new ArgumentException("Keys of no known use.", nameof(held));
            }
        }
    }

    /// <summary>Keys that no ring holds.</summary>
    internal TenantKeys(
        TenantId tenant,
        IEnumerable<(Purpose Purpose, DataKey Key)> dataKeys,
        SecretBytes indexKey,
        TimeProvider time,
        TimeSpan lifetime)
        : this(tenant, Held(tenant, dataKeys, indexKey, new KeyTerms(time, lifetime)))
    {
    }

    public TenantId Tenant { get; }

    /// <summary>
    /// Seals under the purpose's newest key. Two seals of one plaintext differ. Hides the content; does not hide its
    /// length, and does not keep an older sealed value of the same place from being put back.
    /// </summary>
    public SealedBytes Seal(Purpose purpose, SealContext context, ReadOnlySpan<byte> plaintext)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(plaintext.Length, SealedFormat.MaximumPlaintextBytes);
        var keys = Usable(purpose, plaintext.Length);
        var output = GC.AllocateUninitializedArray<byte>(SealedFormat.OverheadBytes + plaintext.Length);
        var header = output.AsSpan(0, SealedFormat.HeaderBytes);
        Span<byte> derived = stackalloc byte[DataKey.DerivedBytes];
        Begin(keys.Sealing(), SealedFormat.Suite1, header, derived);

        var length = keys.AssociatedBytes(context);
        Span<byte> associated = length <= StackBytes ? stackalloc byte[StackBytes] : new byte[length];
        keys.WriteAssociated(header, context, associated);
        using var cipher = new MessageCipher(derived[..32]);
        cipher.Encrypt(ZeroNonce, plaintext, output.AsSpan(SealedFormat.HeaderBytes), associated[..length]);
        return new SealedBytes(output);
    }

    /// <summary>
    /// The content, if the value was sealed for this tenant, purpose and context and is unchanged. Otherwise a failure
    /// of <see cref="VaultFailures"/>, and nothing of the content. The caller disposes what it gets.
    /// </summary>
    public Outcome<PlainBytes> Open(Purpose purpose, SealContext context, SealedBytes value)
    {
        var keys = Usable(purpose, value.Length);
        var input = value.Span;
        Span<byte> derived = stackalloc byte[DataKey.DerivedBytes];
        if (Refusal(input, SealedFormat.OverheadBytes, SealedFormat.Suite1, keys, derived) is { } refusal)
        {
            return refusal;
        }

        var header = input[..SealedFormat.HeaderBytes];
        var length = keys.AssociatedBytes(context);
        Span<byte> associated = length <= StackBytes ? stackalloc byte[StackBytes] : new byte[length];
        keys.WriteAssociated(header, context, associated);
        return Decrypt(derived, input[SealedFormat.HeaderBytes..], associated[..length]);
    }

    /// <summary>
    /// A keyed hash of a value, for looking it up: equal values of one field give equal hashes within this tenant and
    /// purpose, and nobody without the key can compute or check one. Equality shows; nothing else does. It does not
    /// change when data keys rotate.
    /// </summary>
    /// <param name="normalisedValue">The value in its one spelling; what counts as equal is the caller's
    /// decision.</param>
    public byte[] BlindIndex(Purpose purpose, string field, string normalisedValue)
    {
        if (index is null)
        {
            throw new InvalidOperationException("These keys were not opened for looking up.");
        }

        byte[] message = [
            .. SealContext.Prefixed(purpose.Word()),
            .. SealContext.Prefixed(field),
            .. new UTF8Encoding(false, throwOnInvalidBytes: true).GetBytes(normalisedValue)];
        return index.Hash(message);
    }

    /// <summary>
    /// What a provider is to send along with each notification of a connection, so that they can be told from forged ones.
    /// Derived and never stored; another one after a change of the tenant's token key.
    /// </summary>
    public SecretText WebhookSecret(string connection) =>
        WebhookSecrets.Of(Usable(Purpose.Tokens, 0).Sealing(), Tenant, connection);

    /// <summary>
    /// Whether it is the connection's secret, under any generation of the token key that is still there: a notification may
    /// have been on its way while the key was changed.
    /// </summary>
    public bool IsWebhookSecret(string connection, string? offered) =>
        WebhookSecrets.IsOf(Usable(Purpose.Tokens, 0).Generations, Tenant, connection, offered);

    public override string ToString() => "***";

    /// <summary>One purpose's keys themselves, to be leased. For <see cref="Leases.MakeKeyLease"/> alone; a test holds that.</summary>
    internal PurposeKeys ForLease(Purpose purpose) => Usable(purpose, 0);

    /// <summary>Ends the keys themselves, for every handle that shares them.</summary>
    internal void Revoke()
    {
        index?.Dispose();
        foreach (var keys in purposes)
        {
            keys?.Dispose();
        }
    }

    /// <summary>Begins a message that is sealed in frames, under the purpose's newest key.</summary>
    internal MessageFrames BeginSealing(Purpose purpose, SealContext context)
    {
        var keys = Usable(purpose, SealedStreamFormat.FrameBytes);
        var header = new byte[SealedFormat.HeaderBytes];
        Span<byte> derived = stackalloc byte[DataKey.DerivedBytes];
        Begin(keys.Sealing(), SealedStreamFormat.Suite2, header, derived);
        return Frames(keys, header, context, derived);
    }

    /// <summary>Begins to open one, by its header alone. A failure as of <see cref="Open"/>.</summary>
    internal Outcome<MessageFrames> BeginOpening(Purpose purpose, SealContext context, ReadOnlySpan<byte> header)
    {
        var keys = Usable(purpose, SealedStreamFormat.FrameBytes);
        Span<byte> derived = stackalloc byte[DataKey.DerivedBytes];
        return Refusal(header, SealedFormat.HeaderBytes, SealedStreamFormat.Suite2, keys, derived) is { } refusal
            ? refusal
            : Frames(keys, header.ToArray(), context, derived);
    }

    /// <summary>Writes the header of a new message and derives its key (the first 32 bytes).</summary>
    private static void Begin(DataKey key, byte suite, Span<byte> header, Span<byte> derived)
    {
        Span<byte> messageId = stackalloc byte[SealedFormat.MessageIdBytes];
        MessageIds.Next(messageId);
        SealedFormat.WriteNamed(header, suite, key.Generation, messageId);
        key.Derive(header[..SealedFormat.NamedBytes], derived);
        derived[32..].CopyTo(header[SealedFormat.NamedBytes..]);
    }

    /// <summary>Why it cannot be opened, or null with the message key in the first 32 bytes of what was derived.</summary>
    private static Failure? Refusal(
        ReadOnlySpan<byte> input, int least, byte suite, PurposeKeys keys, Span<byte> derived)
    {
        if (input.Length < least)
        {
            return new VaultFailures.SealedTooShort();
        }

        if (input[0] != SealedFormat.Version1)
        {
            return new VaultFailures.UnknownVersion();
        }

        if (input[1] != suite)
        {
            return new VaultFailures.UnknownSuite();
        }

        if (keys.Find(SealedFormat.Generation(input)) is not { } key)
        {
            return new VaultFailures.UnknownGeneration();
        }

        key.Derive(input[..SealedFormat.NamedBytes], derived);
        if (CryptographicOperations.FixedTimeEquals(
            derived[32..], input[SealedFormat.NamedBytes..SealedFormat.HeaderBytes]))
        {
            return null;
        }

        CryptographicOperations.ZeroMemory(derived);
        return new VaultFailures.WrongKey();
    }

    private static Outcome<PlainBytes> Decrypt(
        Span<byte> derived, ReadOnlySpan<byte> body, ReadOnlySpan<byte> associated)
    {
        using var cipher = new MessageCipher(derived[..32]);
        var plaintext = GC.AllocateUninitializedArray<byte>(body.Length - SealedFormat.TagBytes);
        return cipher.TryDecrypt(ZeroNonce, body, plaintext, associated)
            ? new PlainBytes(plaintext)
            : new VaultFailures.NotAuthentic();
    }

    private static MessageFrames Frames(PurposeKeys keys, byte[] header, SealContext context, Span<byte> derived)
    {
        var associated = new byte[keys.AssociatedBytes(context)];
        keys.WriteAssociated(header, context, associated);
        return new MessageFrames(keys, header, associated, derived[..32]);
    }

    private static IEnumerable<HeldKeys> Held(
        TenantId tenant, IEnumerable<(Purpose Purpose, DataKey Key)> dataKeys, SecretBytes indexKey, KeyTerms terms) =>
    [
        .. dataKeys.GroupBy(pair => pair.Purpose, pair => pair.Key)
            .Select(group => PurposeKeys.Of(tenant, group.Key, group, terms)),
        new IndexKey(tenant, indexKey, terms),
    ];

    private PurposeKeys Usable(Purpose purpose, long length)
    {
        var keys = (uint)purpose < (uint)purposes.Length && purposes[(int)purpose] is { } found
            ? found
            : throw new ArgumentOutOfRangeException(nameof(purpose), "There is no key for this purpose.");
        keys.Take(length);
        return keys;
    }
}
