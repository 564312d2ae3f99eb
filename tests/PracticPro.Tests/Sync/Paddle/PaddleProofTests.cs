using System.Text;
using PracticPro.Kernel;
using PracticPro.Sandbox.Paddle;
using PracticPro.Sync.Paddle;

namespace PracticPro.Tests.Sync.Paddle;

/// <summary>The examples are those of Paddle's own libraries for Node and Python.</summary>
[Trait("Promise", "CON-4")]
public sealed class PaddleProofTests
{
    private const string Body = "{\"data\": [\"1\", \"2\"]}";
    private const string Signature = "a300428748dce5c70e4da19bffd60769591ea969c99dea3105d0ec9612cf43f9";
    private const long At = 1698796800;

    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(5);

    [Theory]
    [InlineData(Body, "ts=1698796800;h1=" + Signature, "VALID_SECRET", true)]
    [InlineData("{\"data\": \"value\"}", "ts=1698796800;h1=28981e941fae76e53db32f3d2a83cb69db41476595e84e1970a1b5d98f62b261;h1=28981e941fae76e53db32f3d2a83cb69db41476595e84e1970a1b5d98f62b261;h2=RANDOM_HASH", "VALID_SECRET", true)]
    [InlineData(Body, "ts=1698796800;h1=" + Signature, "INVALID_VALID_SECRET", false)]
    [InlineData(Body, "ts=9876;h1=" + Signature, "VALID_SECRET", false)]
    [InlineData("{ \"data\": [ \"1\", \"2\" ]}", "ts=1698796800;h1=" + Signature, "VALID_SECRET", false)]
    [InlineData(Body, "ts=1234;h1=invalid_signature", "VALID_SECRET", false)]
    [InlineData(Body, "invalid_header", "VALID_SECRET", false)]
    [InlineData(Body, "h1=invalid_header", "VALID_SECRET", false)]
    [InlineData(Body, "ts=1234;h2=invalid_header", "VALID_SECRET", false)]
    [InlineData(Body, "", "VALID_SECRET", false)]
    [InlineData(Body, null, "VALID_SECRET", false)]
    [InlineData(Body, "ts=1698796800;ts=1698796800;h1=" + Signature, "VALID_SECRET", false)]
    public void The_makers_examples_hold_and_fail_as_they_should(string body, string? header, string secret, bool holds) =>
        Assert.Equal(holds, Holds(body, header, At, secret));

    [Fact]
    public void Any_signature_under_any_secret_is_enough()
    {
        const string header = "ts=1696195954;h1=dummy;h1=d96299976a6eb066f484d7fde011ac56fc32b38fc9940bc419d6e537fdc6ef02";

        Assert.True(Holds(
            "hello-world",
            header,
            1696195954,
            "pdl_ntf_01hbpjmytsa32fhr36nqgc3kgb_TjIG2BXbm83HPXqNfziwe506sBEdqL/4",
            "pdl_ntf_01hbpjmytsa32fhr36nqgc3kgb_vB/yIOnTOCWIvpBadM5jzBZPHc7OmdSo",
            "pdl_ntf_01hbpjmytsa32fhr36nqgc3kgb_WvRO0eL4Bj9rgYYIBZY6wZhG4EHy9jzh"));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(5, true)]
    [InlineData(6, false)]
    [InlineData(345_600, false)]
    [InlineData(-5, true)]
    [InlineData(-6, false)]
    public void A_signature_is_of_now_or_worth_nothing(long secondsLater, bool holds) =>
        Assert.Equal(holds, Holds(Body, "ts=1698796800;h1=" + Signature, At + secondsLater, "VALID_SECRET"));

    [Fact]
    public void Nothing_holds_without_a_secret()
    {
        var header = $"ts={At};h1={PaddleScheme.Sign("", At.ToString(null, null), Encoding.UTF8.GetBytes(Body))}";

        Assert.False(Holds(Body, header, At));
        Assert.False(Holds(Body, header, At, ""));
    }

    private static bool Holds(string body, string? header, long now, params string[] secrets) => PaddleProof.Holds(
        [.. secrets.Select(static secret => new SecretText(secret))],
        Tolerance,
        DateTimeOffset.FromUnixTimeSeconds(now),
        header,
        Encoding.UTF8.GetBytes(body));
}
