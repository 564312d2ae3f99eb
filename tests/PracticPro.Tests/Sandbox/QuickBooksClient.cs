using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using PracticPro.Sandbox.QuickBooks;
using PracticPro.Tests.Support;

namespace PracticPro.Tests.Sandbox;

/// <summary>A sandbox and a client of its QuickBooks, over real HTTP.</summary>
internal sealed class QuickBooksClient : IAsyncDisposable
{
    public const string Redirect = "http://127.0.0.1:5000/connect/quickbooks/callback";
    private readonly SandboxClient sandbox;

    private QuickBooksClient(SandboxClient sandbox) => this.sandbox = sandbox;

    public QuickBooksWorld Books => sandbox.World.QuickBooks;

    public Company Company => Books.Default;

    public SandboxClient Sandbox => sandbox;

    public FakeClock Clock => sandbox.Clock;

    /// <summary>With empty books, signed in to the default company.</summary>
    public static async Task<QuickBooksClient> StartAsync(bool fill = false)
    {
        var client = new QuickBooksClient(await SandboxClient.StartAsync(options => options with { Fill = fill }));
        client.SignIn(client.Books.Grants.Give(QuickBooksWorld.DefaultClient, QuickBooksWorld.DefaultRealm).Access);
        client.sandbox.Http.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        return client;
    }

    public void SignIn(string access) =>
        sandbox.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", access);

    public void SignInAsClient(string secret = "intuit-sandbox-secret") =>
        sandbox.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{QuickBooksWorld.DefaultClient.Key}:{secret}")));

    /// <summary>A path below the company, as "query".</summary>
    public Task<Reply> GetAsync(string path, string realm = QuickBooksWorld.DefaultRealm) =>
        sandbox.CallAsync(HttpMethod.Get, $"/v3/company/{realm}/{path}");

    public Task<Reply> PostAsync(string path, JsonObject body) =>
        sandbox.CallAsync(HttpMethod.Post, $"/v3/company/{QuickBooksWorld.DefaultRealm}/{path}", body);

    public Task<Reply> QueryAsync(string query) => GetAsync("query?minorversion=75&query=" + Uri.EscapeDataString(query));

    public Task<Reply> ControlAsync(string path, JsonObject? body = null) =>
        sandbox.CallAsync(HttpMethod.Post, "/control/quickbooks/" + path, body ?? []);

    public Task<Reply> RefreshAsync(string token) => sandbox.FormAsync("/oauth2/v1/tokens/bearer", new()
    {
        ["grant_type"] = "refresh_token", ["refresh_token"] = token,
    });

    /// <summary>Rows a query answered; none for an empty answer.</summary>
    public static JsonArray Rows(Reply reply, string kind) => reply.Body!["QueryResponse"]![kind] as JsonArray ?? [];

    public static string? Code(Reply reply) => (string?)reply.Body!["Fault"]!["Error"]![0]!["code"];

    public BookEntity AddCustomer(string name, bool active = true) =>
        Company.Create(BookKind.Customer, new JsonObject { ["DisplayName"] = name, ["Active"] = active });

    public BookEntity AddInvoice(BookEntity customer, decimal total) => Company.Create(BookKind.Invoice, new JsonObject
    {
        ["CustomerRef"] = new JsonObject { ["value"] = customer.Id },
        ["TxnDate"] = "2026-11-20",
        ["TotalAmt"] = total,
        ["Line"] = new JsonArray(new JsonObject { ["Amount"] = total, ["DetailType"] = "SalesItemLineDetail" }),
    });

    public BookEntity AddPayment(BookEntity customer, BookEntity invoice, decimal paid) =>
        Company.Create(BookKind.Payment, new JsonObject
        {
            ["CustomerRef"] = new JsonObject { ["value"] = customer.Id },
            ["TxnDate"] = "2026-11-21",
            ["TotalAmt"] = paid,
            ["Line"] = new JsonArray(new JsonObject
            {
                ["Amount"] = paid,
                ["LinkedTxn"] = new JsonArray(new JsonObject { ["TxnId"] = invoice.Id, ["TxnType"] = "Invoice" }),
            }),
        });

    public ValueTask DisposeAsync() => sandbox.DisposeAsync();
}
