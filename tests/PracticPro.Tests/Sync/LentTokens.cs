using System.Text;
using PracticPro.Egress;
using PracticPro.Kernel;
using PracticPro.Sandbox.OAuth;
using PracticPro.Sync;
using PracticPro.Sync.Connections;
using PracticPro.Tests.Sandbox;
using SandboxOptions = PracticPro.Sandbox.SandboxOptions;

namespace PracticPro.Tests.Sync;

/// <summary>Tokens the sandbox gives out for its first account; a renewal gives another one.</summary>
internal sealed class LentTokens(SandboxClient sandbox, Processor processor, params string[] scopes) : IAccessTokens
{
    public static readonly TenantId Tenant = TenantId.Parse("test-a");

    private string text = Issue(sandbox, scopes);

    public int Renewals { get; private set; }

    /// <summary>The provider honours this grant no more.</summary>
    public bool IsDead { get; set; }

    public ValueTask<Outcome<SealedToken>> CurrentAsync(CancellationToken cancellation) =>
        ValueTask.FromResult(new Outcome<SealedToken>(new Lent(text, processor)));

    public ValueTask<Outcome<SealedToken>> RenewAsync(SealedToken stale, CancellationToken cancellation)
    {
        Renewals++;
        text = Issue(sandbox, scopes);
        return ValueTask.FromResult(IsDead ? new SyncFailures.GrantDead() : new Outcome<SealedToken>(new Lent(text, processor)));
    }

    private static string Issue(SandboxClient sandbox, string[] scopes) =>
        sandbox.World.Grants.IssueAccess(OAuthClient.Default, SandboxOptions.DefaultMailbox, scopes);

    private sealed class Lent(string text, Processor processor) : SealedToken
    {
        public override Processor For => processor;

        public override TenantId Owner => Tenant;

        public override ValueTask<Outcome<int>> OpenAsync(Memory<byte> into, CancellationToken cancellation) =>
            ValueTask.FromResult(new Outcome<int>(Encoding.Latin1.GetBytes(text, into.Span)));
    }
}
