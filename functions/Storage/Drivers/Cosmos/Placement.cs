using System.Globalization;
using PracticPro.Kernel;

namespace PracticPro.Storage.Drivers.Cosmos;

/// <summary>
/// What a tenant's home is doing. Kept by name.
/// <code>
///              gate made            announced            shut             equal            opened         purged
///   New ──────────────▶ Settled ──────────▶ Copying ──────────▶ Frozen ──────────▶ Opening ──────▶ Purging ──────▶ Settled
///                          ▲                                      │ not equal, given up
///                          └──────────── Returning ◀──────────────┘
/// </code>
/// </summary>
internal enum PlacementState
{
    /// <summary>Registered; its first gate is not known to be made.</summary>
    New,

    /// <summary>Lives here. The only state that may be remembered without looking again.</summary>
    Settled,

    /// <summary>Lives here, takes writes, and is being copied to the target.</summary>
    Copying,

    /// <summary>Lives here and takes no writes: the rest is copied and both sides are compared.</summary>
    Frozen,

    /// <summary>Lives in what was the target, whose gate is being made.</summary>
    Opening,

    /// <summary>Lives in what was the target and takes writes there; the old home is still to be emptied.</summary>
    Purging,

    /// <summary>The move is given up: the gate here is being made again, and the target emptied.</summary>
    Returning,
}

/// <summary>
/// A tenant's entry in the fleet's register: where its records are.
/// </summary>
/// <param name="Home">Where they are read and written now.</param>
/// <param name="Epoch">Names the gate of the home; grows with every opening of a gate.</param>
/// <param name="Other">The other home of a move: the target before it, the source after it.</param>
/// <param name="Continuation">How far the copy has come in the source's change feed.</param>
/// <param name="Mover">
/// While a move copies: its mover's name, and behind it those it was taken from, whose gates may still be there.
/// </param>
/// <param name="Since">When the state was reached, Unix milliseconds.</param>
internal sealed record Placement(
    TenantId Tenant,
    HomeName Home,
    long Epoch,
    PlacementState State,
    HomeName Other = default,
    string? Continuation = null,
    string? Mover = null,
    long Since = 0,
    string Version = "")
{
    public const string Partition = "tenants";
    public const string Kind = "home";

    public bool TakesWrites => State is PlacementState.Settled or PlacementState.Copying or PlacementState.Purging;

    public bool IsMovedBy(string mover) => Mover is not null && Mover.Split(' ')[0] == mover;

    public ReadOnlyMemory<byte> Write(WriteId write) =>
        ItemText.OfFleet(Partition, Tenant.Text, Kind, write, json =>
        {
            json.WriteString("home", Home.Text);
            json.WriteString("epoch", Epoch.ToString(CultureInfo.InvariantCulture));
            json.WriteString("state", State.ToString());
            json.WriteNumber("since", Since);
            if (State is not (PlacementState.New or PlacementState.Settled))
            {
                json.WriteString("other", Other.Text ?? "");
                json.WriteString("continuation", Continuation);
                json.WriteString("mover", Mover);
            }
        });

    /// <exception cref="StorageCorruptException">It is not shaped so.</exception>
    public static Placement Read(StoredItem item) =>
        TenantId.TryParse(item.Id, out var tenant)
        && long.TryParse(item.Text("epoch"), NumberStyles.None, CultureInfo.InvariantCulture, out var epoch)
        && Enum.TryParse<PlacementState>(item.Text("state"), out var state)
            ? new Placement(
                tenant,
                new HomeName(item.Text("home")),
                epoch,
                state,
                new HomeName(item.OptionalText("other") ?? ""),
                item.OptionalText("continuation"),
                item.OptionalText("mover"),
                item.Number("since"),
                item.Version)
            : throw new StorageCorruptException("an entry of the register of tenants cannot be read");
}
