using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using PracticPro.Sandbox;
using PracticPro.Sync.Gmail;
using PracticPro.Sync.Mailbox;

namespace PracticPro.Tests.Sync.Gmail;

public sealed class AttachmentTests
{
    private const string Secret = "the body that nobody fetches";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Promise", "SYNC-2")]
    public async Task No_content_of_any_sample_passes_the_mask()
    {
        await using var stage = await GmailStage.OpenAsync();
        string[] allowed = ["id", "payload", "parts", "partId", "mimeType", "filename", "body", "size"];
        var seen = 0;
        foreach (var id in stage.Sandbox.Owner.NewestToOldest.Select(message => message.Id.ToString()).ToList())
        {
            var reply = await stage.Sandbox.GetAsync($"messages/{id}?format=full&fields={Uri.EscapeDataString(GmailParts.Fields)}");

            Assert.Equal(200, reply.Status);
            Assert.Empty(NamesIn(reply.Body!).Except(allowed));
            seen++;
        }

        Assert.True(seen > 20);
    }

    [Fact]
    [Trait("Promise", "SYNC-2")]
    public async Task Attachments_are_told_by_name_type_and_size_at_any_depth_and_their_content_stays_there()
    {
        await using var stage = await GmailStage.OpenAsync();
        var id = await DeliverAsync(stage);

        var answer = (await stage.Mailbox.AskPartsAsync([id], Cancellation)).Expect()[0];
        var parts = GmailMailbox.Read<GmailParts.Message>(answer.Body).Expect();

        Assert.Equal(
            [
                new MailAttachment("0.1", "chart.png", "image/png", 5),
                new MailAttachment("1", "Überweisung.pdf", "application/pdf", 4),
            ],
            GmailParts.AttachmentsOf(parts));
        Assert.DoesNotContain(Secret, Encoding.UTF8.GetString(answer.Body.Span), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text/plain", false)]
    [InlineData("TEXT/HTML", false)]
    [InlineData("multipart/alternative", false)]
    [InlineData("multipart/mixed", true)]
    [InlineData("application/pdf", true)]
    [InlineData(null, true)]
    public void Only_what_can_hold_attachments_is_asked_about(string? mediaType, bool mayHold) =>
        Assert.Equal(mayHold, GmailParts.MayHold(mediaType));

    [Fact]
    public void A_name_is_one_line_however_it_is_written()
    {
        var message = JsonSerializer.Deserialize<GmailParts.Message>(
            """{"id":"1","payload":{"filename":"a\r\nb\u0000.pdf","body":{"size":-1}}}""", JsonSerializerOptions.Web)!;

        var attachment = Assert.Single(GmailParts.AttachmentsOf(message));

        Assert.DoesNotContain(attachment.Name, char.IsControl);
        Assert.Equal(0, attachment.SizeBytes);
    }

    private static async Task<string> DeliverAsync(GmailStage stage)
    {
        const string mail =
            $"From: a@mail.example\r\nSubject: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=o\r\n\r\n"
            + $"--o\r\nContent-Type: multipart/related; boundary=i\r\n\r\n--i\r\nContent-Type: text/plain\r\n\r\n{Secret}\r\n"
            + "--i\r\nContent-Type: image/png\r\nContent-Disposition: attachment; filename=\"chart.png\"\r\n\r\n12345\r\n--i--\r\n"
            + "--o\r\nContent-Type: application/pdf\r\n"
            + "Content-Disposition: attachment; filename=\"=?utf-8?q?=C3=9Cberweisung.pdf?=\"\r\n\r\n%PDF\r\n--o--\r\n";
        var reply = await stage.Sandbox.CallAsync(
            HttpMethod.Post,
            $"/control/mailboxes/{SandboxOptions.DefaultMailbox}/deliver",
            new JsonObject { ["raw"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(mail)) });
        return (string)reply.Body!["messages"]![0]!["id"]!;
    }

    private static IEnumerable<string> NamesIn(JsonNode node) => node switch
    {
        JsonObject members => members.SelectMany(member =>
            member.Value is null ? [member.Key] : NamesIn(member.Value).Prepend(member.Key)),
        JsonArray items => items.SelectMany(item => NamesIn(item!)),
        _ => [],
    };
}
