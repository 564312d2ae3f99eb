using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using PracticPro.Egress;
using PracticPro.Loopback;

namespace PracticPro.Tests.Vault.KeyVault;

/// <summary>Bare HTTP to the double, for what a good client never asks.</summary>
internal sealed class KeyVaultWireTalk(VaultPremises premises, string folder) : IDisposable
{
    private readonly HttpClient client = PlatformDoor.ClientOver(premises.Handler(premises.Server.Endpoint));
    private readonly LoopbackTokens tokens = LoopbackTokens.OpenOrMake(folder);

    public string? Token { get; set; } = "good";

    public async Task<(int Status, JsonNode? Body, HttpResponseMessage Answer)> AskAsync(
        string method, string path, object? body = null, string query = "?api-version=7.6")
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(premises.Server.Endpoint, path + query));
        if (Token is not null)
        {
            var now = premises.Time.GetUtcNow();
            request.Headers.Authorization = new AuthenticationHeaderValue(
                "Bearer", Token == "good" ? tokens.Mint("https://vault.azure.net", now, TimeSpan.FromHours(1)) : Token);
        }

        request.Content = body switch
        {
            null => null,
            string text => new StringContent(text, Encoding.UTF8, "application/json"),
            _ => JsonContentOf(body),
        };
        var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
        var read = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return ((int)answer.StatusCode, read.Length == 0 ? null : JsonNode.Parse(read), answer);
    }

    /// <summary>Status and inner code, or code where there is none.</summary>
    public async Task<string> RefusalAsync(string method, string path, object? body = null, string query = "?api-version=7.6")
    {
        var (status, shape, _) = await AskAsync(method, path, body, query);
        var error = shape?["error"];
        Assert.False(string.IsNullOrEmpty((string?)error?["message"]));
        return $"{status} {(string?)error?["innererror"]?["code"] ?? (string?)error?["code"]}";
    }

    public void Dispose() => client.Dispose();

    private static StringContent JsonContentOf(object body) =>
        new(System.Text.Json.JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
}
