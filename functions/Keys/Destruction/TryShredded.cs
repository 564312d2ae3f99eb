using PracticPro.Durable.Triggers;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Vault;
using Paging = PracticPro.Storage.Paging;

namespace PracticPro.Keys.Destruction;

/// <summary>
/// The standing control of ENC-4: every day it tries to open the samples of every destruction with whatever keys can be
/// had, and must be refused, and for the right reason. Three ways are tried: the practice's keys as any program would open
/// them, the witness in the key store, and how the key store says the key stands. In the same run a fresh value under the
/// platform's own keys must open: that nothing opens because everything is broken is no proof. What opens is an alarm that
/// wakes a person.
/// </summary>
internal sealed partial class TryShredded(
    DestructionShelf shelf, KeyRing ring, IKeyEncryption encryption, TimeProvider time, ILogger<TryShredded> logger)
{
    private const int Tries = 3;
    private static readonly TimeSpan Day = TimeSpan.FromHours(20);

    [Function("try-shredded")]
    public static Task RunAsync(
        [TimerTrigger("0 20 * * * *")] TimerTick tick, TryShredded control, CancellationToken cancellation) =>
        control.RunAsync(cancellation);

    /// <summary>
    /// Tries every destruction from which on nothing may open and that was not tried within the day, or not with a good
    /// end, and keeps the outcomes. To be called every hour.
    /// </summary>
    public async Task<IReadOnlyList<ShredTry>> RunAsync(CancellationToken cancellation)
    {
        var tried = new List<ShredTry>();
        foreach (var end in await shelf.ListAsync(cancellation))
        {
            var now = time.GetUtcNow();
            if (end.State < KeyEndState.Deleted || now < end.HeldUntil
                || (end.LastTry is { Verdict: ShredVerdict.Shredded } last && last.At <= now && now - last.At < Day))
            {
                continue;
            }

            var outcome = await TryAsync(end, cancellation);
            await KeepAsync(end.Tenant, outcome, cancellation);
            tried.Add(outcome);
        }

        return tried;
    }

    /// <summary>Tries one, and logs what came of it. Keeps nothing.</summary>
    public async Task<ShredTry> TryAsync(KeyEnd end, CancellationToken cancellation)
    {
        var (verdict, reason) = await JudgeAsync(end, cancellation);
        switch (verdict)
        {
            case ShredVerdict.Shredded:
                LogShredded(logger, end.Tenant, end.Samples.Length);
                break;
            case ShredVerdict.Opened:
                LogPage(logger, end.Tenant, reason);
                break;
            default:
                LogNotTried(logger, end.Tenant, reason);
                break;
        }

        return new ShredTry(time.GetUtcNow(), verdict, reason, end.Samples.Length);
    }

    private async Task<(ShredVerdict Verdict, string Reason)> JudgeAsync(KeyEnd end, CancellationToken cancellation)
    {
        try
        {
            if (!await SentinelOpensAsync(cancellation))
            {
                return (ShredVerdict.NotTried, "sentinel-did-not-open");
            }

            return await TrySamplesAsync(end, cancellation)
                ?? await TryWitnessAsync(end, cancellation)
                ?? await AskStoreAsync(end, cancellation)
                ?? (ShredVerdict.Shredded, "refused");
        }
        catch (KeyStoreUnavailableException trouble)
        {
            return (ShredVerdict.NotTried, trouble.Failure.Code);
        }
        catch (StorageUnavailableException)
        {
            return (ShredVerdict.NotTried, "storage-unavailable");
        }
    }

    /// <summary>A key made now is wrapped and unwrapped, and a value made now sealed and opened, by the same ways.</summary>
    private async Task<bool> SentinelOpensAsync(CancellationToken cancellation)
    {
        using var key = SecretBytes.Random(DataKey.Bytes);
        var wrapped = await encryption.WrapAsync(
            DestructionShelf.Owner, key.RevealMemory("to wrap a sentinel"), WitnessKey.Context, cancellation);
        if (!wrapped.Try(out var stored, out _)
            || !(await encryption.UnwrapAsync(DestructionShelf.Owner, stored, WitnessKey.Context, cancellation)).Try(out var back, out _))
        {
            return false;
        }

        using (back)
        {
            if (!back.Equals(key))
            {
                return false;
            }
        }

        var keys = await ring.OpenAsync(DestructionShelf.Owner, cancellation);
        var place = new SealContext("sentinel", "sentinel", "body", 1);
        byte[] value = [.. BitConverter.GetBytes(time.GetTimestamp())];
        if (!keys.Open(Purpose.Records, place, keys.Seal(Purpose.Records, place, value)).Try(out var opened, out _))
        {
            return false;
        }

        using (opened)
        {
            return opened.Span.SequenceEqual(value);
        }
    }

    /// <summary>Null when the practice's keys are refused as those of a destroyed one are.</summary>
    private async Task<(ShredVerdict Verdict, string Reason)?> TrySamplesAsync(KeyEnd end, CancellationToken cancellation)
    {
        var samples = await shelf.SamplesAsync(end.Tenant, cancellation);
        if (!samples.Select(static sample => SampleSealed.Sha256(sample.Body)).SequenceEqual(end.Samples.Select(static one => one.Sha256)))
        {
            return (ShredVerdict.NotTried, "samples-are-not-those-of-the-certificate");
        }

        try
        {
            var keys = await ring.OpenAsync(end.Tenant, cancellation);
            return (ShredVerdict.Opened, samples.Any(sample => Opens(keys, sample)) ? "a-sample-opened" : "the-practice-has-keys");
        }
        catch (UnexpectedFailureException refused)
        {
            return refused.Failure is VaultFailures.TenantKeyDestroyed ? null : (ShredVerdict.Opened, "refused-for-another-reason");
        }
    }

    private static bool Opens(TenantKeys keys, ShreddedSample sample)
    {
        if (!keys.Open(sample.Purpose, sample.ToPlace(), sample.ToValue()).Try(out var plain, out _))
        {
            return false;
        }

        plain.Dispose();
        return true;
    }

    private async Task<(ShredVerdict Verdict, string Reason)?> TryWitnessAsync(KeyEnd end, CancellationToken cancellation)
    {
        var witness = new WrappedKey(end.Witness.Version, end.Witness.Wrapped);
        var unwrapped = await encryption.UnwrapAsync(end.Tenant, witness, WitnessKey.Context, cancellation);
        if (unwrapped.Try(out var key, out var why))
        {
            key.Dispose();
            return (ShredVerdict.Opened, "the-key-unwraps-again");
        }

        return why is VaultFailures.TenantKeyDestroyed ? null : (ShredVerdict.Opened, "refused-for-another-reason");
    }

    private async Task<(ShredVerdict Verdict, string Reason)?> AskStoreAsync(KeyEnd end, CancellationToken cancellation) =>
        await encryption.FindDestructionAsync(end.Tenant, cancellation) switch
        {
            null => (ShredVerdict.Opened, "the-key-store-lost-the-mark"),
            { Remains: DestroyedKeyRemains.Everything } => (ShredVerdict.Opened, "the-key-was-brought-back"),
            _ => null,
        };

    private async Task KeepAsync(TenantId tenant, ShredTry outcome, CancellationToken cancellation)
    {
        for (var attempt = 1; attempt <= Tries; attempt++)
        {
            if (await shelf.FindAsync(tenant, cancellation) is not { } stored
                || await shelf.ReplaceAsync(stored.Value with { LastTry = outcome }, stored.Version, cancellation))
            {
                return;
            }
        }
    }

    [LoggerMessage(241, LogLevel.Information, "What was kept for {Tenant} does not open: {Count} samples were tried.")]
    private static partial void LogShredded(ILogger logger, TenantId tenant, int count);

    [LoggerMessage(242, LogLevel.Error, "Whether what was kept for {Tenant} opens could not be tried: {Reason}.")]
    private static partial void LogNotTried(ILogger logger, TenantId tenant, string reason);

    [LoggerMessage(
        Paging.EventId,
        LogLevel.Error,
        Paging.Words + "keys of {Tenant} were destroyed, and something can be opened again: {Reason}. See the README of Keys.")]
    private static partial void LogPage(ILogger logger, TenantId tenant, string reason);
}

/// <summary>What came of trying to open what must not open.</summary>
internal enum ShredVerdict
{
    /// <summary>Everything was refused, for the right reason, while a sentinel opened.</summary>
    Shredded,

    /// <summary>Something opened, or could: an alarm.</summary>
    Opened,

    /// <summary>It could not be tried. Proves nothing either way.</summary>
    NotTried,
}

/// <param name="Reason">A fixed word.</param>
/// <param name="Samples">How many were tried.</param>
internal sealed record ShredTry(DateTimeOffset At, ShredVerdict Verdict, string Reason, int Samples);
