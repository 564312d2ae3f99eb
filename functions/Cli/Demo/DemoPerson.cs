using System.IO.Compression;

namespace PracticPro.Cli.Demo;

/// <summary>
/// A person at the practice, as far as HTTP can see them: signs in, connects a mailbox, decides about replies. Keeps the
/// session's cookie and proof as their browser would, so a server that was started anew still knows them.
/// </summary>
internal sealed class DemoPerson(Uri home) : IDisposable
{
    private const string CookieName = "__Host-practicpro=";
    private const int PageSize = 100;

    private readonly DemoHttp http = new(home);
    private string? cookie;
    private string? csrfToken;

    public async Task SignInAsync(string name, string password, CancellationToken cancellation)
    {
        using var answer = await http.SendAsync(
            HttpMethod.Post, "/api/v1/session", DemoHttp.Json(new { name, password }), null, null, cancellation);
        var session = await DemoHttp.ReadAsync<DemoShapes.Session>(answer, cancellation);
        csrfToken = session.CsrfToken;
        cookie = answer.Headers.GetValues("Set-Cookie")
            .Single(one => one.StartsWith(CookieName, StringComparison.Ordinal))
            .Split(';')[0];
    }

    /// <inheritdoc cref="ConnectAsync(DemoSandbox, string, string, CancellationToken)"/>
    public Task<string> ConnectAsync(DemoSandbox sandbox, string mailbox, CancellationToken cancellation) =>
        ConnectAsync(sandbox, DemoAccounts.Gmail, mailbox, cancellation);

    /// <summary>The whole round: ask, be sent to the provider, consent there, be sent back.</summary>
    /// <param name="account">What the consent page calls it: a mail address, a company's number.</param>
    /// <returns>The new connection's id.</returns>
    public async Task<string> ConnectAsync(
        DemoSandbox sandbox, string provider, string account, CancellationToken cancellation)
    {
        using var started = await PostAsync($"/api/v1/connections/{provider}", new { }, cancellation);
        var page = await DemoHttp.ReadAsync<DemoShapes.ConsentPage>(started, cancellation);
        var back = await sandbox.ConsentAsync(page.AuthorizeUrl, account, cancellation);
        using var landed = await http.SendAsync(HttpMethod.Get, back.PathAndQuery, null, cookie, null, cancellation);
        if ((int)landed.StatusCode is not (>= 200 and < 400))
        {
            throw await DemoHttp.TroubleAsync(landed, cancellation);
        }

        var connections = await ConnectionsAsync(cancellation);
        return connections.Single(one => one.Provider == provider
            && (provider == DemoAccounts.QuickBooks || one.Mailbox.Equals(account, StringComparison.OrdinalIgnoreCase))).Id;
    }

    public async Task<IReadOnlyList<DemoShapes.Connection>> ConnectionsAsync(CancellationToken cancellation) =>
        (await GetAsync<DemoShapes.Page<DemoShapes.Connection>>("/api/v1/connections", cancellation)).Items;

    public async Task AskForDraftsAsync(string connection, int count, CancellationToken cancellation)
    {
        using var answer = await PostAsync("/api/v1/drafts", new { connection, count }, cancellation);
        if (!answer.IsSuccessStatusCode)
        {
            throw await DemoHttp.TroubleAsync(answer, cancellation);
        }
    }

    public async Task<IReadOnlyList<DemoShapes.ApprovalLine>> ApprovalsAsync(string state, CancellationToken cancellation)
    {
        List<DemoShapes.ApprovalLine> all = [];
        string? next = null;
        do
        {
            var path = $"/api/v1/approvals?state={state}&limit={PageSize}{(next is null ? "" : $"&cursor={next}")}";
            var page = await GetAsync<DemoShapes.Page<DemoShapes.ApprovalLine>>(path, cancellation);
            all.AddRange(page.Items);
            next = page.Next;
        }
        while (next is not null);
        return all;
    }

    public Task<DemoShapes.Approval> ApprovalAsync(string id, CancellationToken cancellation) =>
        GetAsync<DemoShapes.Approval>($"/api/v1/approvals/{id}", cancellation);

    /// <summary>Approves exactly what is shown now. Null when the program does not let this one go.</summary>
    public Task<DemoShapes.Approval?> ApproveAsync(DemoShapes.Approval shown, CancellationToken cancellation) =>
        DecideAsync(shown.Id, "approve", new { digest = shown.Digest, confirmed = true }, cancellation);

    public Task<DemoShapes.Approval?> RejectAsync(DemoShapes.Approval shown, string reason, CancellationToken cancellation) =>
        DecideAsync(shown.Id, "reject", new { digest = shown.Digest, reason }, cancellation);

    public Task<DemoShapes.Approval?> EditAsync(DemoShapes.Approval shown, string text, CancellationToken cancellation) =>
        DecideAsync(
            shown.Id,
            "edit",
            new { digest = shown.Digest, to = shown.To.Select(party => party.Address), subject = shown.Subject, text },
            cancellation);

    /// <summary>The audit log as the program hands it out, unpacked.</summary>
    public async Task ExportAuditAsync(string folder, CancellationToken cancellation)
    {
        using var answer = await http.SendAsync(HttpMethod.Get, "/api/v1/audit/export", null, cookie, null, cancellation);
        if (!answer.IsSuccessStatusCode)
        {
            throw await DemoHttp.TroubleAsync(answer, cancellation);
        }

        using var zip = new ZipArchive(await answer.Content.ReadAsStreamAsync(cancellation), ZipArchiveMode.Read);
        Directory.CreateDirectory(folder);
        foreach (var entry in zip.Entries.Where(entry => entry.Name.Length > 0))
        {
            // By its bare name: an archive says nothing about where files go.
            await entry.ExtractToFileAsync(Path.Combine(folder, entry.Name), cancellation);
        }
    }

    public void Dispose() => http.Dispose();

    private Task<T> GetAsync<T>(string path, CancellationToken cancellation) =>
        http.GetAsync<T>(path, cookie, cancellation);

    private Task<HttpResponseMessage> PostAsync(string path, object body, CancellationToken cancellation) =>
        http.SendAsync(HttpMethod.Post, path, DemoHttp.Json(body), cookie, csrfToken, cancellation);

    private async Task<DemoShapes.Approval?> DecideAsync(
        string id, string decision, object body, CancellationToken cancellation)
    {
        using var answer = await PostAsync($"/api/v1/approvals/{id}/{decision}", body, cancellation);
        return (int)answer.StatusCode is >= 400 and < 500
            ? null
            : await DemoHttp.ReadAsync<DemoShapes.Approval>(answer, cancellation);
    }
}
