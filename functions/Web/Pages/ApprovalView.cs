namespace PracticPro.Web.Pages;

/// <summary>One approval, with everything a person needs to decide about it.</summary>
/// <param name="Frame">Around it.</param>
/// <param name="Address">Of this page; the forms post below it.</param>
public sealed record ApprovalView(FrameView Frame, string Address)
{
    /// <summary>The mail, the event or the task as it would leave.</summary>
    public required ActionView Action { get; init; }

    /// <summary>How it stands.</summary>
    public required StandingView Standing { get; init; }

    /// <summary>What the six gates say.</summary>
    public required IReadOnlyList<GateView> Gates { get; init; }

    /// <summary>What can be done here and now.</summary>
    public required ChoicesView Choices { get; init; }

    /// <summary>What happened so far, oldest first.</summary>
    public required IReadOnlyList<StepView> Steps { get; init; }
}

/// <summary>What would leave.</summary>
/// <param name="Kind">mail, event or task.</param>
/// <param name="Title">What it is called.</param>
/// <param name="Lines">What is said of it, line by line: sender, recipients, time, place.</param>
/// <param name="Text">Its text, line ends as they are; may be empty.</param>
/// <param name="Attachments">What goes along with it.</param>
/// <param name="Exact">The exact bytes; null where they are too many to show.</param>
/// <param name="ExactOf">Of what they are the bytes.</param>
/// <param name="Digest">64 hexadecimal digits over everything.</param>
/// <param name="Because">Why it is proposed.</param>
/// <param name="Sort">In a sentence: what kind of thing it is.</param>
/// <param name="Button">What approving does.</param>
public sealed record ActionView(
    string Kind,
    string Title,
    IReadOnlyList<LineView> Lines,
    string Text,
    IReadOnlyList<AttachmentView> Attachments,
    string? Exact,
    string ExactOf,
    string Digest,
    string Because,
    string Sort,
    string Button);

/// <summary>One line of what is said of an action.</summary>
/// <param name="Name">What it says.</param>
/// <param name="Values">One or more.</param>
/// <param name="Before">What stands there now, where it is to be different.</param>
/// <param name="ArePeople">They are people it reaches.</param>
public sealed record LineView(
    string Name, IReadOnlyList<string> Values, IReadOnlyList<string> Before, bool ArePeople = false);

/// <summary>What is attached.</summary>
/// <param name="Name">The file's name.</param>
/// <param name="Kind">Its media type.</param>
/// <param name="Size">In words.</param>
/// <param name="Address">Where it can be opened; null once it is no longer kept.</param>
public sealed record AttachmentView(string Name, string Kind, string Size, string? Address);

/// <summary>How an approval stands.</summary>
/// <param name="Heading">Of the action: what will be, was, or would have been sent.</param>
/// <param name="State">In a word.</param>
/// <param name="Class">How the word looks.</param>
/// <param name="Meaning">In a sentence, with what to do.</param>
/// <param name="Revision">Counts edits from 1.</param>
/// <param name="Voided">Why an earlier approval does not count, or null.</param>
/// <param name="HeldUntil">End of the undo delay while it lasts.</param>
/// <param name="HeldFor">The same as a span in words.</param>
public sealed record StandingView(
    string Heading,
    string State,
    string Class,
    string Meaning,
    int Revision,
    string? Voided,
    DateTimeOffset? HeldUntil,
    string HeldFor);

/// <summary>One gate.</summary>
/// <param name="Name">Of the gate.</param>
/// <param name="Verdict">In a word.</param>
/// <param name="Class">How the word looks.</param>
/// <param name="Reasons">What is the matter and what to do; or what was looked at.</param>
public sealed record GateView(string Name, string Verdict, string Class, IReadOnlyList<string> Reasons);

/// <summary>What the person may do.</summary>
/// <param name="Approve">Approve it as it is.</param>
/// <param name="Asks">What gates ask to be looked at twice; approving then asks for a tick.</param>
/// <param name="Reject">Reject it.</param>
/// <param name="Undo">Take the approval back.</param>
/// <param name="Why">Why something that one might expect is not there, or null.</param>
/// <param name="Edit">Edit it by this form; null where there is nothing to edit, or not for this person.</param>
public sealed record ChoicesView(
    bool Approve, IReadOnlyList<string> Asks, bool Reject, bool Undo, string? Why, EditView? Edit);

/// <summary>The edit form, by what is edited; with what was typed, or with what is there.</summary>
/// <param name="Open">Shown unfolded.</param>
public abstract record EditView(bool Open);

/// <summary>Of a mail.</summary>
/// <param name="From">The sender's address.</param>
/// <param name="Senders">From which addresses it may leave; none where there is no choice.</param>
/// <param name="To">Addresses, one a line.</param>
/// <param name="Subject">Subject.</param>
/// <param name="Text">Text.</param>
/// <param name="Open">Shown unfolded.</param>
public sealed record MailEditView(string From, IReadOnlyList<string> Senders, string To, string Subject, string Text, bool Open)
    : EditView(Open);

/// <summary>Of an event. It stays by the clock or on whole days, as it is.</summary>
/// <param name="Title">Title.</param>
/// <param name="Start">Of one by the clock: <c>2027-03-15T09:30</c>. Null for whole days.</param>
/// <param name="End">Likewise.</param>
/// <param name="Zone">IANA name; null for whole days.</param>
/// <param name="FirstDay">Of one on whole days: <c>2027-03-15</c>. Null for one by the clock.</param>
/// <param name="LastDay">Included; likewise.</param>
/// <param name="Location">Where; may be empty.</param>
/// <param name="Guests">Addresses, one a line; may be empty.</param>
/// <param name="Description">Text; may be empty.</param>
/// <param name="Open">Shown unfolded.</param>
public sealed record EventEditView(
    string Title,
    string? Start,
    string? End,
    string? Zone,
    string? FirstDay,
    string? LastDay,
    string Location,
    string Guests,
    string Description,
    bool Open) : EditView(Open);

/// <summary>Of a task.</summary>
/// <param name="Title">Title.</param>
/// <param name="Due">A day, <c>2027-03-15</c>; may be empty.</param>
/// <param name="Notes">Text; may be empty.</param>
/// <param name="Open">Shown unfolded.</param>
public sealed record TaskEditView(string Title, string Due, string Notes, bool Open) : EditView(Open);

/// <summary>Something that happened.</summary>
/// <param name="At">When.</param>
/// <param name="What">In a sentence.</param>
public sealed record StepView(DateTimeOffset At, string What);
