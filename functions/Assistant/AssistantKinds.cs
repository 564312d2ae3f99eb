using PracticPro.Vault;

namespace PracticPro.Assistant;

/// <summary>Every kind of record this room keeps, with its indexes.</summary>
internal static class AssistantKinds
{
    public static readonly RecordKind<Draft> Draft = new(
        "draft", 1, Purpose.Records, static draft => draft.Key,
        RecordIndex<Draft>.Readable(Assistant.Draft.ByMadeAt, static draft => IndexText.Time(draft.MadeAt)));
}
