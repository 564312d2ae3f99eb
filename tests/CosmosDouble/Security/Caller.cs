using PracticPro.CosmosDouble.Partitions;

namespace PracticPro.CosmosDouble.Security;

/// <summary>Who a request is from.</summary>
internal enum CallerKind
{
    /// <summary>A principal of the directory, with a bearer token: data only.</summary>
    Token,

    /// <summary>The holder of the account's primary key: everything.</summary>
    PrimaryKey,

    /// <summary>The holder of a resource token: one partition key of one container.</summary>
    Permission,
}

/// <summary>Who a request is from, and what a permission lets it do.</summary>
/// <param name="Permission">For a resource token only.</param>
internal sealed record Caller(CallerKind Kind, Permission? Permission = null);

/// <summary>What a resource token stands for.</summary>
/// <param name="ContainerLink"><c>dbs/{id or rid}/colls/{id or rid}</c>.</param>
/// <param name="Key">Null for the whole container.</param>
/// <param name="MayWrite">Mode All; false for Read.</param>
internal sealed record Permission(string ContainerLink, PartitionKeyValue? Key, bool MayWrite);
