using System.Text;
using System.Text.Json.Nodes;
using PracticPro.Sandbox.Mail;

namespace PracticPro.Tests.Sandbox;

public sealed class MessageFormatTests
{
    [Fact]
    public async Task Raw_is_the_mail_byte_for_byte()
    {
        await using SandboxClient sandbox = await SandboxClient.StartWithSamplesAsync();

        Reply list = await sandbox.GetAsync("messages?includeSpamTrash=true&q=-in:sent");
        var shown = new List<string>();
        foreach (JsonNode? reference in list.Body!["messages"]!.AsArray())
        {
            Reply message = await sandbox.GetAsync($"messages/{reference!["id"]}?format=raw");
            shown.Add(Convert.ToHexString(SandboxClient.Decode(message.Body!["raw"])));
        }

        Assert.Equal(Corpus.Samples().Select(sample => Convert.ToHexString(sample.Raw)).Order(), shown.Order());
    }

    [Fact]
    public async Task Every_ugly_mail_has_a_full_form()
    {
        await using SandboxClient sandbox = await SandboxClient.StartWithSamplesAsync();
        Reply list = await sandbox.GetAsync("messages?includeSpamTrash=true");

        foreach (JsonNode? reference in list.Body!["messages"]!.AsArray())
        {
            Reply message = await sandbox.GetAsync($"messages/{reference!["id"]}");
            Assert.Equal(200, message.Status);
            Assert.Equal("", (string?)message.Body!["payload"]!["partId"]);
            Assert.IsType<string>(message.Body["internalDate"]!.GetValue<string>());
            Assert.IsType<string>(message.Body["historyId"]!.GetValue<string>());
        }
    }

    [Fact]
    public async Task Text_is_UTF_8_and_padded_base64url()
    {
        await using SandboxClient sandbox = await SandboxClient.StartWithSamplesAsync();

        JsonNode body = (await FindAsync(sandbox, "c1@gross.example"))["payload"]!["body"]!;

        Assert.Contains("Grüße aus München. „Kein“", Encoding.UTF8.GetString(SandboxClient.Decode(body["data"])),
            StringComparison.Ordinal);
        Assert.Equal(0, ((string)body["data"]!).Length % 4);
        Assert.Equal(SandboxClient.Decode(body["data"]).Length, (int)body["size"]!);
    }

    [Fact]
    public async Task Header_values_keep_their_encoded_words_and_order()
    {
        await using SandboxClient sandbox = await SandboxClient.StartWithSamplesAsync();

        JsonArray headers = (await FindAsync(sandbox, "r1@twice.example"))["payload"]!["headers"]!.AsArray();

        Assert.Equal(
            ["From", "From", "To", "to", "SUBJECT", "Date", "Date", "Message-Id", "Content-Type", "Content-Type"],
            headers.Select(header => (string?)header!["name"]));
    }

    [Fact]
    public async Task An_attachment_is_fetched_by_a_ticket_that_changes_with_every_read()
    {
        await using SandboxClient sandbox = await SandboxClient.StartWithSamplesAsync();
        JsonNode first = await FindAsync(sandbox, "f1@lab.example");
        JsonNode second = await FindAsync(sandbox, "f1@lab.example");
        string ticket = (string)first["payload"]!["parts"]![1]!["body"]!["attachmentId"]!;

        Reply attachment = await sandbox.GetAsync($"messages/{first["id"]}/attachments/{ticket}");

        Assert.NotEqual(ticket, (string?)second["payload"]!["parts"]![1]!["body"]!["attachmentId"]);
        Assert.StartsWith("%PDF-1.4", Encoding.ASCII.GetString(SandboxClient.Decode(attachment.Body!["data"])),
            StringComparison.Ordinal);
        Assert.Null(first["payload"]!["parts"]![1]!["body"]!["data"]);
    }

    [Fact]
    public async Task A_ticket_nobody_wrote_is_refused()
    {
        await using SandboxClient sandbox = await SandboxClient.StartWithSamplesAsync();
        JsonNode message = await FindAsync(sandbox, "f1@lab.example");

        Reply reply = await sandbox.GetAsync($"messages/{message["id"]}/attachments/ANGjdJabcdef");

        Assert.Equal((400, "invalidArgument"), (reply.Status, reply.Reason));
    }

    [Fact]
    public async Task Metadata_gives_the_headers_asked_for_and_no_parts()
    {
        await using SandboxClient sandbox = await SandboxClient.StartWithSamplesAsync();
        JsonNode message = await FindAsync(sandbox, "f1@lab.example");

        Reply reply = await sandbox.GetAsync(
            $"messages/{message["id"]}?format=metadata&metadataHeaders=subject&metadataHeaders=From");

        JsonArray headers = reply.Body!["payload"]!["headers"]!.AsArray();
        Assert.Equal(["From", "Subject"], headers.Select(header => (string?)header!["name"]));
        Assert.Null(reply.Body["payload"]!["parts"]);
        Assert.Null(reply.Body["payload"]!["body"]);
    }

    [Fact]
    public async Task Minimal_has_no_payload()
    {
        await using SandboxClient sandbox = await SandboxClient.StartWithSamplesAsync();
        JsonNode message = await FindAsync(sandbox, "f1@lab.example");

        Reply reply = await sandbox.GetAsync($"messages/{message["id"]}?format=minimal");

        Assert.Equal(
            ["id", "threadId", "labelIds", "snippet", "historyId", "internalDate", "sizeEstimate"],
            reply.Body!.AsObject().Select(member => member.Key));
    }

    [Theory]
    [InlineData("threadId,snippet", """{"threadId":"T","snippet":"Results are ready. Sign in to see them."}""")]
    [InlineData("payload(partId,body/size)", """{"payload":{"partId":"","body":{"size":0}}}""")]
    [InlineData("payload/parts/filename", """{"payload":{"parts":[{"filename":""},{"filename":"F"}]}}""")]
    public async Task Fields_leave_out_what_was_not_asked_for(string fields, string expected)
    {
        await using SandboxClient sandbox = await SandboxClient.StartWithSamplesAsync();
        JsonNode message = await FindAsync(sandbox, "f1@lab.example");

        Reply reply = await sandbox.GetAsync($"messages/{message["id"]}?fields={fields}");

        JsonNode wanted = JsonNode.Parse(expected
            .Replace("\"T\"", $"\"{message["threadId"]}\"", StringComparison.Ordinal)
            .Replace("\"F\"", "\"Résultats novembre.pdf\"", StringComparison.Ordinal))!;
        Assert.Equal(wanted.ToJsonString(), reply.Body!.ToJsonString());
    }

    [Theory]
    [InlineData("fields=id(", "badRequest")]
    [InlineData("format=huge", "invalidArgument")]
    public async Task A_bad_format_or_mask_is_refused(string query, string reason)
    {
        await using SandboxClient sandbox = await SandboxClient.StartWithSamplesAsync();
        JsonNode message = await FindAsync(sandbox, "f1@lab.example");

        Reply reply = await sandbox.GetAsync($"messages/{message["id"]}?{query}");

        Assert.Equal((400, reason), (reply.Status, reply.Reason));
    }

    [Fact]
    public async Task A_snippet_is_one_escaped_line_of_what_a_reader_sees()
    {
        await using SandboxClient sandbox = await SandboxClient.StartWithSamplesAsync();

        Assert.Equal("Winter &lt;offers&gt; Spades café — 20% off",
            (string?)(await FindAsync(sandbox, "q1@garden.example"))["snippet"]);
    }

    [Fact]
    public async Task A_message_that_is_not_there_is_not_found()
    {
        await using SandboxClient sandbox = await SandboxClient.StartAsync();

        Reply reply = await sandbox.GetAsync("messages/00000000000000ff");

        Assert.Equal((404, "notFound"), (reply.Status, reply.Reason));
    }

    private static async Task<JsonNode> FindAsync(SandboxClient sandbox, string rfc822Id)
    {
        Reply found = await sandbox.GetAsync($"messages?includeSpamTrash=true&q=rfc822msgid:{rfc822Id}");
        return (await sandbox.GetAsync($"messages/{found.Body!["messages"]![0]!["id"]}")).Body!;
    }
}
