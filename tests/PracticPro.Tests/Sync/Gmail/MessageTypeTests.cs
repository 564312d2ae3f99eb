using System.Text;
using PracticPro.Sync.Gmail;

namespace PracticPro.Tests.Sync.Gmail;

/// <summary>A message's type is found without building the message.</summary>
public sealed class MessageTypeTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Of_every_sample_it_is_what_the_whole_message_says()
    {
        await using var stage = await GmailStage.OpenAsync();
        var ids = stage.Sandbox.Owner.NewestToOldest.Select(static message => message.Id.ToString()).ToList();
        var types = new HashSet<string?>();
        foreach (var some in ids.Chunk(25))
        {
            foreach (var answer in (await stage.Mailbox.AskEnvelopesAsync(some, Cancellation)).Expect())
            {
                var whole = GmailMailbox.Read<GmailShapes.Message>(answer.Body).Expect();
                Assert.True(MessageType.TryRead(answer.Body.Span, out var type));
                Assert.Equal(whole.Payload?.MimeType, type);
                types.Add(type);
            }
        }

        Assert.True(types.Count > 2);
    }

    [Theory]
    [InlineData("""{"id":"1","threadId":"1","payload":{"headers":[{"name":"mimeType","value":"x/y"}],"mimeType":"a\/b"}}""", "a/b")]
    [InlineData("""{"payload":{"parts":[{"mimeType":"x/y"}],"mimeType":"text/plain"},"id":"1","threadId":"1"}""", "text/plain")]
    [InlineData("""{"mimeType":"x/y","other":{"payload":{"mimeType":"x/y"}},"id":"1","threadId":"1","payload":{"mimeType":null}}""", null)]
    [InlineData("""{"id":"1","threadId":"1","payload":{}}""", null)]
    [InlineData("""{"id":"1","threadId":"1","payload":null}""", null)]
    [InlineData("""{"id":"1","threadId":"1"}""", null)]
    public void It_is_the_payloads_own(string json, string? expected)
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        Assert.Equal(expected, GmailMailbox.Read<GmailShapes.Message>(bytes).Expect().Payload?.MimeType);
        Assert.True(MessageType.TryRead(bytes, out var type));
        Assert.Equal(expected, type);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{\"id\": \"19af\", \"threadId\": [, ")]
    [InlineData("{\"payload\":[]}")]
    [InlineData("{\"payload\":\"text/plain\"}")]
    [InlineData("{\"payload\":{\"mimeType\":1}}")]
    [InlineData("{\"payload\":{\"mimeType\":{}}}")]
    [InlineData("{\"payload\":{\"headers\":[")]
    public void What_is_no_message_has_none(string json)
    {
        Assert.NotNull(GmailMailbox.Read<GmailShapes.Message>(Encoding.UTF8.GetBytes(json)).Failure);
        Assert.False(MessageType.TryRead(Encoding.UTF8.GetBytes(json), out _));
    }
}
