using System.Text;
using PracticPro.Audit;
using PracticPro.Audit.Verify;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Vault;

namespace PracticPro.Keys.Platform;

/// <summary>
/// Has the key that signs checkpoints followed by a fresh one:
/// <list type="number">
/// <item>A key is made that nobody signs by. Both keys sign the statement that it follows (<see cref="KeySuccession"/>), and key
/// and statement are kept in one write: the first that is kept under the next number is the successor.</item>
/// <item>It signs from a moment on that every process has heard of before.</item>
/// <item>From then on each practice's last checkpoint is signed anew, after its log was hashed again as a whole. One that could
/// not be is signed anew when its next checkpoint is taken.</item>
/// <item>The private half of the old key is done away with.</item>
/// </list>
/// A run that died is gone on with by the next.
/// </summary>
internal sealed class RotateSigningKey(
    ISigningKeys keys, PlatformSigner signer, AuditTrails trails, IFleet fleet, PlatformPace pace, TimeProvider time)
{
    private static readonly TimeSpan Lately = TimeSpan.FromDays(1);

    /// <summary>What a run has to say while it goes on.</summary>
    internal abstract record News
    {
        private News()
        {
        }

        /// <param name="KeyId">SHA-256 of the new key, as it is pinned.</param>
        public sealed record Followed(int Generation, string KeyId) : News;

        public sealed record Waiting(DateTimeOffset Until) : News;

        /// <param name="Left">Logs that could not be; a person has to look at them.</param>
        public sealed record SignedAnew(long Logs, long Left) : News;

        public sealed record Ended(int Generation) : News;
    }

    /// <summary>Begins a change, or goes on with the one under way, until it is done.</summary>
    /// <param name="reason">
    /// One that is under way keeps its own. A compromise is not dropped for it: <see cref="PlatformFailures.FollowedAsScheduled"/>.
    /// </param>
    /// <param name="evenLately">Also when the last one was done within a day.</param>
    public async Task<Outcome<Done>> RunAsync(
        SuccessionReason reason, bool evenLately, Action<News> tell, CancellationToken cancellation)
    {
        var generations = await keys.ReadAsync(cancellation);
        var newest = generations[^1];
        if (generations.Length == 1 || generations[^2].IsEnded)
        {
            if (!evenLately && newest.SignsFrom > time.GetUtcNow() - Lately)
            {
                return new PlatformFailures.ChangedLately();
            }

            tell(await FollowAsync(newest.Number, reason, cancellation));
            newest = (await keys.ReadAsync(cancellation))[^1];
        }

        // One under way, begun by whoever: what it says of the old key is signed already, and is not what is asked for.
        if (reason == SuccessionReason.Compromised && !GivesUp(newest))
        {
            return new PlatformFailures.FollowedAsScheduled();
        }

        for (var now = time.GetUtcNow(); now < newest.SignsFrom; now = time.GetUtcNow())
        {
            tell(new News.Waiting(newest.SignsFrom));
            await Task.Delay(newest.SignsFrom - now, time, cancellation);
        }

        await signer.LookAsync(cancellation);
        tell(await SignAnewAsync(cancellation));
        await keys.EndAsync(newest.Number - 1, cancellation);
        tell(new News.Ended(newest.Number - 1));
        return Done.Value;
    }

    private static bool GivesUp(SigningGeneration newest) =>
        SuccessionNote.TryParse(newest.Statement, out var note) && note.Succession.Reason == SuccessionReason.Compromised;

    private async Task<News> FollowAsync(int number, SuccessionReason reason, CancellationToken cancellation)
    {
        var old = await keys.OpenAsync(number, cancellation);
        try
        {
            using var candidate = await keys.MakeAsync(cancellation);
            var from = time.GetUtcNow() + pace.KnownBefore;
            var succession = new KeySuccession(
                TakeCheckpoint.KeyOf(old), TakeCheckpoint.KeyOf(candidate.Signer), from.ToUnixTimeMilliseconds(), reason);
            var text = Encoding.UTF8.GetBytes(succession.Text);
            var byOld = await old.SignAsync(text, cancellation);
            var byNew = await candidate.Signer.SignAsync(text, cancellation);
            var note = SuccessionNote.Of(succession, byOld, byNew);
            await keys.SucceedAsync(candidate, number + 1, from, note.Text, cancellation);
        }
        finally
        {
            (old as IDisposable)?.Dispose();
        }

        // Which key it is says the store: another run may have been first.
        var kept = await keys.OpenAsync(number + 1, cancellation);
        using (kept as IDisposable)
        {
            return new News.Followed(number + 1, TakeCheckpoint.KeyOf(kept).KeyId);
        }
    }

    private async Task<News> SignAnewAsync(CancellationToken cancellation)
    {
        var (logs, left) = (0L, 0L);
        await foreach (var tenant in fleet.TenantsAsync(cancellation))
        {
            try
            {
                await trails.Checkpoints(tenant).ExecuteAsync(cancellation);
                logs++;
            }
            catch (Exception altered) when (altered is AuditLogAlteredException or AuditLogRolledBackException)
            {
                left++;
            }
        }

        return new News.SignedAnew(logs, left);
    }
}
