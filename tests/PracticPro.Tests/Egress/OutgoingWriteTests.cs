using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using PracticPro.Egress;
using PracticPro.Kernel;

namespace PracticPro.Tests.Egress;

/// <summary>A permit for one whole call fits that call and no other.</summary>
[Trait("Promise", "APR-1")]
public sealed class OutgoingWriteTests
{
    private static readonly TenantId Tenant = TenantId.Parse("test-a");

    private static readonly ProviderOperation Patch =
        ProviderOperation.WriteWhole("events-patch", HttpMethod.Patch, "/calendars/{0}/events/{1}");

    private static readonly Processor Place = new("a-calendar", new Uri("https://calendar.example"), "A double.", [Patch]);

    private static readonly EgressRequest Request = new(Place, Patch)
    {
        PathArguments = ["primary", "1f38/70"],
        Query = [new("sendUpdates", "all")],
        Headers = [new("If-Match", "\"318\""), new("Accept", "application/json")],
        Body = CanonicalBody.Of(new JsonObject { ["summary"] = "First visit", ["allDay"] = true, ["count"] = 2 }),
    };

    [Fact]
    public void The_bytes_of_a_call_are_these() => Assert.Equal(
        "a-calendar PATCH /calendars/primary/events/1f38%2F70?sendUpdates=all\n"
        + "Accept: application/json\nIf-Match: \"318\"\n\n"
        + """{"allDay":true,"count":2,"summary":"First visit"}""",
        Encoding.UTF8.GetString(OutgoingWrite.Of(Request).Bytes));

    [Fact]
    public void A_permit_for_one_call_fits_no_other()
    {
        EgressRequest[] others =
        [
            Request with { PathArguments = ["primary", "other"] },
            Request with { PathArguments = ["secondary", "1f38/70"] },
            Request with { Query = [new("sendUpdates", "none")] },
            Request with { Query = [] },
            Request with { Headers = [new("If-Match", "\"319\""), new("Accept", "application/json")] },
            Request with { Headers = [] },
            Request with { Body = "{}"u8.ToArray() },
            Request with { Processor = Place with { Name = "another" } },
            Request with { Operation = ProviderOperation.WriteWhole("events-patch", HttpMethod.Put, "/calendars/{0}/events/{1}") },
        ];
        var digest = OutgoingWrite.Of(Request).Sha256();
        Assert.All(others, other => Assert.False(
            SendPermit.Mint(Tenant, digest).TrySpend(other.Operation, other.Operation.Outgoing!(other)!.Value.Span)));
        Assert.True(SendPermit.Mint(Tenant, digest).TrySpend(Patch, Patch.Outgoing!(Request)!.Value.Span));
    }

    [Fact]
    public void What_was_kept_becomes_the_same_call_again()
    {
        var kept = OutgoingWrite.Of(Request);
        var again = kept.ToRequest(Place);
        Assert.Equal(kept.Bytes, OutgoingWrite.Of(again).Bytes);
        Assert.Equal(Request.Body.ToArray(), again.Body.ToArray());
        Assert.Equal(SHA256.HashData(kept.Bytes), kept.Sha256());
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    public void An_argument_that_would_lead_elsewhere_is_refused(string argument) =>
        Assert.Throws<InvalidOperationException>(() => OutgoingWrite.Of(Request with { PathArguments = ["primary", argument] }));

    [Fact]
    public void A_header_with_a_line_break_is_refused() =>
        Assert.Throws<ArgumentException>(() => OutgoingWrite.Of(Request with { Headers = [new("If-Match", "1\nX: 2")] }));

    // RFC 8785 section 3.2.2.2 (escapes) and section 3.2.3 (U+FB33 sorts after U+1F600, whose first code unit is D83D).
    [Fact]
    public void A_body_has_one_spelling()
    {
        var body = new JsonObject
        {
            ["\ufb33"] = 1, ["\ud83d\ude00"] = null, ["a"] = "\u20ac$\u000f\nA'\u0042\"\\\"/", ["A"] = new JsonArray(1, "b", false),
        };
        Assert.Equal(
            "{\"A\":[1,\"b\",false],\"a\":\"\u20ac$\\u000f\\nA'B\\\"\\\\\\\"/\",\"\ud83d\ude00\":null,\"\ufb33\":1}",
            Encoding.UTF8.GetString(CanonicalBody.Of(body)));
        Assert.Throws<ArgumentException>(() => CanonicalBody.Of(new JsonObject { ["a"] = 1.5 }));
        Assert.ThrowsAny<ArgumentException>(() => CanonicalBody.Of(new JsonObject { ["a"] = "\ud83d" }));
    }
}
