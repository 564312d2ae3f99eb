using System.Diagnostics.Metrics;
using System.Text;
using PracticPro.Kernel;
using PracticPro.Sandbox.Gmail;
using PracticPro.Sandbox.PubSub;
using PracticPro.Sync;
using PracticPro.Tests.Support;

namespace PracticPro.Tests.Sync;

[Trait("Promise", "CON-4")]
public sealed class PushTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Missing")]
    [InlineData("BadSignature")]
    [InlineData("WrongAudience")]
    [InlineData("WrongIssuer")]
    [InlineData("Expired")]
    [InlineData("NotYetValid")]
    [InlineData("WrongEmail")]
    [InlineData("UnverifiedEmail")]
    [InlineData("AlgorithmNone")]
    [InlineData("AlgorithmHmac")]
    [InlineData("UnknownKey")]
    public async Task A_push_with_a_bad_token_is_refused_and_counted(string fault)
    {
        await using var premises = await Premises.ConnectedAsync(new() { Letters = 0 });
        var asked = premises.Outside.Asked("/history");
        using var refused = new Counted(premises.Get<SyncMeter>(), "push-unproven");
        var outcome = await premises.PushAsync(fault: Enum.Parse<TokenFault>(fault));
        await premises.SettleAsync();
        Assert.IsType<SyncFailures.PushUnproven>(outcome.Failure);
        Assert.Equal(1, refused.Count);
        Assert.Equal(asked, premises.Outside.Asked("/history"));
    }

    [Theory]
    [InlineData("Bearer ")]
    [InlineData("Bearer a.b.c")]
    [InlineData("Bearer ..")]
    [InlineData("Bearer eyJhbGciOiJSUzI1NiJ9.e30.")]
    [InlineData("Bearer bm8.bm8.bm8")]
    [InlineData("Basic abc")]
    [InlineData("bearer eyJhbGciOiJSUzI1NiJ9.e30.AA")]
    public async Task Whatever_is_no_token_is_refused_before_the_body_is_read(string authorization)
    {
        await using var premises = await Premises.OpenAsync(new() { Letters = 0 });
        var outcome = await premises.NotifyAsync(authorization, "not even json"u8.ToArray());
        Assert.IsType<SyncFailures.PushUnproven>(outcome.Failure);
    }

    [Fact]
    public async Task A_push_for_a_mailbox_nobody_connected_is_acknowledged_and_dropped()
    {
        await using var premises = await Premises.ConnectedAsync(new() { Letters = 0 });
        using var dropped = new Counted(premises.Get<SyncMeter>(), "unknown-mailbox");
        var asked = premises.Outside.Asked("/history");
        (await premises.PushAsync(address: "stranger@elsewhere.example")).Expect();
        await premises.SettleAsync();
        Assert.Equal(1, dropped.Count);
        Assert.Equal(asked, premises.Outside.Asked("/history"));
    }

    [Fact]
    public async Task A_push_that_comes_twice_is_followed_once()
    {
        await using var premises = await Premises.ConnectedAsync(new() { Letters = 0 });
        var asked = premises.Outside.Asked("/history");
        (await premises.PushAsync("77")).Expect();
        await premises.SettleAsync();
        (await premises.PushAsync("77")).Expect();
        await premises.SettleAsync();
        Assert.Equal(asked + 1, premises.Outside.Asked("/history"));
    }

    [Fact]
    [Trait("Promise", "SYNC-1")]
    public async Task Pushes_in_any_order_end_in_step()
    {
        await using var premises = await Premises.ConnectedAsync();
        foreach (var push in (string[])["3", "1", "2", "1"])
        {
            await premises.Outside.DeliverAsync();
            (await premises.PushAsync(push)).Expect();
        }

        await premises.SettleAsync();
        (await premises.PushAsync("4")).Expect();
        await premises.SettleAsync();
        await premises.AssertInStepAsync();
    }

    [Fact]
    public async Task A_proven_push_that_cannot_be_read_is_refused()
    {
        await using var premises = await Premises.OpenAsync(new() { Letters = 0 });
        var settings = new PushSettings(new Uri("http://127.0.0.1:9/")) { Audience = Premises.PushAudience, Email = Premises.PushAccount };
        var token = PushToken.Sign(premises.Outside.World.SigningKeys, settings, premises.Clock.GetUtcNow(), TokenFault.None);
        string[] bodies =
        [
            "", "null", "[]", "{}", """{"message":null}""", """{"message":{"data":"!!","messageId":"1"}}""",
            """{"message":{"data":"bnVsbA==","messageId":"1"}}""", """{"message":{"data":"e30=","messageId":"../1"}}""",
        ];
        foreach (var body in bodies)
        {
            var outcome = await premises.NotifyAsync($"Bearer {token}", Encoding.UTF8.GetBytes(body));
            Assert.IsType<SyncFailures.PushMalformed>(outcome.Failure);
        }
    }

    [Fact]
    public async Task A_push_token_that_was_proven_is_not_believed_past_its_time()
    {
        await using var premises = await Premises.ConnectedAsync(new() { Letters = 0 });
        var token = Token(premises, premises.Clock.GetUtcNow() - TimeSpan.FromMinutes(58));
        Assert.Null((await SendAsync(premises, token)).Failure);

        await premises.PassAsync(TimeSpan.FromMinutes(4));

        Assert.IsType<SyncFailures.PushUnproven>((await SendAsync(premises, token)).Failure);
    }

    [Fact]
    public async Task A_push_token_that_was_proven_counts_no_more_once_its_key_is_known_to_be_withdrawn()
    {
        await using var premises = await Premises.ConnectedAsync(new() { Letters = 0 });
        var token = Token(premises, premises.Clock.GetUtcNow());
        Assert.Null((await SendAsync(premises, token)).Failure);

        premises.Outside.World.SigningKeys.Replace();
        await premises.PassAsync(TimeSpan.FromMinutes(2));
        Assert.Null((await SendAsync(premises, Token(premises, premises.Clock.GetUtcNow()))).Failure);

        Assert.IsType<SyncFailures.PushUnproven>((await SendAsync(premises, token)).Failure);
    }

    [Fact]
    public async Task A_push_token_that_was_proven_proves_no_other()
    {
        await using var premises = await Premises.ConnectedAsync(new() { Letters = 0 });
        var token = Token(premises, premises.Clock.GetUtcNow());
        Assert.Null((await SendAsync(premises, token)).Failure);

        var signature = token.LastIndexOf('.') + 1;
        var changed = token[..signature] + (token[signature] == 'A' ? 'B' : 'A') + token[(signature + 1)..];

        Assert.IsType<SyncFailures.PushUnproven>((await SendAsync(premises, changed)).Failure);
    }

    [Fact]
    public async Task A_rotated_signing_key_is_fetched_and_the_old_one_still_counts()
    {
        await using var premises = await Premises.ConnectedAsync(new() { Letters = 0 });
        (await premises.PushAsync("1")).Expect();
        premises.Outside.World.SigningKeys.Rotate();
        await premises.PassAsync(TimeSpan.FromMinutes(2));
        (await premises.PushAsync("2")).Expect();
        Assert.Equal(2, premises.Outside.Asked("/oauth2/v3/certs"));
    }

    [Fact]
    public async Task Forged_key_ids_do_not_make_the_program_call_out_again_and_again()
    {
        await using var premises = await Premises.ConnectedAsync(new() { Letters = 0 });
        for (var push = 0; push < 10; push++)
        {
            await premises.PushAsync($"{push}", TokenFault.UnknownKey);
        }

        Assert.Equal(1, premises.Outside.Asked("/oauth2/v3/certs"));
    }

    [Fact]
    public async Task A_push_for_a_lost_connection_leaves_no_order_behind()
    {
        await using var premises = await Premises.ConnectedAsync(new() { Letters = 0 });
        premises.Outside.World.Grants.RevokeAccount(Outside.Mailbox);
        await premises.PassAsync(TimeSpan.FromMinutes(5));
        (await premises.PushAsync()).Expect();
        var queue = (await premises.ScopeAsync()).Storage.Queue;
        Assert.Equal(0, await queue.CountAsync(PracticPro.Durable.WorkflowOutbox.Queue, Cancellation));
    }

    /// <summary>Counts one meter's pushes of one result.</summary>
    private sealed class Counted : IDisposable
    {
        private readonly MeterListener listener = new();
        private int count;

        public Counted(SyncMeter meter, string result)
        {
            listener.InstrumentPublished = (instrument, hearing) =>
            {
                if (meter.Owns(instrument.Meter))
                {
                    hearing.EnableMeasurementEvents(instrument);
                }
            };
            listener.SetMeasurementEventCallback<long>((_, measurement, tags, _) =>
            {
                if (tags.ToArray().Any(tag => result.Equals(tag.Value)))
                {
                    Interlocked.Add(ref count, (int)measurement);
                }
            });
            listener.Start();
        }

        public int Count => count;

        public void Dispose() => listener.Dispose();
    }

    private static PushSettings Settings { get; } =
        new(new Uri("http://127.0.0.1:9/")) { Audience = Premises.PushAudience, Email = Premises.PushAccount };

    private static string Token(Premises premises, DateTimeOffset issuedAt) =>
        PushToken.Sign(premises.Outside.World.SigningKeys, Settings, issuedAt, TokenFault.None)!;

    private static Task<Outcome<Done>> SendAsync(Premises premises, string token) => premises.NotifyAsync(
        $"Bearer {token}",
        Encoding.UTF8.GetBytes(new PushMessage("1000000001", Outside.Mailbox, new HistoryId(42), premises.Clock.GetUtcNow())
            .ToJson(Settings.Subscription).ToJsonString()));
}
