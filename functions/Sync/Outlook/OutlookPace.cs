using PracticPro.Sync.Gmail;

namespace PracticPro.Sync.Outlook;

/// <summary>
/// Keeps one account's calls under the two limits of Outlook for an app and a mailbox: 4 requests at once, 10,000 in ten
/// minutes. One of the four is left to other processes of ours.
/// Source: Microsoft Graph, "Service-specific throttling limits", Outlook.
/// </summary>
internal sealed class OutlookPace(TimeProvider time)
{
    public const int AtOnce = 3;

    private const int CallsAMinute = 900;

    private readonly SemaphoreSlim turns = new(AtOnce, AtOnce);
    private readonly MailboxPace pace = new(CallsAMinute, time);

    /// <summary>Waits for a turn; it ends when the answer is disposed of.</summary>
    public async Task<Turn> EnterAsync(CancellationToken cancellation)
    {
        await pace.SpendAsync(1, cancellation);
        await turns.WaitAsync(cancellation);
        return new Turn(turns);
    }

    internal readonly struct Turn(SemaphoreSlim turns) : IDisposable
    {
        public void Dispose() => turns.Release();
    }
}
