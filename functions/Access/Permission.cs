using System.Collections.Frozen;
using System.Collections.Immutable;

namespace PracticPro.Access;

/// <summary>What a person may do. One use case asks for exactly one.</summary>
internal enum Permission
{
    ReadConnections,
    ManageConnections,
    ReadContacts,
    ReadApprovals,
    RequestDrafts,
    EditApprovals,
    DecideApprovals,

    /// <summary>Put a mail, an event or a task before those who decide.</summary>
    ProposeActions,
    ReadTasks,
    CompleteTasks,
    ReadAudit,
    ExportAudit,
    ManageKeys,

    /// <summary>Grant and revoke leases of keys (STAFF-2). The owner's alone.</summary>
    LeaseKeys,
}

/// <summary>
/// The permission table: role by role, what it allows. Nothing else grants anything; an unknown role allows nothing.
/// </summary>
internal static class Roles
{
    public const string Owner = "owner";
    public const string FrontDesk = "front-desk";

    private static readonly FrozenDictionary<string, ImmutableHashSet<Permission>> Table =
        new Dictionary<string, ImmutableHashSet<Permission>>
        {
            [Owner] = [.. Enum.GetValues<Permission>()],
            // Prepares what goes out, and leaves the decision to others.
            [FrontDesk] =
            [
                Permission.ReadConnections, Permission.ReadContacts, Permission.ReadApprovals,
                Permission.RequestDrafts, Permission.EditApprovals, Permission.ProposeActions, Permission.ReadTasks,
                Permission.CompleteTasks,
            ],
        }.ToFrozenDictionary(StringComparer.Ordinal);

    public static IEnumerable<string> Names => Table.Keys;

    public static ImmutableHashSet<Permission> PermissionsOf(string role) => Table.GetValueOrDefault(role, []);
}
