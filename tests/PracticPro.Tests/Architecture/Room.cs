namespace PracticPro.Tests.Architecture;

internal enum RoomKind
{
    Ground,
    Capability,
    Face,
    Wiring,
}

/// <summary>One room of the house and the grounds it may stand on. Capabilities may use every ground.</summary>
internal sealed record Room(string Name, RoomKind Kind, params string[] MayUse)
{
    public const string Root = "PracticPro.";

    /// <summary>Every room, and who may use whom. This table is what the tests hold the code to.</summary>
    public static readonly IReadOnlyList<Room> All =
    [
        new("Kernel", RoomKind.Ground),
        new("Storage", RoomKind.Ground, "Kernel"),
        new("Vault", RoomKind.Ground, "Kernel", "Storage"),
        new("Audit", RoomKind.Ground, "Kernel", "Storage", "Vault"),
        new("Backup", RoomKind.Ground, "Kernel", "Storage", "Vault"),
        new("Durable", RoomKind.Ground, "Kernel", "Storage"),
        new("Egress", RoomKind.Ground, "Kernel"),
        new("Access", RoomKind.Ground, "Kernel", "Storage", "Vault", "Audit"),
        new("Sync", RoomKind.Capability),
        new("Approvals", RoomKind.Capability),
        new("Tasks", RoomKind.Capability),
        new("Keys", RoomKind.Capability),
        new("Assistant", RoomKind.Capability),
        new("Web", RoomKind.Face),
        new("Cli", RoomKind.Face),
        new("Hosting", RoomKind.Wiring),
    ];

    public static Room? Of(string fullTypeName)
    {
        if (!fullTypeName.StartsWith(Root, StringComparison.Ordinal))
        {
            return null;
        }

        var name = fullTypeName[Root.Length..].Split('.', '/')[0];
        return All.FirstOrDefault(room => room.Name == name);
    }

    /// <summary>Whether code of this room may name that type.</summary>
    public bool MayName(string fullTypeName)
    {
        var other = Of(fullTypeName)!;
        return other == this || Kind switch
        {
            // Faces show what the rooms do, and wiring puts them together: both see all.
            RoomKind.Wiring or RoomKind.Face => true,
            RoomKind.Ground => MayUse.Contains(other.Name),
            _ => other.Kind == RoomKind.Ground || IsPublished(fullTypeName),
        };
    }

    private static bool IsPublished(string fullTypeName) =>
        fullTypeName.Split('.') is [_, _, "Published", ..];
}
