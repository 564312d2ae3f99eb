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
/// <param name="With">Changes that belong to it, in one write.</param>
/// <param name="Entry">The leaf of it.</param>
/// <param name="Documents">Documents looked at: what the step is paced by.</param>
internal sealed record RotationStep(KeyRotation Next)
{
    public IReadOnlyList<Operation> With { get; init; } = [];

    public AuditEntry? Entry { get; init; }

    public int Documents { get; init; }
}
