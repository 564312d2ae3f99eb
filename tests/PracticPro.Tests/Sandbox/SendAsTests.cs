using System.Text;
using System.Text.Json.Nodes;
using PracticPro.Sandbox;
using PracticPro.Sandbox.Gmail;

namespace PracticPro.Tests.Sandbox;

public sealed class SendAsTests
{
    private const string Aliases = $"/control/mailboxes/{SandboxOptions.DefaultMailbox}/aliases/";

    [Fact]
    public async Task Aliases_are_listed_behind_the_account_s_own_address_with_their_state()
    {
        await using SandboxClient sandbox = await SandboxClient.StartAsync();
        await AliasAsync(sandbox, "desk@clinic.example", verified: true);
        await AliasAsync(sandbox, "new@clinic.example", verified: false);
        sandbox.SignIn(GmailScopes.Readonly);

        Reply listed = await sandbox.GetAsync("settings/sendAs");

        Assert.Equal(
            [
                (SandboxOptions.DefaultMailbox, null),
                ("desk@clinic.example", "accepted"),
                ("new@clinic.example", "pending"),
            ],
            listed.Body!["sendAs"]!.AsArray().Select(
                alias => ((string)alias!["sendAsEmail"]!, (string?)alias["verificationStatus"])));
    }

    [Theory]
    [InlineData(true, "desk@clinic.example")]
    [InlineData(false, SandboxOptions.DefaultMailbox)]
    public async Task Only_a_verified_alias_stays_in_the_from_field(bool verified, string from)
    {
        await using SandboxClient sandbox = await SandboxClient.StartAsync();
        await AliasAsync(sandbox, "desk@clinic.example", verified);
        string raw = SandboxClient.Encode(
            "From: desk@clinic.example\r\nTo: ada@mail.example\r\nSubject: Hello\r\n\r\nHi.\r\n");
        string id = (await sandbox.PostAsync("messages/send", new() { ["raw"] = raw })).Text("id");

        Reply sent = await sandbox.GetAsync($"messages/{id}?format=metadata&metadataHeaders=From");

        Assert.Equal(from, (string?)sent.Body!["payload"]!["headers"]![0]!["value"]);
    }

    [Fact]
    public async Task A_mask_shows_what_is_attached_and_keeps_the_contents_back()
    {
        await using SandboxClient sandbox = await SandboxClient.StartAsync();
        const string mail =
            "From: a@mail.example\r\nSubject: x\r\nMIME-Version: 1.0\r\n"
            + "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nthe body\r\n"
            + "--b\r\nContent-Type: application/pdf; name=\"referral.pdf\"\r\n"
            + "Content-Disposition: attachment; filename=\"referral.pdf\"\r\n\r\n%PDF\r\n--b--\r\n";
        Reply delivered = await sandbox.CallAsync(
            HttpMethod.Post, $"/control/mailboxes/{SandboxOptions.DefaultMailbox}/deliver",
            new JsonObject { ["raw"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(mail)) });
        string id = (string)delivered.Body!["messages"]![0]!["id"]!;

        Reply masked = await sandbox.GetAsync(
            $"messages/{id}?format=full&fields=id,payload(parts(partId,filename,mimeType,body/size))");

        JsonArray parts = masked.Body!["payload"]!["parts"]!.AsArray();
        Assert.Equal(("1", "referral.pdf", "application/pdf", 4), (
            (string)parts[1]!["partId"]!, (string)parts[1]!["filename"]!, (string)parts[1]!["mimeType"]!,
            (int)parts[1]!["body"]!["size"]!));
        Assert.DoesNotContain("\"data\"", masked.Body.ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain("snippet", masked.Body.ToJsonString(), StringComparison.Ordinal);
    }

    private static Task<Reply> AliasAsync(SandboxClient sandbox, string alias, bool verified) =>
        sandbox.CallAsync(HttpMethod.Put, Aliases + alias, new JsonObject { ["verified"] = verified });
}
