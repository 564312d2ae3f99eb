using System.Collections.Immutable;
using System.Globalization;
using PracticPro.Approvals.Published;
using PracticPro.Kernel;
using PracticPro.Sync.Published;

namespace PracticPro.Approvals;

/// <summary>Proposals as they come in by the API. Everything may be missing; what is needed and is not there is said.</summary>
internal static class ProposalRequests
{
    private const int LongestKey = 100;
    private const int LongestBecause = 500;

    /// <param name="Key">The caller's own: the same key proposes once.</param>
    /// <param name="From">One of the mailbox's verified addresses; absent for the mailbox itself.</param>
    /// <param name="ThreadId">The provider's conversation it answers in.</param>
    internal sealed record MailWish(
        string? Key,
        string? Connection,
        string? From,
        IReadOnlyList<string>? To,
        IReadOnlyList<string>? Cc,
        string? Subject,
        string? Text,
        string? ThreadId,
        string? InReplyTo,
        string? References,
        IReadOnlyList<AttachmentWish>? Attachments,
        string? Because)
    {
        public Outcome<ProposeMail.Proposal> Read(Actor by)
        {
            if (!IsKey(Key, Because))
            {
                return new ApprovalFailures.BadKey();
            }

            if (!ConnectionId.TryParse(Connection, out var connection))
            {
                return new ApprovalFailures.NoSuchAccount();
            }

            EmailAddress? from = null;
            if (!string.IsNullOrEmpty(From))
            {
                if (!EmailAddress.TryRead(From, out var sender))
                {
                    return new ApprovalFailures.BadSender();
                }

                from = sender;
            }

            if (Parties(To) is not { } to || Parties(Cc) is not { } copies)
            {
                return new ApprovalFailures.BadRecipient();
            }

            if (string.IsNullOrWhiteSpace(Subject) || string.IsNullOrWhiteSpace(Text))
            {
                return new ApprovalFailures.BadText();
            }

            var attachments = (Attachments ?? []).Select(static wish => wish?.Read()).ToList();
            return attachments.Contains(null)
                ? new ApprovalFailures.BadAttachment()
                : new ProposeMail.Proposal(
                    by,
                    connection,
                    string.IsNullOrEmpty(ThreadId) ? null : ThreadId,
                    to,
                    Subject.Trim(),
                    Text.ReplaceLineEndings("\n").TrimEnd(),
                    InReplyTo ?? "",
                    References ?? "",
                    Key!,
                    Because ?? "")
                {
                    From = from,
                    Cc = copies,
                    Attachments = [.. attachments.OfType<NewAttachment>()],
                };
        }

        private static ImmutableArray<MailParty>? Parties(IReadOnlyList<string>? addresses)
        {
            var parties = ImmutableArray.CreateBuilder<MailParty>();
            foreach (var text in addresses ?? [])
            {
                if (!EmailAddress.TryRead(text, out var address))
                {
                    return null;
                }

                parties.Add(new MailParty(address, ""));
            }

            return parties.ToImmutable();
        }
    }

    /// <param name="Content">The bytes in base64.</param>
    internal sealed record AttachmentWish(string? Name, string? MediaType, string? Content)
    {
        /// <summary>Null when it is none.</summary>
        public NewAttachment? Read()
        {
            var bytes = new byte[(Content?.Length ?? 0) / 4 * 3];
            return !string.IsNullOrWhiteSpace(Name) && !string.IsNullOrWhiteSpace(MediaType)
                && Content is { Length: > 0 } && Content.Length % 4 == 0
                && Convert.TryFromBase64String(Content, bytes, out var length)
                    ? new NewAttachment(Name, MediaType, bytes.AsMemory(0, length))
                    : null;
        }
    }

    /// <param name="Key">The caller's own: the same key proposes once.</param>
    /// <param name="Change">create, change or cancel.</param>
    /// <param name="Calendar">The provider's id of the calendar; empty for the account's main one.</param>
    /// <param name="EventId">Of the event that is to be changed or cancelled.</param>
    internal sealed record EventRequest(
        string? Key,
        string? Connection,
        string? Change,
        string? Calendar,
        string? EventId,
        EventWish? Event,
        bool TellGuests,
        string? Because)
    {
        public Outcome<ProposeEvent.Proposal> Read(Actor by)
        {
            if (!IsKey(Key, Because))
            {
                return new ApprovalFailures.BadKey();
            }

            if (!ConnectionId.TryParse(Connection, out var connection))
            {
                return new ApprovalFailures.NoSuchAccount();
            }

            var fits = Change switch
            {
                "create" => Event is not null && string.IsNullOrEmpty(EventId),
                "change" => Event is not null && !string.IsNullOrEmpty(EventId),
                "cancel" => Event is null && !string.IsNullOrEmpty(EventId),
                _ => false,
            };
            var wish = Event?.Read();
            return fits && (Event is null) == (wish is null)
                ? new ProposeEvent.Proposal(
                    by,
                    connection,
                    wish,
                    Calendar ?? "",
                    Change == "create" ? null : new EventPlace(Calendar ?? "", EventId!),
                    TellGuests,
                    Key!,
                    Because ?? "")
                : new ApprovalFailures.BadEvent();
        }
    }

    /// <summary>An event: by the clock of a zone, or on whole days. What is missing stays as it is.</summary>
    /// <param name="Start">By the clock of the zone: <c>2027-03-15T09:30</c>.</param>
    /// <param name="Zone">IANA name.</param>
    /// <param name="LastDay">Included.</param>
    internal sealed record EventWish(
        string? Title,
        string? Description,
        string? Location,
        string? Start,
        string? End,
        string? Zone,
        DateOnly? FirstDay,
        DateOnly? LastDay,
        IReadOnlyList<string>? Guests)
    {
        private const string Minute = "yyyy-MM-dd'T'HH:mm";

        /// <summary>Null when a time or a guest in it is none.</summary>
        public EventDraft? Read()
        {
            ImmutableArray<EventGuest>? guests = null;
            if (Guests is not null)
            {
                var read = Guests.Select(static text => EmailAddress.TryRead(text, out var address) ? new EventGuest(address, "") : null).ToList();
                if (read.Contains(null))
                {
                    return null;
                }

                guests = [.. read.OfType<EventGuest>()];
            }

            EventSpan? when = null;
            if (Start is not null || End is not null || Zone is not null)
            {
                if (FirstDay is not null || LastDay is not null || Time(Start) is not { } start || Time(End) is not { } end
                    || Zone is not { Length: > 0 and <= 100 })
                {
                    return null;
                }

                when = new EventSpan.Timed(start, end, Zone);
            }
            else if (FirstDay is not null || LastDay is not null)
            {
                if (FirstDay is not { } first || LastDay is not { } last)
                {
                    return null;
                }

                when = new EventSpan.AllDay(first, last);
            }

            return new EventDraft(Title, Description, Location, when, guests);
        }

        private static DateTime? Time(string? text) =>
            DateTime.TryParseExact(text, Minute, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time : null;
    }

    /// <param name="Key">The caller's own: the same key proposes once.</param>
    /// <param name="Connection">The account whose list it goes on; empty for the practice's own.</param>
    internal sealed record TaskRequest(string? Key, string? Connection, TaskWish? Task, string? Because)
    {
        public Outcome<ProposeTask.Proposal> Read(Actor by)
        {
            if (!IsKey(Key, Because))
            {
                return new ApprovalFailures.BadKey();
            }

            ConnectionId? connection = null;
            if (!string.IsNullOrEmpty(Connection))
            {
                if (!ConnectionId.TryParse(Connection, out var known))
                {
                    return new ApprovalFailures.NoSuchAccount();
                }

                connection = known;
            }

            return Task?.Read() is { } task
                ? new ProposeTask.Proposal(by, connection, task, Key!, Because ?? "")
                : new ApprovalFailures.BadTask();
        }
    }

    internal sealed record TaskWish(string? Title, DateOnly? Due, string? Notes)
    {
        /// <summary>Null without a title.</summary>
        public TaskContent? Read() => string.IsNullOrWhiteSpace(Title) ? null : new TaskContent(Title, Due, Notes ?? "");
    }

    private static bool IsKey(string? key, string? because) =>
        key is { Length: > 0 and <= LongestKey } && MimeWriter.IsOneLine(key) && (because?.Length ?? 0) <= LongestBecause;
}
