namespace PracticPro.Sandbox.Gmail;

/// <summary>The filters that the list calls share: labelIds (all of them), q, includeSpamTrash.</summary>
internal static class MessageFilter
{
    /// <summary>The matching messages from new to old, or the error for a query this grant may not make.</summary>
    public static (IReadOnlyList<StoredMessage> Found, GmailError? Error) Apply(GmailCall call)
    {
        string? text = call.Query("q");
        if (call.MetadataOnly && !string.IsNullOrEmpty(text))
        {
            return ([], GmailError.MetadataScope("Metadata scope does not support 'q' parameter"));
        }

        string?[] labels = [.. call.QueryAll("labelIds")];
        if (Array.Find(labels, label => label is null || !call.Mailbox.KnowsLabel(label)) is string unknown)
        {
            return ([], GmailError.Invalid($"Invalid label: {unknown}"));
        }

        SearchQuery query = SearchQuery.Parse(text);
        long indexed = (call.Mailbox.Clock.GetUtcNow() - call.Mailbox.SearchDelay).ToUnixTimeMilliseconds();
        bool hidden = call.Flag("includeSpamTrash") || query.ReachesHidden
            || labels.Contains(Labels.Spam) || labels.Contains(Labels.Trash);
        IEnumerable<StoredMessage> found = call.Mailbox.NewestToOldest
            .Where(message => hidden || !message.IsHidden)
            .Where(message => Array.TrueForAll(labels, label => message.Has(label!)))
            .Where(message => string.IsNullOrEmpty(text) || message.InternalDate <= indexed)
            .Where(query.Matches);
        return ([.. found], null);
    }
}
