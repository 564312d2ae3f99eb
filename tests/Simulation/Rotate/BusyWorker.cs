using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Vault;

namespace PracticPro.Simulation.Rotate;

/// <summary>
/// Reads any sample, alone, in lists and by look-up, and rewrites, deletes and makes again those that are its own, one piece
/// of work after another. Whatever it reads must be what was written.
/// </summary>
/// <param name="who">Its own samples are those of this number, counted through by <paramref name="writers"/>.</param>
internal sealed class BusyWorker(
    BusyProcess process, Pacer pacer, WrittenSamples written, Tally tally, TenantId tenant, Random random, int who, int writers)
{
    private const int OperationsAPiece = 12;
    private const int ListLimit = 20;
    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(2);

    public async Task RunAsync(CancellationToken enough)
    {
        while (!enough.IsCancellationRequested)
        {
            using (pacer.Work())
            {
                await WorkAsync();
            }

            await Task.Delay(Breath, TimeProvider.System, CancellationToken.None);
        }
    }

    private async Task WorkAsync()
    {
        try
        {
            var records = await process.OpenAsync(tenant);
            for (var at = 0; at < OperationsAPiece; at++)
            {
                await (random.Next(10) switch
                {
                    < 5 => ReadAsync(records, random.Next(written.Count)),
                    < 6 => ListAsync(records, random.Next(written.Count)),
                    < 7 => LookUpAsync(records, random.Next(written.Count)),
                    _ => WriteAsync(records, (random.Next(written.Count / writers) * writers) + who),
                });
            }
        }
        catch (KeysExpiredException)
        {
            // Revoked: the work is done again with the keys there are now.
            tally.Reopen();
        }
        catch (Exception trouble)
        {
            tally.Read(false, $"Opening the keys failed: {trouble.GetType().Name}, {trouble.Message}");
        }
    }

    private async Task ReadAsync(SealedRecords records, int number)
    {
        var before = written.Stored(number);
        await LookAsync(number, async () =>
        {
            var found = await records.FindAsync(Sample.KindOf(number), Sample.IdOf(number), CancellationToken.None);
            return written.Allows(number, before, found?.Value);
        });
    }

    private Task ListAsync(SealedRecords records, int near) => LookAsync(near, async () =>
    {
        var page = await records.ListAsync(
            Sample.KindOf(near), "group", Sample.GroupOf(near), ListOrder.Ascending, ListLimit, null, CancellationToken.None);

        // When each was stored is not known here; that it is whole and no older than its beginning is.
        return page.Items.All(item => written.Allows(item.Value.Number, 0, item.Value));
    });

    private async Task LookUpAsync(SealedRecords records, int number)
    {
        var before = written.Stored(number);
        await LookAsync(number, async () =>
        {
            var kind = Sample.KindOf(number);
            var phone = records.Blind(kind, "phone", Sample.PhoneOf(number));
            var page = await records.ListAsync(kind, "phone", phone, ListOrder.Ascending, ListLimit, null, CancellationToken.None);
            return page.Items.Count <= 1 && written.Allows(number, before, page.Items.SingleOrDefault()?.Value);
        });
    }

    private async Task LookAsync(int number, Func<Task<bool>> look)
    {
        try
        {
            tally.Read(await look(), $"Sample {number} was read and is not what was written.");
        }
        catch (Exception trouble) when (trouble is not KeysExpiredException)
        {
            tally.Read(false, $"Sample {number} could not be read: {trouble.GetType().Name}, {trouble.Message}");
        }
    }

    private async Task WriteAsync(SealedRecords records, int number)
    {
        try
        {
            var kind = Sample.KindOf(number);
            while (true)
            {
                var stored = await records.FindAsync(kind, Sample.IdOf(number), CancellationToken.None);
                tally.Read(written.Allows(number, written.Stored(number), stored?.Value), $"Sample {number} was not as its writer left it.");
                var next = written.Stored(number) + 1;
                Operation step = Sample.IsGone(next)
                    ? records.Delete(kind, Sample.IdOf(number), Condition.Is(stored!.Version))
                    : records.Put(kind, Sample.Of(number, next), stored is null ? Condition.Absent : Condition.Is(stored.Version));
                written.Try(number, next);
                if (await records.CommitAsync([step], CancellationToken.None) is CommitOutcome.Committed)
                {
                    written.Store(number, next);
                    tally.Wrote();
                    return;
                }

                // Sealed anew under it meanwhile: the condition told, and it is read again.
                tally.Conflict();
            }
        }
        catch (Exception trouble) when (trouble is not KeysExpiredException)
        {
            tally.WriteFailed($"Sample {number} could not be written: {trouble.GetType().Name}, {trouble.Message}");
        }
    }
}
