using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using PracticPro.CosmosDouble.Journals;
using PracticPro.CosmosDouble.Partitions;
using PracticPro.CosmosDouble.Wire;

namespace PracticPro.CosmosDouble.State;

/// <summary>Everything there is: databases with their containers. Made anew from the journal when the process starts.</summary>
internal sealed class AccountState
{
    /// <summary>Databases and containers together. Source: Microsoft Learn, "Azure Cosmos DB service quotas".</summary>
    private const int MostResources = 500;

    private readonly Lock gate = new();
    private readonly ConcurrentDictionary<string, DatabaseState> databases = new(StringComparer.Ordinal);
    private readonly Journal journal;
    private readonly TimeProvider time;
    private readonly int ranges;
    private uint lastNumber;

    private AccountState(Journal journal, TimeProvider time, int ranges, ReadConsistency consistency)
    {
        this.journal = journal;
        this.time = time;
        this.ranges = ranges;
        Consistency = consistency;
    }

    public IEnumerable<DatabaseState> Databases => databases.Values;

    public ReadConsistency Consistency { get; }

    /// <param name="ranges">Physical partitions that a new container begins with.</param>
    public static AccountState Open(Journal journal, TimeProvider time, int ranges, ReadConsistency consistency)
    {
        var account = new AccountState(journal, time, ranges, consistency);
        foreach (var line in journal.Replay())
        {
            account.Apply(line);
        }

        return account;
    }

    /// <summary>By id or by <c>_rid</c>.</summary>
    public DatabaseState? Find(string name) =>
        databases.GetValueOrDefault(name) ?? databases.Values.FirstOrDefault(database => database.Rid == name);

    public (DatabaseState? Database, Refusal? Refusal) AddDatabase(JsonObject properties)
    {
        lock (gate)
        {
            if (ResourceNames.Problem(properties["id"]) is { } problem)
            {
                return (null, Refusal.BadRequest(problem));
            }

            if (databases.ContainsKey((string)properties["id"]!))
            {
                return (null, Refusal.Conflict);
            }

            var rid = ResourceIds.Database(lastNumber + 1);
            Stamp(properties, rid, $"dbs/{rid}/");
            properties["_colls"] = "colls/";
            properties["_users"] = "users/";
            Happen(new JournalLine { Database = properties });
            return (databases[(string)properties["id"]!], null);
        }
    }

    public void Remove(DatabaseState database)
    {
        lock (gate)
        {
            Happen(new JournalLine { DatabaseGone = database.Rid });
        }
    }

    public (ContainerState? Container, Refusal? Refusal) AddContainer(DatabaseState database, JsonObject properties)
    {
        lock (gate)
        {
            var (definition, refusal) = ContainerDefinition.Read(properties);
            if (definition is null)
            {
                return (null, refusal);
            }

            if (Find(database.Rid) is null)
            {
                return (null, Refusal.NoOwner);
            }

            if (database.Containers.ContainsKey(definition.Id))
            {
                return (null, Refusal.Conflict);
            }

            if (databases.Count + databases.Values.Sum(one => one.Containers.Count) >= MostResources)
            {
                return (null, Refusal.Forbidden("An account has at most 500 databases and containers."));
            }

            var rid = ResourceIds.Container(database.Rid, lastNumber + 1);
            Stamp(properties, rid, $"dbs/{database.Rid}/colls/{rid}/");
            properties["_docs"] = "docs/";
            Happen(new JournalLine { Container = new(database.Rid, properties, RangeMap.Even(ranges)) });
            return (database.Containers[definition.Id], null);
        }
    }

    /// <summary>Replaces what of a container may change: time to live, indexing policy.</summary>
    public Refusal? Redefine(ContainerState container, JsonObject properties)
    {
        var old = container.Current.Definition;
        var (definition, refusal) = ContainerDefinition.Read(properties);
        if (definition is null)
        {
            return refusal;
        }

        if (definition.Id != old.Id || !definition.PartitionKeyPaths.SequenceEqual(old.PartitionKeyPaths))
        {
            return Refusal.BadRequest("The id and the partition key of a container do not change.");
        }

        Stamp(properties, container.Rid, container.Self);
        container.Redefine(definition);
        return null;
    }

    public void Remove(ContainerState container)
    {
        lock (gate)
        {
            Happen(new JournalLine { ContainerGone = container.Rid });
        }
    }

    /// <summary>Puts a user or a permission; the caller has checked it.</summary>
    public void Put(JsonObject grant, Func<uint, string> rid, Func<string, string> self)
    {
        lock (gate)
        {
            if (grant["_self"] is null)
            {
                var made = rid(lastNumber + 1);
                Stamp(grant, made, self(made));
            }
            else
            {
                Stamp(grant, (string)grant["_rid"]!, (string)grant["_self"]!);
            }

            Happen(new JournalLine { Grant = grant });
        }
    }

    public void RemoveGrant(string self)
    {
        lock (gate)
        {
            Happen(new JournalLine { GrantGone = self });
        }
    }

    private void Happen(JournalLine line)
    {
        journal.Append(line);
        Apply(line);
    }

    private void Apply(JournalLine line)
    {
        switch (line)
        {
            case { Database: { } properties }:
                lastNumber++;
                databases[(string)properties["id"]!] = new DatabaseState(properties);
                break;
            case { DatabaseGone: { } rid }:
                databases.TryRemove(Find(rid)?.Id ?? "", out _);
                break;
            case { Container: { } made }:
                Add(made);
                break;
            case { ContainerGone: { } rid }:
                var owner = databases.Values.FirstOrDefault(database => database.Find(rid) is not null);
                owner?.Containers.TryRemove(owner.Find(rid)!.Current.Definition.Id, out _);
                break;
            case { Redefined: { } redefined }:
                Container(redefined.Rid)?.Restore(ContainerDefinition.Read(redefined.Properties).Definition!);
                break;
            case { Items: { } items }:
                Container(items.ContainerRid)?.Restore(items.ToTransaction());
                break;
            case { Ranges: { } changed }:
                Container(changed.ContainerRid)?.Restore(changed.Map);
                break;
            case { Grant: { } grant }:
                lastNumber++;
                DatabaseOf((string)grant["_self"]!).Grants[(string)grant["_self"]!] = grant;
                break;
            case { GrantGone: { } self }:
                var grants = DatabaseOf(self).Grants;
                foreach (var gone in grants.Keys.Where(key => key.StartsWith(self, StringComparison.Ordinal)).ToList())
                {
                    grants.TryRemove(gone, out _);
                }

                break;
        }
    }

    private void Add(JournalLine.ContainerMade made)
    {
        var definition = ContainerDefinition.Read(made.Properties).Definition!;
        var rid = (string)made.Properties["_rid"]!;
        var start = ContainerSnapshot.Empty(definition, made.Ranges);
        Find(made.DatabaseRid)!.Containers[definition.Id] =
            new ContainerState(rid, made.DatabaseRid, ++lastNumber, start, journal, time) { ReadFactor = Consistency.ReadFactor };
    }

    // Null for one that went: a write that was under way when its container was removed may be journalled behind that.
    private ContainerState? Container(string rid) =>
        databases.Values.Select(database => database.Find(rid)).FirstOrDefault(container => container is not null);

    private DatabaseState DatabaseOf(string self) => Find(self.Split('/')[1])!;

    private void Stamp(JsonObject properties, string rid, string self)
    {
        var seconds = time.GetUtcNow().ToUnixTimeSeconds();
        properties["_rid"] = rid;
        properties["_self"] = self;
        properties["_etag"] = string.Create(CultureInfo.InvariantCulture, $"\"{lastNumber + 1:x8}-0000-0000-0000-{seconds:x12}\"");
        properties["_ts"] = seconds;
    }
}
