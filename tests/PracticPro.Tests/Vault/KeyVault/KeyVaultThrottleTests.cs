using PracticPro.Kernel;
using PracticPro.KeyVaultDouble;
using PracticPro.Tests.Support;
using PracticPro.Vault;
using PracticPro.Vault.Drivers.KeyVault;
using static PracticPro.Tests.Vault.KeyVault.VaultPremises;

namespace PracticPro.Tests.Vault.KeyVault;

/// <summary>A vault that throttles is left in peace by everybody at once, and nobody waits for ever.</summary>
public sealed class KeyVaultThrottleTests
{
    private static readonly VaultKeyName Name = VaultKeyName.Of(TenantId.Parse("test-a"));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Sixty_callers_who_meet_a_throttle_do_not_stampede()
    {
        await using var premises = await OpenAsync();
        premises.Options = premises.Options with { MostAtOnce = 4 };
        var keys = premises.Keys();
        await keys.FindDeletedAsync(Name, Cancellation);
        premises.Server.Faults.Add(new Fault("getdeleted", FaultKind.Answer, 1, 429, "Throttled", RetryAfter: 1));

        var began = premises.Time.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, 60).Select(
            _ => Task.Run(async () => await keys.FindDeletedAsync(Name, Cancellation))));

        // One before, sixty that were answered, one that was throttled: nobody asked in vain meanwhile.
        Assert.Equal(62, premises.Asked("getdeleted"));
        Assert.Equal(1, premises.Server.Answers[429]);
        Assert.True(premises.Time.GetElapsedTime(began) >= TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task A_spent_budget_costs_no_more_refusals_than_requests_under_way()
    {
        var clock = new FakeClock();
        await using var premises = await OpenAsync(clock, static options => options with { Units = 30 });
        premises.Options = premises.Options with { MostAtOnce = 4, Patience = TimeSpan.FromMinutes(5) };
        var keys = premises.Keys();

        var calls = Task.WhenAll(Enumerable.Range(0, 100).Select(
            _ => Task.Run(async () => await keys.FindDeletedAsync(Name, Cancellation))));
        while (!calls.IsCompleted)
        {
            clock.Advance(TimeSpan.FromMilliseconds(100));
            await Deadline.MomentAsync(Cancellation);
        }

        await calls;
        Assert.Equal(100, premises.Server.Answers[404]);

        // A hundred units run out three times at most. Each time four are under way at most, and while the first refusal
        // travels, up to three answers to others may each let one more go.
        Assert.InRange(premises.Server.Answers.GetValueOrDefault(429), 1, 3 * (4 + 3));
    }

    [Fact]
    public async Task Who_would_wait_longer_than_the_patience_fails_at_once_and_is_told_for_how_long()
    {
        await using var premises = await OpenAsync();
        premises.Options = premises.Options with { Patience = TimeSpan.FromSeconds(2) };
        var keys = premises.Keys();
        await keys.FindDeletedAsync(Name, Cancellation);
        premises.Server.Faults.Add(new Fault("getdeleted", FaultKind.Answer, 1, 429, "Throttled", RetryAfter: 50));

        var first = await UnavailableAsync(async () => await keys.FindDeletedAsync(Name, Cancellation));
        var asked = premises.Asked("getdeleted");
        var second = await UnavailableAsync(async () => await keys.FindDeletedAsync(Name, Cancellation));

        Assert.Equal("key-store-throttled", first.Code);
        Assert.InRange(second.RetryAfter!.Value, TimeSpan.FromSeconds(40), TimeSpan.FromSeconds(50));
        Assert.Equal(asked, premises.Asked("getdeleted"));
    }

    [Fact]
    public async Task No_more_wait_than_may()
    {
        var clock = new FakeClock();
        var gate = new KeyVaultGate(mostAtOnce: 1, mostWaiting: 2, TimeSpan.FromSeconds(30), clock);
        var inside = await gate.EnterAsync(clock.GetTimestamp(), Cancellation);
        var waiting = Enumerable.Range(0, 2).Select(_ => gate.EnterAsync(clock.GetTimestamp(), Cancellation).AsTask()).ToList();

        Assert.IsType<KeyStoreFailures.Throttled>(await UnavailableAsync(
            async () => await gate.EnterAsync(clock.GetTimestamp(), Cancellation)));

        inside.Dispose();
        (await await Task.WhenAny(waiting)).Dispose();
        (await Task.WhenAll(waiting))[1].Dispose();
    }

    [Fact]
    public async Task A_place_that_never_comes_free_is_not_waited_for_for_ever()
    {
        var clock = new FakeClock();
        var gate = new KeyVaultGate(mostAtOnce: 1, mostWaiting: 5, TimeSpan.FromSeconds(30), clock);
        using var inside = await gate.EnterAsync(clock.GetTimestamp(), Cancellation);
        var waiting = gate.EnterAsync(clock.GetTimestamp(), Cancellation).AsTask();

        clock.Advance(TimeSpan.FromSeconds(30));

        Assert.IsType<KeyStoreFailures.Throttled>(await UnavailableAsync(() => waiting));
    }

    [Fact]
    public void Pauses_without_a_word_from_the_vault_double_and_those_of_one_burst_count_once()
    {
        var clock = new FakeClock();
        var gate = new KeyVaultGate(4, 5, TimeSpan.FromSeconds(30), clock);
        clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(TimeSpan.FromSeconds(1), gate.Hold(null));
        Assert.Equal(TimeSpan.FromSeconds(1), gate.Hold(null));
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(TimeSpan.FromSeconds(2), gate.Hold(null));
        clock.Advance(TimeSpan.FromSeconds(3));
        gate.Took();
        Assert.Equal(TimeSpan.FromSeconds(1), gate.Hold(null));
    }
}
