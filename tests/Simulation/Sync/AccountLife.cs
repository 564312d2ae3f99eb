using PracticPro.Audit;
using PracticPro.Kernel;
using PracticPro.Sandbox;
using PracticPro.Sandbox.Faults;
using PracticPro.Storage;
using PracticPro.Sync;
using PracticPro.Sync.Connections;
using PracticPro.Sync.Published;
using PracticPro.Sync.Streams;
using PracticPro.Vault;

namespace PracticPro.Simulation.Sync;

/// <summary>One account's own life at its provider in a run: what changes there, what goes wrong, what is true at the end.</summary>
internal abstract class AccountLife(World world, Random random)
{
    public abstract Provider Provider { get; }

    /// <summary>Who consents, as the consent page wants it.</summary>
    public abstract string Account { get; }

    /// <summary>The owner took the grant back: it need not live.</summary>
    public bool IsTakenBack { get; set; }

    /// <summary>
    /// The answer to a renewal may have been lost on its way. Where the provider renews a grant by a new one, once, the grant
    /// need not live, and the program has to know why.
    /// </summary>
    public bool RenewalMayBeLost { get; set; }

    protected virtual bool RenewalsAreOnce => false;

    protected World World => world;

    protected Random Random => random;

    protected abstract string[] Paths { get; }

    protected abstract string TokenPath { get; }

    protected virtual string[] Reasons => ["backendError"];

    public abstract void Fill();

    public abstract void ChangeOne();

    /// <summary>What it remembered to be asked about is forgotten.</summary>
    public abstract void Forget();

    public abstract void Revoke();

    public abstract void ExpireAccess();

    /// <summary>Tells of news, or does not.</summary>
    public virtual Task TellAsync(SyncProgram program, CancellationToken cancellation) => Task.CompletedTask;

    public abstract Task<bool> GrantLivesAsync(TenantScope scope, Connection connection, CancellationToken cancellation);

    /// <returns>What does not agree between our records and the provider's, a sentence each.</returns>
    public abstract Task<IReadOnlyList<string>> DifferencesAsync(
        TenantScope scope, Connection connection, CancellationToken cancellation);

    /// <summary>Whether the grant may be given up for that.</summary>
    public bool MayBeGivenUp(string? because) => IsTakenBack
        || (RenewalsAreOnce && RenewalMayBeLost && because == new SyncFailures.RenewalCutOff().Code);

    /// <summary>There is a grant anew. What still waits to strike may strike its renewals too.</summary>
    public void BeGranted()
    {
        IsTakenBack = false;
        RenewalMayBeLost = world.Faults.Rules.Any(rule =>
            rule.Match.PathRegex == TokenPath && LosesAnswers(rule.Action.Kind) && rule.Fired < rule.Times);
    }

    public void Change(int changes)
    {
        for (var change = 0; change < changes; change++)
        {
            ChangeOne();
        }
    }

    /// <summary>A rule that lets some calls through and then strikes some.</summary>
    public string BreakSomething()
    {
        var path = random.Next(Paths.Length + 1) is var at && at < Paths.Length ? Paths[at] : TokenPath;
        var kind = random.Next(7) switch
        {
            0 => FaultKind.DropBefore,
            1 => FaultKind.DropAfter,
            2 => FaultKind.Truncate,
            3 => FaultKind.Malformed,
            _ => FaultKind.Status,
        };
        RenewalMayBeLost |= path == TokenPath && LosesAnswers(kind);
        var action = new FaultAction(kind) { Reason = path == TokenPath ? "backendError" : Reasons[random.Next(Reasons.Length)] };
        world.Faults.Add(new FaultMatch(null, path, null), action, random.Next(0, 6), random.Next(1, 4));
        return kind == FaultKind.Status ? $"{action.Reason} at {path}" : $"{kind} at {path}";
    }

    private static bool LosesAnswers(FaultKind kind) => kind is not (FaultKind.DropBefore or FaultKind.Status);

    protected static async Task<List<T>> AllAsync<T>(
        TenantScope scope, RecordKind<T> kind, string index, string prefix, CancellationToken cancellation)
        where T : class
    {
        List<T> all = [];
        Cursor? after = null;
        do
        {
            var page = await scope.Records.ListAsync(kind, index, prefix, ListOrder.Ascending, 500, after, cancellation);
            all.AddRange(page.Items.Select(static item => item.Value));
            after = page.Next;
        }
        while (after is not null);
        return all;
    }

    /// <summary>The provider's items against the mirror's, by id and version.</summary>
    /// <param name="mayBeHere">Items the provider has and need not tell of.</param>
    protected static async Task<IReadOnlyList<string>> VersionsDifferAsync<T>(
        TenantScope scope,
        RecordKind<T> kind,
        Connection connection,
        Func<T, string> version,
        IReadOnlyDictionary<string, string> there,
        CancellationToken cancellation,
        IReadOnlySet<string>? mayBeHere = null)
        where T : MirroredItem
    {
        var here = (await AllAsync(scope, kind, RecordMirror<T>.ByGeneration, $"{connection.Id}.", cancellation))
            .ToLookup(static item => item.SourceId, version);
        var name = typeof(T).Name;
        return
        [
            .. there.Keys.Where(id => !here.Contains(id)).Select(id => $"{name} {id} is at the provider and not in our records."),
            .. here.Where(item => !there.ContainsKey(item.Key) && mayBeHere?.Contains(item.Key) != true)
                .Select(item => $"{name} {item.Key} is in our records and not at the provider."),
            .. here.Where(static item => item.Count() > 1).Select(item => $"{name} {item.Key} is {item.Count()} times in our records."),
            .. here.Where(item => there.TryGetValue(item.Key, out var now) && item.First() != now)
                .Select(item => $"{name} {item.Key} is there at {there[item.Key]} and here at {item.First()}."),
        ];
    }
}
