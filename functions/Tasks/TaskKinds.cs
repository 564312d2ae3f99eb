using PracticPro.Vault;

namespace PracticPro.Tasks;

/// <summary>Every kind of record this room keeps, with its indexes.</summary>
internal static class TaskKinds
{
    public static readonly RecordKind<PracticeTask> Task = new(
        "practice-task", 1, Purpose.Records, static task => task.Id.Text,
        RecordIndex<PracticeTask>.Readable(PracticeTask.ByState, static task =>
            $"{IndexText.State(task.State)}|{IndexText.Time(task.AddedAt)}"));
}
