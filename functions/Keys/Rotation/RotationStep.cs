using PracticPro.Audit;
using PracticPro.Storage;

namespace PracticPro.Keys.Rotation;

/// <summary>One practice opened for one step of its rotation.</summary>
internal sealed record RotationScope(TenantScope Tenant, StoredRotation Stored, DateTimeOffset Now)
{
    public KeyRotation Rotation => Stored.Value;

    /// <summary>The rotation moved on to the stage that follows.</summary>
    public KeyRotation MovedOn => Rotation with
    {
        Stage = RotationTable.After(Rotation.Stage, Rotation.Reason),
        WaitUntil = null,
        Position = null,
        Looked = 0,
        Trouble = null,
    };
}

/// <summary>What a step came to. It is stored on the condition that nobody else moved the rotation meanwhile.</summary>
/// <param name="Next">The rotation as it is then.</param>
internal sealed record RotationStep(KeyRotation Next)
{
    /// <summary>Changes that belong to it, in one write.</summary>
    public IReadOnlyList<Operation> With { get; init; } = [];

    /// <summary>The leaf of it.</summary>
    public AuditEntry? Entry { get; init; }

    /// <summary>Documents looked at: what the step is paced by.</summary>
    public int Documents { get; init; }
}
