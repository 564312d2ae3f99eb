using System.Security.Cryptography;
using PracticPro.Audit;
using PracticPro.Egress;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Sync.Published;
using PracticPro.Vault;

namespace PracticPro.Sync.Connections;

/// <summary>
/// A token of one connection, by reference. It is opened anew each time the door asks, as it is stored then, or was a moment ago
/// (<see cref="TokenGlance"/>); a token that was stored for another connection, or for the other use, does not open here (CON-2).
/// </summary>
internal sealed class SealedConnectionToken : SealedToken
{
    private readonly TenantScopes scopes;
    private readonly TenantId tenant;
    private readonly ConnectionId connection;
    private readonly RecordKind<HeldToken> kind;
    private readonly TokenGlance? glance;

    private SealedConnectionToken(
        TenantScopes scopes,
        TenantId tenant,
        ConnectionId connection,
        RecordKind<HeldToken> kind,
        Processor processor,
        TokenGlance? glance)
    {
        (this.scopes, this.tenant, this.connection, this.kind, For, this.glance) = (scopes, tenant, connection, kind, processor, glance);
    }

    public override Processor For { get; }

    public override TenantId Owner => tenant;

    /// <summary>Which stored token it was when the door last opened it; null before.</summary>
    public DocumentVersion? Opened { get; private set; }

    /// <param name="calls">The processor whose calls it is for.</param>
    /// <param name="glance">Shared by the calls of one step; null: read for each call.</param>
    public static SealedConnectionToken Access(
        TenantScopes scopes, TenantId tenant, ConnectionId connection, Processor calls, TokenGlance? glance = null) =>
        new(scopes, tenant, connection, SyncKinds.AccessToken, calls, glance);

    /// <param name="grants">The processor that renews it, or takes it back.</param>
    public static SealedConnectionToken Refresh(
        TenantScopes scopes, TenantId tenant, ConnectionId connection, Processor grants) =>
        new(scopes, tenant, connection, SyncKinds.RefreshToken, grants, glance: null);

    /// <exception cref="TamperedRecordException">What is stored is not this connection's, or was changed.</exception>
    public override async ValueTask<Outcome<int>> OpenAsync(Memory<byte> into, CancellationToken cancellation)
    {
        var scope = await scopes.OpenAsync(tenant, cancellation);
        var stored = await FindAsync(scope, cancellation);
        (Opened, var token) = stored is null ? await EarlierAsync(scope, cancellation) : (stored.Version, stored.Value.Token);
        if (token is null)
        {
            return new SyncFailures.NotConnected();
        }

        var length = token.Length <= into.Length ? token.Length : 0;
        token.AsSpan(0, length).CopyTo(into.Span);
        CryptographicOperations.ZeroMemory(token);
        return length;
    }

    private async ValueTask<Stored<HeldToken>?> FindAsync(TenantScope scope, CancellationToken cancellation)
    {
        if (glance is null)
        {
            return await scope.FindAsync(kind, connection.Text, cancellation);
        }

        var document = glance.Find();
        if (document is null)
        {
            var at = glance.Now;
            document = await scope.Records.FindSealedAsync(kind, connection.Text, cancellation);
            if (document is null)
            {
                return null;
            }

            glance.Keep(document, at);
        }

        return scope.Records.Open(kind, document);
    }

    /// <summary>Of a connection that was made when both tokens lay in one record.</summary>
    private async ValueTask<(DocumentVersion?, byte[]?)> EarlierAsync(TenantScope scope, CancellationToken cancellation)
    {
        var stored = await scope.FindAsync(SyncKinds.Tokens, connection.Text, cancellation);
        var earlier = stored?.Value.Earlier;
        return (stored?.Version, kind == SyncKinds.AccessToken ? earlier?.Access : earlier?.Refresh);
    }
}
