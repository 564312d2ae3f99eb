using System.Collections.Concurrent;
using FsCheck;
using FsCheck.Fluent;
using PracticPro.Vault;
using static PracticPro.Tests.Vault.VaultFixture;

namespace PracticPro.Tests.Vault;

/// <summary>
/// A message key seals one message, since its id comes once. That nobody can choose an id is held by the architecture tests.
/// </summary>
[Trait("Promise", "ENC-1")]
public sealed class MessageIdTests
{
    [Fact]
    public void However_many_threads_take_however_many_ids_none_comes_twice()
    {
        var seen = new ConcurrentDictionary<UInt128, byte>();
        var takes = Gen.ArrayOf(Gen.Choose(0, 200), 6);

        // Ids of all runs go into one set: a stock that began anew with the same bytes would show.
        Prop.ForAll(takes.ToArbitrary(), counts =>
        {
            var firstTime = 0;
            var threads = counts.Select(count => new Thread(() =>
            {
                Span<byte> id = stackalloc byte[SealedFormat.MessageIdBytes];
                for (var taken = 0; taken < count; taken++)
                {
                    MessageIds.Next(id);
                    if (seen.TryAdd(BitConverter.ToUInt128(id), 0) && seen.TryAdd(BitConverter.ToUInt128(id[16..]), 0))
                    {
                        Interlocked.Increment(ref firstTime);
                    }
                }
            })).ToList();
            threads.ForEach(thread => thread.Start());
            threads.ForEach(thread => thread.Join());
            return firstTime == counts.Sum();
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public async Task Work_that_hops_between_threads_repeats_none()
    {
        var keys = TestKeys.Of(A, (Purpose.Records, 1, TestKeys.Filled(1)));
        var ids = new ConcurrentBag<string>();

        await Parallel.ForEachAsync(Enumerable.Range(0, 64), TestContext.Current.CancellationToken, async (_, _) =>
        {
            for (var at = 0; at < 50; at++)
            {
                ids.Add(Convert.ToHexString(keys.Seal(Purpose.Records, Place, default).Span.Slice(6, 32)));
                using var frames = keys.BeginSealing(Purpose.Records, Place);
                ids.Add(Convert.ToHexString(frames.Header.Span.Slice(6, 32)));
                await Task.Yield();
            }
        });

        Assert.Equal(64 * 100, ids.Distinct().Count());
    }

    [Fact]
    public void The_frames_of_a_message_have_nonces_that_never_come_twice()
    {
        // The same frame, over and over: under one nonce two of them would be equal.
        using var frames = TestKeys.Of(A, (Purpose.Records, 1, TestKeys.Filled(1))).BeginSealing(Purpose.Records, Place);
        var outputs = new HashSet<string>();
        var output = new byte[32];
        for (var at = 0; at < 2000; at++)
        {
            frames.Seal(new byte[16], isLast: at % 2 == 1, output);
            outputs.Add(Convert.ToHexString(output));
        }

        Assert.Equal(2000, outputs.Count);
    }
}
