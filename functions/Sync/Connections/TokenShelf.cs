using System.Security.Cryptography;
using PracticPro.Audit;
using PracticPro.Storage;
using PracticPro.Sync.Published;
using PracticPro.Vault;

namespace PracticPro.Sync.Connections;

/// <summary>Puts tokens away and takes them off again. Everything about a grant is one write.</summary>
internal static class TokenShelf
{
    /// <summary>Steps that keep a grant. The grant stays its owner's.</summary>
    /// <param name="condition">Of what is known of the tokens: the fence against a late writer.</param>
    /// <param name="before">Tokens of an earlier shape, of which the one the grant does not replace is kept.</param>
    public static IReadOnlyList<Operation> Keep(
        TenantScope scope, ConnectionId connection, Grant grant, Condition condition, EarlierTokens? before = null)
    {
        List<Operation> steps =
        [
            scope.Put(SyncKinds.Tokens, new GrantedTokens(connection, grant.AccessExpiresAt), condition),
            Sealed(scope, SyncKinds.AccessToken, connection, grant.Access.Reveal("to seal it").ToArray()),
        ];

        // A provider that rotates refresh tokens sends the new one; one that does not sends none.
        if ((grant.Refresh?.Reveal("to seal it").ToArray() ?? before?.Refresh) is { } refresh)
        {
            steps.Add(Sealed(scope, SyncKinds.RefreshToken, connection, refresh));
        }

        return steps;
    }

    /// <summary>Steps that forget the tokens.</summary>
    public static IReadOnlyList<Operation> Forget(TenantScope scope, ConnectionId connection) =>
    [
        scope.Delete(SyncKinds.Tokens, connection.Text, Condition.Any),
        scope.Delete(SyncKinds.AccessToken, connection.Text, Condition.Any),
        scope.Delete(SyncKinds.RefreshToken, connection.Text, Condition.Any),
    ];

    /// <param name="token">Zeroed here.</param>
    private static Operation Sealed(TenantScope scope, RecordKind<HeldToken> kind, ConnectionId connection, byte[] token)
    {
        var step = scope.Put(kind, new HeldToken(connection, token), Condition.Any);
        CryptographicOperations.ZeroMemory(token);
        return step;
    }
}
