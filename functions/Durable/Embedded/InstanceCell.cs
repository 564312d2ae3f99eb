using PracticPro.Durable.Execution;
using PracticPro.Durable.History;

namespace PracticPro.Durable.Embedded;

/// <summary>
/// A live instance in memory: its row, and what would be read again for its next turn. Everything in it is on disk,
/// so it may be dropped whenever it is not in a turn. The hub's thread owns it; during a turn the turn's thread owns
/// <see cref="Run"/>, <see cref="Unseen"/> and <see cref="UpdatedAt"/>.
/// </summary>
internal sealed class InstanceCell(long key, InstanceId id, string name)
{
    public long Key { get; } = key;

    public InstanceId Id { get; } = id;

    public string Name { get; } = name;

    public OrchestrationStatus Status { get; set; }

    public long Generation { get; set; }

    public string Execution { get; set; } = "";

    /// <summary>Turns taken in this generation.</summary>
    public long Turn { get; set; }

    public string? CustomStatus { get; set; }

    /// <summary>Null for none, which is what all code of ours has.</summary>
    public string? Version { get; set; }

    /// <summary>Set while it waits for the time it is to start at.</summary>
    public DateTimeOffset? StartAt { get; set; }

    /// <summary>What a foreign worker has us keep from turn to turn: a <c>TurnSpan</c> message. Null for none.</summary>
    public byte[]? Span { get; set; }

    /// <summary>The instance's own clock. Never goes back, even when the machine's does.</summary>
    public DateTimeOffset UpdatedAt { get; set; }

    public ParentLink? Parent { get; init; }

    public bool InTurn { get; set; }

    /// <summary>What waits in the inbox, oldest first; null when it is on disk only.</summary>
    public List<InboxMessage>? Messages { get; set; }

    /// <summary>The code as the last turn left it; null makes the next turn replay.</summary>
    public OrchestrationRun? Run { get; set; }

    /// <summary>Recorded events that <see cref="Run"/> has not seen: those of the last turn's own actions.</summary>
    public IReadOnlyList<HistoryEvent> Unseen { get; set; } = [];
}

/// <summary>Who waits for an instance, in which generation, under which id.</summary>
internal sealed record ParentLink(long Key, long Generation, int Task);

/// <param name="Seq">Order of arrival in the whole hub.</param>
/// <param name="Bytes">Length of its stored form.</param>
internal readonly record struct InboxMessage(long Seq, HistoryEvent Event, int Bytes);
