using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using PracticPro.Egress;
using PracticPro.Kernel;
using PracticPro.Sandbox;
using PracticPro.Sandbox.Faults;

namespace PracticPro.Tests.Egress;

public sealed class EgressDoorTests
{
    private static readonly TenantId Tenant = TenantId.Parse("test-a");
    private static readonly byte[] Mime = "Subject: a\r\n\r\nText.\r\n"u8.ToArray();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Promise", "APR-1")]
    public async Task No_declared_write_passes_without_a_permit_for_its_own_bytes()
    {
        await using var sandbox = await StartAsync();
        using var door = DoorTo(sandbox.Address);
        var writes =
            from processor in ProcessorBook.All
            from operation in processor.Operations
            where operation.Effect == Effect.Write
            select new EgressRequest(processor, operation) { Body = Body(Mime), Bearer = new TokenOf(Tenant, processor) };
        Assert.NotEmpty(writes);
        foreach (var write in writes)
        {
            EgressRequest[] unlicensed =
            [
                write,
                write with { Permit = PermitFor("other bytes"u8) },
                write with { Permit = PermitFor(Mime), Body = Encoding.UTF8.GetBytes("""{"id":"r1"}""") },
                write with { Permit = PermitFor(Mime), Body = Encoding.UTF8.GetBytes("""{"message":{"raw":""}}""") },
                write with { Permit = PermitFor(Mime), Body = Encoding.UTF8.GetBytes("""{"message":{"raw":"%%"}}""") },
                write with { Permit = PermitFor(Mime), Body = Encoding.UTF8.GetBytes("""{"message":[]}""") },
                write with { Permit = PermitFor(Mime), Body = "no json"u8.ToArray() },
                write with { Permit = PermitFor(default), Body = default },
                write with { Permit = PermitFor(default), Body = Encoding.UTF8.GetBytes("""{"message":{"raw":""}}""") },
                write with { Permit = PermitFor(Mime), Bearer = null },
                write with { Permit = PermitFor(Mime), Bearer = new TokenOf(TenantId.Parse("test-b"), write.Processor) },
            ];
            foreach (var request in unlicensed)
            {
                var outcome = await door.SendAsync(request, Cancellation);
                Assert.True(outcome.Failure is EgressFailures.NoPermit, $"{request.Operation.Name}: {outcome.Failure}");
            }
        }

        Assert.Empty(sandbox.World.Statistics.Requests);
    }

    [Fact]
    [Trait("Promise", "APR-3")]
    public async Task A_permit_is_spent_by_one_call_of_an_operation()
    {
        await using var sandbox = await StartAsync();
        using var door = DoorTo(sandbox.Address);
        var permit = PermitFor(Mime);
        var create = new EgressRequest(GoogleServices.Gmail, GoogleServices.CreateDraft)
        {
            Body = Body(Mime), Permit = permit, Bearer = new TokenOf(Tenant, GoogleServices.Gmail),
        };
        Assert.True((await door.SendAsync(create, Cancellation)).Succeeded);
        Assert.IsType<EgressFailures.NoPermit>((await door.SendAsync(create, Cancellation)).Failure);
        Assert.True((await door.SendAsync(create with { Operation = GoogleServices.SendDraft }, Cancellation)).Succeeded);
        Assert.Equal(2, sandbox.World.Statistics.Requests.Sum(pair => pair.Value));
    }

    [Fact]
    public void Of_many_who_spend_a_permit_at_once_one_does()
    {
        var permit = PermitFor(Mime);
        Assert.Single(ParallelEnumerable.Range(0, 64).Select(_ => permit.TrySpend(GoogleServices.SendDraft, Mime)), spent => spent);
    }

    [Fact]
    public async Task What_a_processor_does_not_offer_cannot_be_asked_of_it()
    {
        using var door = DoorTo(new Uri("http://127.0.0.1:9"));
        await Assert.ThrowsAsync<InvalidOperationException>(
            () => door.SendAsync(new EgressRequest(GoogleServices.Keys, GoogleServices.Profile), Cancellation));
        await Assert.ThrowsAsync<InvalidOperationException>(
            () => door.SendAsync(new EgressRequest(GoogleServices.Gmail, ProviderOperation.Read("gmail-profile", "/elsewhere")), Cancellation));
    }

    [Theory]
    [InlineData("http://192.0.2.1/")]
    [InlineData("https://gmail.googleapis.com/")]
    [InlineData("/relative")]
    public void Another_home_than_loopback_is_refused(string home)
    {
        var options = new EgressOptions { Homes = { [GoogleServices.Gmail.Name] = new Uri(home, UriKind.RelativeOrAbsolute) } };
        Assert.NotEmpty(options.Errors());
        Assert.Throws<ArgumentException>(() => new EgressDoor(options, TimeProvider.System));
    }

    [Fact]
    public async Task A_redirect_is_an_answer_and_is_not_followed()
    {
        using var server = new OneAnswer("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 0\r\n\r\n");
        using var door = DoorTo(server.Address);
        Assert.Equal(HttpStatusCode.Found, (await ProfileAsync(door)).Expect().Status);
    }

    [Fact]
    public async Task An_answer_that_says_it_is_too_large_is_not_read()
    {
        using var server = new OneAnswer("HTTP/1.1 200 OK\r\nContent-Length: 999999999\r\n\r\n");
        using var door = DoorTo(server.Address);
        Assert.IsType<EgressFailures.AnswerTooLarge>((await ProfileAsync(door)).Failure);
    }

    [Fact]
    public async Task Nobody_there_is_told_apart_from_no_answer()
    {
        using var nobody = DoorTo(new Uri("http://127.0.0.1:1"));
        Assert.IsType<EgressFailures.NotReached>((await ProfileAsync(nobody)).Failure);

        await using var sandbox = await StartAsync();
        using var door = DoorTo(sandbox.Address);
        sandbox.World.Faults.Add(new FaultMatch(null, null, null), new FaultAction(FaultKind.DropBefore));
        Assert.IsType<EgressFailures.NoAnswer>((await ProfileAsync(door)).Failure);
        sandbox.World.Faults.Add(new FaultMatch(null, null, null), new FaultAction(FaultKind.Truncate));
        Assert.IsType<EgressFailures.NoAnswer>((await ProfileAsync(door)).Failure);
    }

    [Fact]
    public async Task A_caller_who_gives_up_is_not_told_that_there_was_no_answer()
    {
        await using var sandbox = await StartAsync();
        using var door = DoorTo(sandbox.Address);
        using var given = new CancellationTokenSource();
        await given.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => door.SendAsync(new EgressRequest(GoogleServices.Gmail, GoogleServices.Profile), given.Token));
    }

    private static Task<Outcome<EgressAnswer>> ProfileAsync(EgressDoor door) =>
        door.SendAsync(new EgressRequest(GoogleServices.Gmail, GoogleServices.Profile), Cancellation);

    private static Task<SandboxHost> StartAsync() => SandboxHost.StartAsync(new SandboxOptions { Fill = false }, Cancellation);

    private static EgressDoor DoorTo(Uri address) =>
        new(new EgressOptions { Homes = { [GoogleServices.Gmail.Name] = address } }, TimeProvider.System);

    private static SendPermit PermitFor(ReadOnlySpan<byte> bytes) => SendPermit.Mint(Tenant, SHA256.HashData(bytes));

    private static byte[] Body(byte[] mime) => JsonSerializer.SerializeToUtf8Bytes(new { message = new { raw = Base64Url.EncodeToString(mime) } });

    private sealed class TokenOf(TenantId owner, Processor processor) : SealedToken
    {
        public override Processor For => processor;

        public override TenantId Owner => owner;

        public override ValueTask<Outcome<int>> OpenAsync(Memory<byte> into, CancellationToken cancellation) =>
            ValueTask.FromResult(new Outcome<int>(Encoding.ASCII.GetBytes("ya29.token", into.Span)));
    }

    /// <summary>Answers the first request with these bytes, whatever it is.</summary>
    private sealed class OneAnswer : IDisposable
    {
        private readonly TcpListener listener = new(IPAddress.Loopback, 0);

        public OneAnswer(string answer)
        {
            listener.Start();
            _ = AnswerAsync(answer);
        }

        public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");

        public void Dispose() => listener.Dispose();

        private async Task AnswerAsync(string answer)
        {
            using var client = await listener.AcceptTcpClientAsync(Cancellation);
            var stream = client.GetStream();
            _ = await stream.ReadAsync(new byte[4096], Cancellation);
            await stream.WriteAsync(Encoding.ASCII.GetBytes(answer), Cancellation);
            // Until the caller hangs up.
            _ = await stream.ReadAsync(new byte[1], Cancellation);
        }
    }
}
