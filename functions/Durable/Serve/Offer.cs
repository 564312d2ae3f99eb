using System.Security.Cryptography;
using PracticPro.Durable.Embedded;
using PracticPro.Durable.History;
using PracticPro.Durable.Protocol;

namespace PracticPro.Durable.Serve;

/// <summary>
/// Work in a worker's hands, under a token that is given once and cannot be guessed. When the work is given back or
/// answered the token is worth nothing any more: an answer under an old one applies nothing.
/// </summary>
internal abstract class Offer(Seat seat)
{
    private const int TokenBytes = 16;

    public Seat Seat { get; } = seat;

    public string Token { get; } = RandomNumberGenerator.GetHexString(TokenBytes * 2, lowercase: true);

    /// <summary>The message that goes out. Called once, off the hub's thread.</summary>
    public abstract Wire.WorkItem ToWire();
}

/// <summary>A turn to be taken elsewhere.</summary>
/// <param name="past">The stored history, or null when the worker is to fetch it.</param>
/// <param name="at">The turn's time.</param>
internal sealed class TurnOffer(Seat seat, BegunTurn turn, List<byte[]>? past, DateTimeOffset at) : Offer(seat)
{
    private readonly SortedDictionary<int, Wire.OrchestratorResponse> parts = [];
    private List<byte[]>? past = past;

    public InstanceCell Cell => turn.Cell;

    public List<InboxMessage> Taken => turn.Taken;

    public DateTimeOffset At => at;

    public override Wire.WorkItem ToWire()
    {
        var request = new Wire.OrchestratorRequest
        {
            InstanceId = Cell.Id.Text,
            ExecutionId = Cell.Execution,
            RequiresHistoryStreaming = past is null,
            OrchestrationTraceContext = Cell.Span is { } span ? Wire.TurnSpan.Parser.ParseFrom(span) : null,
        };
        foreach (var piece in past ?? [])
        {
            request.PastEvents.Add(HistoryJson.Parse(piece).Select(WireEvents.ToWire));
        }

        // Sent, and not needed again: an answer says what happened without it.
        past = [];
        request.NewEvents.Add(WireEvents.ToWire(new HistoryEvent.OrchestratorStarted(At)));
        request.NewEvents.Add(Taken.Select(message => WireEvents.ToWire(message.Event)));
        return new Wire.WorkItem { OrchestratorRequest = request, CompletionToken = Token };
    }

    /// <summary>Keeps one piece of an answer that comes in several; one that comes twice is kept once.</summary>
    /// <returns>False when it has become more than anybody should answer.</returns>
    public bool Keep(Wire.OrchestratorResponse part, long limit)
    {
        lock (parts)
        {
            parts[part.ChunkIndex ?? parts.Count] = part;
            return parts.Values.Sum(kept => (long)kept.CalculateSize()) <= limit;
        }
    }

    /// <summary>The pieces that came before the last one, and it.</summary>
    public Wire.OrchestratorResponse Whole(Wire.OrchestratorResponse last)
    {
        lock (parts)
        {
            if (parts.Count == 0)
            {
                return last;
            }

            var whole = last.Clone();
            whole.Actions.Clear();
            whole.Actions.Add(parts.Values.Where(part => part.ChunkIndex != last.ChunkIndex).SelectMany(part => part.Actions));
            whole.Actions.Add(last.Actions);
            whole.CustomStatus ??= parts.Values.Select(part => part.CustomStatus).FirstOrDefault(status => status is not null);
            return whole;
        }
    }
}

/// <summary>An activity to be done elsewhere.</summary>
internal sealed class ActivityOffer(Seat seat, TaskRow task, InstanceId instance, string execution) : Offer(seat)
{
    public TaskRow Task => task;

    public WorkName Work => new(task.Name, task.Version);

    public override Wire.WorkItem ToWire()
    {
        var request = new Wire.ActivityRequest
        {
            Name = task.Name,
            Version = task.Version,
            Input = task.Input,
            OrchestrationInstance = new() { InstanceId = instance.Text, ExecutionId = execution },
            TaskId = task.Task,
            ParentTraceContext = WireNotes.Trace(task.Notes),
        };
        request.Tags.Add(WireNotes.Tags(task.Notes));
        return new Wire.WorkItem { ActivityRequest = request, CompletionToken = Token };
    }
}
