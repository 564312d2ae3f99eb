using System.Net;
using System.Text;
using PracticPro.Egress;
using PracticPro.Kernel;
using PracticPro.Sandbox.Faults;
using PracticPro.Sandbox.Gmail;
using PracticPro.Sandbox.OAuth;
using PracticPro.Tests.Sandbox;
using SandboxOptions = PracticPro.Sandbox.SandboxOptions;

namespace PracticPro.Tests.Egress;

/// <summary>Several reads in one exchange, and never anything else.</summary>
public sealed class BatchAtTheDoorTests : IAsyncLifetime
{
    private static readonly EgressRequest Profile = new(GoogleServices.Gmail, GoogleServices.Profile);
    private static readonly EgressRequest Labels = new(GoogleServices.Gmail, GoogleServices.ListLabels);

    private SandboxClient sandbox = null!;
    private EgressDoor door = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        sandbox = await SandboxClient.StartAsync();
        door = new EgressDoor(
            new EgressOptions { Homes = ProcessorBook.All.ToDictionary(static one => one.Name, _ => sandbox.Host.Address) },
            TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        door.Dispose();
        await sandbox.DisposeAsync();
    }

    [Fact]
    public async Task Each_read_is_answered_for_itself_in_the_order_they_were_asked()
    {
        var absent = new EgressRequest(GoogleServices.Gmail, GoogleServices.GetMessage) { PathArguments = ["19af0000000000ff"] };

        var answer = (await door.SendBatchAsync(GoogleServices.Batch, [Profile, absent, Labels], Token(), Cancellation)).Expect();

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.NotFound, HttpStatusCode.OK], answer.Parts.Select(static part => part.Status));
        Assert.Contains("emailAddress", Encoding.UTF8.GetString(answer.Parts[0].Body.Span), StringComparison.Ordinal);
        Assert.Contains("\"labels\"", Encoding.UTF8.GetString(answer.Parts[2].Body.Span), StringComparison.Ordinal);
        Assert.All(answer.Parts, static part => Assert.NotNull(part.Date));
    }

    [Fact]
    [Trait("Promise", "APR-1")]
    public async Task Of_all_there_is_to_call_a_batch_takes_reads_and_nothing_else()
    {
        var token = Token();
        var others =
            from processor in ProcessorBook.All
            from operation in processor.Operations
            where operation.Effect != Effect.Read || operation.Method != HttpMethod.Get || processor != GoogleServices.Gmail
            select new EgressRequest(processor, operation) { PathArguments = ["a", "b", "c"] };
        var hidden = others.ToList();

        Assert.Contains(hidden, static one => one.Operation.Effect == Effect.Write);
        Assert.Contains(hidden, static one => one.Operation.Effect == Effect.Batch);
        foreach (var request in hidden)
        {
            await RefusedAsync(token, [request]);
            await RefusedAsync(token, [Profile, request]);
            await RefusedAsync(token, [request, Profile]);
        }

        Assert.False(token.WasOpened);
        Assert.Empty(sandbox.World.Statistics.Requests);
    }

    [Fact]
    [Trait("Promise", "APR-1")]
    public async Task A_read_in_a_batch_brings_nothing_of_its_own()
    {
        var token = Token();
        EgressRequest[] laden =
        [
            Profile with { Body = "{}"u8.ToArray() },
            Profile with { Bearer = token },
            Profile with { FormToken = new TokenField("token", token) },
            Profile with { Client = new BasicClient("name", new SecretText("secret")) },
            Profile with { Permit = SendPermit.Mint(token.Owner, new byte[32]) },
            Profile with { Headers = [new("X-HTTP-Method-Override", "DELETE")] },
            Profile with { Operation = ProviderOperation.Read("gmail-profile", "/elsewhere") },
            new(GoogleServices.Gmail with { Purpose = "Another of that name." }, GoogleServices.Profile),
        ];
        foreach (var request in laden)
        {
            await RefusedAsync(token, [Profile, request]);
        }

        await RefusedAsync(token, []);
        await RefusedAsync(token, [.. Enumerable.Repeat(Profile, 101)]);
        Assert.False(token.WasOpened);
        Assert.Empty(sandbox.World.Statistics.Requests);
    }

    [Fact]
    [Trait("Promise", "APR-1")]
    public async Task Nobody_but_the_door_writes_a_batch()
    {
        var written = new EgressRequest(GoogleServices.Gmail, GoogleServices.Batch)
        {
            Body = BatchParts.Compose([Profile]),
            BodyType = BatchParts.BodyType,
            Bearer = Token(),
        };

        await Assert.ThrowsAsync<InvalidOperationException>(() => door.SendAsync(written, Cancellation));
        await Assert.ThrowsAsync<InvalidOperationException>(
            () => door.SendBatchAsync(ProviderOperation.Batch("gmail-batch", "/elsewhere"), [Profile], Token(), Cancellation));
        await Assert.ThrowsAsync<InvalidOperationException>(
            () => door.SendBatchAsync(GoogleServices.CreateDraft, [Profile], Token(), Cancellation));
        Assert.Empty(sandbox.World.Statistics.Requests);
    }

    [Fact]
    [Trait("Promise", "CON-2")]
    public async Task The_token_is_zeroed_after_and_one_for_somebody_else_is_not_opened()
    {
        var (token, foreign) = (Token(), new Lent("ya29.other", GoogleServices.Keys));

        (await door.SendBatchAsync(GoogleServices.Batch, [Profile], token, Cancellation)).Expect();
        await RefusedAsync(foreign, [Profile]);

        Assert.True(token.IsZeroed);
        Assert.False(foreign.WasOpened);
    }

    [Theory]
    [InlineData("authError", HttpStatusCode.Unauthorized)]
    [InlineData("userRateLimitExceeded", HttpStatusCode.Forbidden)]
    [InlineData("backendError", HttpStatusCode.ServiceUnavailable)]
    public async Task A_batch_that_is_refused_as_a_whole_is_that_answer(string reason, HttpStatusCode status)
    {
        sandbox.World.Faults.Add(new FaultMatch("POST", "^/batch$", null), new FaultAction(FaultKind.Status) { Reason = reason });

        var answer = (await door.SendBatchAsync(GoogleServices.Batch, [Profile, Labels], Token(), Cancellation)).Expect();

        Assert.Equal(status, answer.Outer.Status);
        Assert.Contains(reason, Encoding.UTF8.GetString(answer.Outer.Body.Span), StringComparison.Ordinal);
        Assert.Empty(answer.Parts);
    }

    [Fact]
    public async Task Success_that_cannot_be_taken_apart_is_a_failure()
    {
        sandbox.World.Faults.Add(new FaultMatch("POST", "^/batch$", null), new FaultAction(FaultKind.Malformed));

        var outcome = await door.SendBatchAsync(GoogleServices.Batch, [Profile, Labels], Token(), Cancellation);

        Assert.IsType<EgressFailures.AnswerBroken>(outcome.Failure);
    }

    private async Task RefusedAsync(SealedToken token, EgressRequest[] reads) => await Assert.ThrowsAsync<InvalidOperationException>(
        () => door.SendBatchAsync(GoogleServices.Batch, reads, token, Cancellation));

    private Lent Token() => new(
        sandbox.World.Grants.IssueAccess(OAuthClient.Default, SandboxOptions.DefaultMailbox, [GmailScopes.Readonly]),
        GoogleServices.Gmail);

    /// <summary>A token that remembers the memory it was opened into.</summary>
    private sealed class Lent(string text, Processor processor) : SealedToken
    {
        private Memory<byte> given;

        public bool WasOpened { get; private set; }

        public bool IsZeroed => WasOpened && !given.Span.ContainsAnyExcept((byte)0);

        public override Processor For => processor;

        public override TenantId Owner => TenantId.Parse("test-a");

        public override ValueTask<Outcome<int>> OpenAsync(Memory<byte> into, CancellationToken cancellation)
        {
            (given, WasOpened) = (into, true);
            return ValueTask.FromResult(new Outcome<int>(Encoding.Latin1.GetBytes(text, into.Span)));
        }
    }
}
