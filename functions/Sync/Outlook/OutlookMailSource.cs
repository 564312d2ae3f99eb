using System.Collections.Immutable;
using System.Net;
using PracticPro.Egress;
using PracticPro.Kernel;
using PracticPro.Sync.Budgets;
using PracticPro.Sync.Connections;
using PracticPro.Sync.Mailbox;
using PracticPro.Sync.Streams;
using MailFolder = Microsoft.Graph.Models.MailFolder;
using Message = Microsoft.Graph.Models.Message;

namespace PracticPro.Sync.Outlook;

/// <summary>
/// One mail folder. Points and pages are the queries of the provider's own links. A page names what is there and what can
/// change about it; the envelope is fetched once, when a message is seen for the first time. What a page calls removed may
/// have moved: it is asked for by its immutable id, and kept where it is found. Only "not found" deletes.
/// Source: Microsoft Graph, "Get incremental changes to messages in a folder", "Immutable identifiers for Outlook".
/// </summary>
/// <param name="open">Opens the account for calls of that hurry.</param>
internal sealed class OutlookMailSource(
    Connection connection, StreamName stream, Func<CallPriority, OutlookAccount> open) : IStreamSource
{
    private readonly string folder = FolderRole.Of(stream).Folder;

    public IMirror Mirror => MailMirror.Instance;

    public Task<Outcome<ProviderAnswers>> FetchAsync(
        StreamRequest request, Func<string, ValueTask<MirroredItem?>> known, CancellationToken cancellation) => request switch
    {
        // A complete reading ends with the link to follow: nothing need be pinned before it.
        StreamRequest.Begin => Task.FromResult(new Outcome<ProviderAnswers>(new ProviderAnswers([]))),
        StreamRequest.Read read => ListAsync(Account(request), read.Page, known, cancellation),
        StreamRequest.Follow follow => ListAsync(Account(request), follow.Page ?? follow.Point, known, cancellation),
        StreamRequest.Ask ask => EachAsync(Account(request), [], ask.Items, cancellation),
        _ => throw new InvalidOperationException("No such request."),
    };

    public ImmutableArray<string> Needs(StreamRequest request, ProviderAnswers answers) =>
        request is StreamRequest.Read or StreamRequest.Follow
        && answers.Each is [var listing, .. var asked]
        && GraphReading.ReadPage(listing.Body, Message.CreateFromDiscriminatorValue).Try(out var page, out _)
            ? [.. page.Items.Select(static item => item.Id).Except(asked.Select(static one => one.Argument!)).Distinct()]
            : [];

    public Outcome<StreamPage> Reduce(
        StreamRequest request, ProviderAnswers answers, IReadOnlyDictionary<string, MirroredItem> before) => request switch
    {
        StreamRequest.Begin => StreamPage.Empty,
        StreamRequest.Ask => ReduceAsked(answers.Each),
        _ => ReduceListing(answers, before),
    };

    private OutlookAccount Account(StreamRequest request) => open(CallPriorities.Of(request));

    private async Task<Outcome<ProviderAnswers>> ListAsync(
        OutlookAccount account, string? query, Func<string, ValueTask<MirroredItem?>> known, CancellationToken cancellation)
    {
        var listing = await account.MessagesAsync(folder, query, cancellation);
        if (listing.Failure is SyncFailures.ProviderRefused && query is not null)
        {
            // Nothing else in this request can be wrong today that was right yesterday.
            return new SyncFailures.CursorExpired();
        }

        if (!listing.Try(out var answer, out var why)
            || !GraphReading.ReadPage(answer.Body, Message.CreateFromDiscriminatorValue).Try(out var page, out why))
        {
            return why;
        }

        var unsure = new List<string>();
        foreach (var told in page.Items.GroupBy(static item => item.Id))
        {
            if (told.Any(static item => item.Removed || item.Value.IsDraft == true) || await known(told.Key) is null)
            {
                unsure.Add(told.Key);
            }
        }

        return await EachAsync(
            account,
            [new ProviderAnswer(MicrosoftServices.ListMessages.Name, null, (int)answer.Status, answer.Body, answer.Date)],
            unsure,
            cancellation);
    }

    /// <summary>Messages one by one behind other answers; and what the folders are for, when one lies in another folder.</summary>
    private async Task<Outcome<ProviderAnswers>> EachAsync(
        OutlookAccount account, ImmutableArray<ProviderAnswer> first, IReadOnlyList<string> ids, CancellationToken cancellation)
    {
        var fetched = new Outcome<ProviderAnswer>[ids.Count];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = OutlookAccount.AtOnce, CancellationToken = cancellation };
        await Parallel.ForAsync(0, ids.Count, parallel, async (at, token) =>
            fetched[at] = await account.MessageAsync(ids[at], token));
        if (fetched.Select(static one => one.Failure).FirstOrDefault(static why => why is not null) is { } failure)
        {
            return failure;
        }

        var answers = first.AddRange(fetched.Select(static one => one.Expect()));
        if (!fetched.Any(one => LiesElsewhere(one.Expect())))
        {
            return new ProviderAnswers(answers);
        }

        foreach (var name in FolderRole.ByWellKnownName.Keys.Order(StringComparer.Ordinal))
        {
            var role = await account.FolderAsync(name, cancellation);
            if (role.Try(out var answer, out var why))
            {
                answers = answers.Add(new ProviderAnswer(
                    MicrosoftServices.GetFolder.Name, name, (int)answer.Status, answer.Body, answer.Date));
            }
            else if (why is not SyncFailures.Gone)
            {
                return why;
            }
        }

        return new ProviderAnswers(answers);
    }

    private bool LiesElsewhere(ProviderAnswer answer) =>
        answer.Status != (int)HttpStatusCode.NotFound
        && GraphReading.Read(answer.Body, Message.CreateFromDiscriminatorValue).Try(out var message, out _)
        && message.ParentFolderId != folder;

    private Outcome<StreamPage> ReduceListing(ProviderAnswers answers, IReadOnlyDictionary<string, MirroredItem> before)
    {
        if (answers.Each is not [var listing, .. var asked])
        {
            return new SyncFailures.AnswerMalformed();
        }

        if (!GraphReading.ReadPage(listing.Body, Message.CreateFromDiscriminatorValue).Try(out var listed, out var why)
            || !ReduceAsked(asked).Try(out var page, out why))
        {
            return why;
        }

        if (listed.Next is null == listed.Delta is null)
        {
            return new SyncFailures.AnswerMalformed();
        }

        var told = asked.Select(static one => one.Argument).ToHashSet(StringComparer.Ordinal);
        var renewed = ImmutableArray.CreateBuilder<MirroredItem>();
        foreach (var item in listed.Items.Where(item => !told.Contains(item.Id)).GroupBy(static item => item.Id))
        {
            if (item.Any(static one => one.Removed) || !before.TryGetValue(item.Key, out var stored))
            {
                return new SyncFailures.AnswerMalformed();
            }

            renewed.Add(item.Aggregate((MailMessage)stored, (mail, change) => OutlookEnvelope.Renewed(mail, stream, change.Value)));
        }

        return page with { Present = [.. renewed, .. page.Present], NextPage = listed.Next, NextPoint = listed.Delta };
    }

    private Outcome<StreamPage> ReduceAsked(ImmutableArray<ProviderAnswer> answers)
    {
        Dictionary<string, string> roles = new(StringComparer.Ordinal);
        foreach (var answer in answers.Where(static one => one.Operation == MicrosoftServices.GetFolder.Name))
        {
            if (!GraphReading.Read(answer.Body, MailFolder.CreateFromDiscriminatorValue).Try(out var found, out var why))
            {
                return why;
            }

            roles[found.Id ?? ""] = FolderRole.ByWellKnownName[answer.Argument!];
        }

        var present = ImmutableArray.CreateBuilder<MirroredItem>();
        var gone = ImmutableArray.CreateBuilder<string>();
        foreach (var answer in answers.Where(static one => one.Operation == MicrosoftServices.GetMessage.Name))
        {
            if (answer.Status == (int)HttpStatusCode.NotFound)
            {
                gone.Add(answer.Argument!);
                continue;
            }

            if (!GraphReading.Read(answer.Body, Message.CreateFromDiscriminatorValue).Try(out var message, out var why))
            {
                return why;
            }

            if (message.IsDraft == true)
            {
                // An unfinished message of the practice's own is nobody's mail yet.
                gone.Add(answer.Argument!);
                continue;
            }

            if (message.Id != answer.Argument || OutlookEnvelope.Read(connection, PlaceOf(message, roles), message) is not { } mail)
            {
                return new SyncFailures.AnswerMalformed();
            }

            present.Add(mail);
        }

        return new StreamPage(present.ToImmutable(), gone.ToImmutable());
    }

    /// <summary>The stream of the folder a message lies in: this one, or the one it moved to.</summary>
    private StreamName PlaceOf(Message message, Dictionary<string, string> roles) =>
        message.ParentFolderId is not { Length: > 0 } parent || parent == folder
            ? stream
            : FolderRole.Stream(roles.GetValueOrDefault(parent, FolderRole.Other), parent);
}
