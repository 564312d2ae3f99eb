using System.Collections.Immutable;

namespace PracticPro.Sync.Gmail;

/// <summary>
/// Boils a page of history down to what is left of it: which messages are to be looked at, with their labels where the
/// change only moved labels, and which are gone for good. Pure. The order of the records decides; ids are never reused.
/// </summary>
internal static class HistoryDigest
{
    public static (ImmutableDictionary<string, ImmutableArray<string>?> Touched, ImmutableArray<string> Gone) Of(
        IEnumerable<GmailShapes.HistoryRecord> records)
    {
        var touched = ImmutableDictionary.CreateBuilder<string, ImmutableArray<string>?>();
        var gone = ImmutableHashSet.CreateBuilder<string>();
        foreach (var record in records)
        {
            foreach (var item in record.MessagesAdded ?? [])
            {
                touched[item.Message.Id] = null;
            }

            foreach (var item in (record.LabelsAdded ?? []).Concat(record.LabelsRemoved ?? []))
            {
                var fetchAnyway = touched.TryGetValue(item.Message.Id, out var earlier) && earlier is null;
                touched[item.Message.Id] = fetchAnyway || item.Message.LabelIds is null ? null : [.. item.Message.LabelIds];
            }

            foreach (var item in record.MessagesDeleted ?? [])
            {
                gone.Add(item.Message.Id);
            }
        }

        touched.RemoveRange(gone);
        return (touched.ToImmutable(), [.. gone]);
    }
}
