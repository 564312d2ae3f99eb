using System.Net;
using System.Net.Sockets;
using System.Text;
using PracticPro.Egress;
using PracticPro.Kernel;

namespace PracticPro.Tests.Egress;

/// <summary>Tokens are opened inside the door, into memory that is zeroed when the call is over.</summary>
[Trait("Promise", "CON-2")]
public sealed class TokenAtTheDoorTests : IDisposable
{
    private readonly Listening server = new();
    private readonly EgressDoor door;

    public TokenAtTheDoorTests() => door = new EgressDoor(
        new EgressOptions
        {
            Homes = { [GoogleServices.Gmail.Name] = server.Address, [GoogleServices.Grants.Name] = server.Address },
        },
        TimeProvider.System);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_bearer_is_sent_in_the_header_and_zeroed_after()
    {
        var token = new Lent("ya29.token", GoogleServices.Gmail);

        (await door.SendAsync(Profile(token), Cancellation)).Expect();

        Assert.Contains("\r\nAuthorization: Bearer ya29.token\r\n", await server.HeardAsync(), StringComparison.Ordinal);
        Assert.True(token.IsZeroed);
    }

    [Fact]
    public async Task A_token_in_a_form_is_added_in_the_door_and_zeroed_after()
    {
        var token = new Lent("1//0 is=not&a+b~c", GoogleServices.Grants);
        var usable = new Lent("1//0is=not&a+b~c", GoogleServices.Grants);

        Assert.IsType<EgressFailures.TokenNotUsable>((await door.SendAsync(Refresh(token), Cancellation)).Failure);
        (await door.SendAsync(Refresh(usable), Cancellation)).Expect();

        Assert.EndsWith("\r\n\r\ngrant_type=refresh_token&refresh_token=1%2F%2F0is%3Dnot%26a%2Bb~c", await server.HeardAsync(), StringComparison.Ordinal);
        Assert.True(token.IsZeroed);
        Assert.True(usable.IsZeroed);
    }

    [Fact]
    public async Task A_token_is_zeroed_also_when_nobody_answers()
    {
        using var nowhere = new EgressDoor(
            new EgressOptions { Homes = { [GoogleServices.Gmail.Name] = new Uri("http://127.0.0.1:1") } }, TimeProvider.System);
        var token = new Lent("ya29.token", GoogleServices.Gmail);

        Assert.IsType<EgressFailures.NotReached>((await nowhere.SendAsync(Profile(token), Cancellation)).Failure);
        Assert.True(token.IsZeroed);
    }

    [Theory]
    [InlineData("")]
    [InlineData("ya29.a\r\nX-Evil: 1")]
    [InlineData("ya29.\u00fc")]
    [InlineData("ya29 token")]
    public async Task What_cannot_be_a_token_is_not_sent_and_not_quoted(string text)
    {
        var token = new Lent(text, GoogleServices.Gmail);

        Assert.IsType<EgressFailures.TokenNotUsable>((await door.SendAsync(Profile(token), Cancellation)).Failure);
        Assert.True(token.IsZeroed);
        Assert.False(server.WasCalled);
    }

    [Fact]
    public async Task A_token_that_cannot_be_opened_sends_nothing()
    {
        var token = new Lent("", GoogleServices.Gmail) { Refuses = new EgressFailures.NotReached() };

        Assert.IsType<EgressFailures.NotReached>((await door.SendAsync(Profile(token), Cancellation)).Failure);
        Assert.False(server.WasCalled);
    }

    [Fact]
    public async Task A_token_is_not_even_opened_for_another_processor_or_another_body()
    {
        var token = new Lent("ya29.token", GoogleServices.Gmail);
        EgressRequest[] wrong =
        [
            new(GoogleServices.Keys, GoogleServices.SigningKeys) { Bearer = token },
            Refresh(token),
            new(GoogleServices.Gmail, GoogleServices.Watch) { FormToken = new TokenField("token", token) },
            Refresh(new Lent("1//0", GoogleServices.Grants)) with { BodyType = "application/json" },
        ];

        foreach (var request in wrong)
        {
            await Assert.ThrowsAsync<InvalidOperationException>(() => door.SendAsync(request, Cancellation));
        }

        Assert.False(token.WasOpened);
        Assert.False(server.WasCalled);
    }

    public void Dispose()
    {
        door.Dispose();
        server.Dispose();
    }

    private static EgressRequest Profile(SealedToken token) =>
        new(GoogleServices.Gmail, GoogleServices.Profile) { Bearer = token };

    private static EgressRequest Refresh(SealedToken token) => new(GoogleServices.Grants, GoogleServices.Exchange)
    {
        BodyType = EgressRequest.Form,
        Body = "grant_type=refresh_token"u8.ToArray(),
        FormToken = new TokenField("refresh_token", token),
    };

    /// <summary>A token that remembers the memory it was opened into.</summary>
    private sealed class Lent(string text, Processor processor) : SealedToken
    {
        private Memory<byte> given;

        public Failure? Refuses { get; init; }

        public bool WasOpened { get; private set; }

        public bool IsZeroed => WasOpened && !given.Span.ContainsAnyExcept((byte)0);

        public override Processor For => processor;

        public override TenantId Owner => TenantId.Parse("test-a");

        public override ValueTask<Outcome<int>> OpenAsync(Memory<byte> into, CancellationToken cancellation)
        {
            (given, WasOpened) = (into, true);
            return ValueTask.FromResult(Refuses is null
                ? new Outcome<int>(Encoding.Latin1.GetBytes(text, into.Span))
                : new Outcome<int>(Refuses));
        }
    }

    /// <summary>Hears one request and says yes.</summary>
    private sealed class Listening : IDisposable
    {
        private readonly TcpListener listener = new(IPAddress.Loopback, 0);
        private readonly Task<string> heard;

        public Listening()
        {
            listener.Start();
            heard = HearAsync();
        }

        public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");

        public bool WasCalled { get; private set; }

        public Task<string> HeardAsync() => heard;

        public void Dispose() => listener.Dispose();

        private async Task<string> HearAsync()
        {
            try
            {
                using var client = await listener.AcceptTcpClientAsync();
                WasCalled = true;
                var stream = client.GetStream();
                var bytes = new byte[16384];
                var length = 0;
                while (!IsWhole(Encoding.Latin1.GetString(bytes, 0, length)))
                {
                    length += await stream.ReadAsync(bytes.AsMemory(length));
                }

                await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"u8.ToArray());
                return Encoding.Latin1.GetString(bytes, 0, length);
            }
            catch (SocketException)
            {
                return "";
            }
        }

        private static bool IsWhole(string text)
        {
            var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            var line = text.Split("\r\n").FirstOrDefault(one => one.StartsWith("Content-Length: ", StringComparison.Ordinal));
            return end >= 0 && (line is null || text.Length >= end + 4 + int.Parse(line[16..], System.Globalization.CultureInfo.InvariantCulture));
        }
    }
}
