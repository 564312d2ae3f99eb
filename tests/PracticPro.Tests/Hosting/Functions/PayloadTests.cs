using System.Text;
using System.Text.Json;
using PracticPro.Hosting.Functions.Payloads;

namespace PracticPro.Tests.Hosting.Functions;

public sealed class PayloadTests
{
    public static TheoryData<string> QueueMessages => [.. Golden.Rows<Golden.Call>("queue.json").Select(row => row.Name)];

    public static TheoryData<string> ActivityInputs => [.. Golden.Rows<Golden.Call>("activity.json").Select(row => row.Name)];

    public static TheoryData<string> Turns => [.. Golden.Rows<Golden.Turn>("orchestration.json").Select(row => row.Name)];

    [Theory]
    [MemberData(nameof(QueueMessages))]
    public void A_queue_message_comes_out_as_it_was_put_in(string name)
    {
        var call = Golden.Row("queue.json", name);

        Assert.Equal(PayloadValue.Text(call.Given!), PayloadBindings.Read(call.Utf8, "msg"));
    }

    [Theory]
    [MemberData(nameof(ActivityInputs))]
    public void An_activity_input_comes_out_as_the_json_that_was_scheduled(string name)
    {
        var call = Golden.Row("activity.json", name);

        var input = PayloadBindings.Read(call.Utf8, "input");

        if (call.Given is null)
        {
            Assert.Equal(PayloadValue.None, input);
        }
        else
        {
            Assert.Equal(PayloadKind.Text, input.Kind);
            // The host writes numbers and white space its own way; what they mean is the same.
            using var given = JsonDocument.Parse(call.Given);
            using var came = JsonDocument.Parse(input.Content!);
            Assert.True(JsonElement.DeepEquals(given.RootElement, came.RootElement), input.Content);
        }
    }

    [Fact]
    public void An_input_that_is_absent_is_not_one_that_is_null()
    {
        Assert.Equal(PayloadValue.None, PayloadBindings.Read(Golden.Row("activity.json", "activity-input-absent").Utf8, "input"));
        Assert.Equal(PayloadValue.Text("null"), PayloadBindings.Read(Golden.Row("activity.json", "activity-input-null").Utf8, "input"));
    }

    [Fact]
    public void A_timer_comes_as_an_object()
    {
        foreach (var call in Golden.Rows<Golden.Call>("timer.json"))
        {
            var tick = PayloadBindings.Read(call.Utf8, "myTimer");

            Assert.Equal(PayloadKind.Json, tick.Kind);
            Assert.Contains("\"IsPastDue\":false", tick.Content, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_durable_client_comes_as_json_with_the_address_of_the_engine()
    {
        var client = PayloadBindings.Read(Golden.Row("durable-client.json", "durableclient-http").Utf8, "client");

        using var parsed = JsonDocument.Parse(client.Content!);
        Assert.Equal("http://localhost:4001", parsed.RootElement.GetProperty("rpcBaseUrl").GetString());
    }

    [Theory]
    [MemberData(nameof(Turns))]
    public void A_turn_comes_out_with_its_whole_history(string name)
    {
        var turn = Golden.Rows<Golden.Turn>("orchestration.json").Single(row => row.Name == name);

        using var payload = OrchestrationPayload.Read(Encoding.UTF8.GetBytes(turn.Body), "context");
        var request = payload.Parse();

        Assert.Equal(turn.Instance, payload.InstanceId());
        Assert.Equal(turn.Instance, request.InstanceId);
        Assert.Equal(turn.Past, request.PastEvents.Count);
        Assert.Equal(turn.Fresh, request.NewEvents.Count);
    }

    [Theory]
    [InlineData("""{"Data":{"context":{"history":[]}},"Metadata":{}}""")]
    [InlineData("""{"Data":{"context":"{\"history\":[]}"},"Metadata":{}}""")]
    public void A_turn_in_the_older_form_is_refused_with_the_setting_that_is_missing(string body)
    {
        var refused = Assert.Throws<PayloadUnreadableException>(
            () => OrchestrationPayload.Read(Encoding.UTF8.GetBytes(body), "context"));

        Assert.Equal(PayloadUnreadableException.OlderProtocol, refused.Code);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("""{"Data":null}""")]
    [InlineData("""{"Data":{}}""")]
    [InlineData("""{"Data":{"context":"\"not base64!\""}}""")]
    [InlineData("""{"Data":{"context":"\"\""}}""")]
    public void What_is_no_turn_is_refused(string body)
    {
        var refused = Assert.Throws<PayloadUnreadableException>(
            () => OrchestrationPayload.Read(Encoding.UTF8.GetBytes(body), "context"));

        Assert.Equal(PayloadUnreadableException.Malformed, refused.Code);
    }

    [Fact]
    public void Bytes_that_are_no_protobuf_are_refused()
    {
        using var payload = OrchestrationPayload.Read("""{"Data":{"context":"\"/////w==\""}}"""u8, "context");

        Assert.Throws<PayloadUnreadableException>(() => payload.Parse());
        Assert.Throws<PayloadUnreadableException>(() => payload.InstanceId());
    }

    [Fact]
    public void Base64_with_escapes_is_read_as_well()
    {
        // CgF4OgA= with its first letter as an escape, as some writers of JSON would have it.
        using var payload = OrchestrationPayload.Read("""{"Data":{"context":"\"\\u0043gF4OgA=\""}}"""u8, "context");

        Assert.Equal("x", payload.InstanceId());
    }

    [Fact]
    public async Task A_body_over_the_limit_is_refused_and_one_at_the_limit_is_not()
    {
        using var body = new MemoryStream(new byte[100_000]);
        using var whole = await PayloadBody.ReadAsync(body, 100_000, TestContext.Current.CancellationToken);
        Assert.Equal(100_000, whole.Utf8.Length);

        body.Position = 0;
        var refused = await Assert.ThrowsAsync<PayloadUnreadableException>(
            () => PayloadBody.ReadAsync(body, 99_999, TestContext.Current.CancellationToken));
        Assert.Equal(PayloadUnreadableException.TooLarge, refused.Code);
    }

    [Fact]
    public void A_history_of_twenty_megabytes_is_unwrapped()
    {
        var history = new byte[20 << 20];
        "\x0a\x01x\x12"u8.CopyTo(history);
        var body = Encoding.UTF8.GetBytes($$$"""{"Metadata":{},"Data":{"context":"\"{{{Convert.ToBase64String(history)}}}\""}}""");

        using var payload = OrchestrationPayload.Read(body, "context");

        Assert.Equal(history.Length, payload.Length);
        Assert.Equal("x", payload.InstanceId());
    }
}
