using System.Globalization;
using System.Text.Json.Nodes;
using PracticPro.Egress;
using PracticPro.Kernel;
using PracticPro.Sync.Published;
using TodoTask = Microsoft.Graph.Models.TodoTask;
using TodoTaskList = Microsoft.Graph.Models.TodoTaskList;
using WellknownListName = Microsoft.Graph.Models.WellknownListName;

namespace PracticPro.Sync.Outlook;

/// <summary>
/// Composes, makes and looks up tasks. To Do makes as many as it is asked for; each carries a linked resource with the mark
/// of the order, by which it is found again. Not found proves nothing: its owner may have deleted it.
/// </summary>
internal static class OutlookTaskWrites
{
    private const string Application = "PracticPro";
    private const int MostPages = 50;

    /// <summary>Asks which list is the account's own.</summary>
    public static async Task<Outcome<OutgoingWrite>> ComposeAsync(
        OutlookAccount account, TaskOrder order, CancellationToken cancellation)
    {
        string? query = null;
        do
        {
            var outcome = await account.TaskListsAsync(query, cancellation);
            if (!outcome.Try(out var answer, out var why)
                || !GraphReading.ReadPage(answer.Body, TodoTaskList.CreateFromDiscriminatorValue).Try(out var page, out why))
            {
                return why;
            }

            if (page.Items.FirstOrDefault(static list => list.Value.WellknownListName == WellknownListName.DefaultList) is { } own)
            {
                return OutgoingWrite.Of(new EgressRequest(MicrosoftServices.Graph, MicrosoftServices.CreateTask)
                {
                    PathArguments = [own.Id],
                    Headers = OutlookAccount.Immutable(),
                    Body = BodyOf(order),
                });
            }

            query = page.Next;
        }
        while (query is not null);
        return new OutlookFailures.NoTaskList();
    }

    public static async Task<WriteOutcome> WriteAsync(
        OutlookAccount account, SendPermit permit, OutgoingWrite write, CancellationToken cancellation) =>
        OutlookWrites.Told(
            await account.WriteAsync(write.ToRequest(MicrosoftServices.Graph) with { Permit = permit }, cancellation),
            static told => GraphReading.ReadItem(told.Body, TodoTask.CreateFromDiscriminatorValue).Try(out var made, out _) ? made.Id : null);

    public static async Task<Outcome<WriteTrace>> LookUpAsync(
        OutlookAccount account, TaskOrder order, OutgoingWrite write, CancellationToken cancellation)
    {
        string? query = null;
        for (var at = 0; at < MostPages; at++)
        {
            var outcome = await account.TasksAsync(write.PathArguments[0], query, cancellation);
            if (!outcome.Try(out var answer, out var why)
                || !GraphReading.ReadPage(answer.Body, TodoTask.CreateFromDiscriminatorValue).Try(out var page, out why))
            {
                return why;
            }

            if (page.Items.FirstOrDefault(item => IsMarked(item.Value, order.Mark)) is { } found)
            {
                return new WriteTrace.Done(found.Id);
            }

            if (page.Next is null)
            {
                break;
            }

            query = page.Next;
        }

        return new WriteTrace.Nowhere();
    }

    private static bool IsMarked(TodoTask task, WriteMark mark) =>
        task.LinkedResources?.Any(one => one.ExternalId == mark.Uuid && one.ApplicationName == Application) == true;

    private static byte[] BodyOf(TaskOrder order)
    {
        var body = new JsonObject
        {
            ["title"] = order.Task.Title,
            ["body"] = new JsonObject { ["contentType"] = "text", ["content"] = order.Task.Notes },
            ["linkedResources"] = new JsonArray(new JsonObject
            {
                ["applicationName"] = Application,
                ["externalId"] = order.Mark.Uuid,
                ["displayName"] = order.Task.Title,
            }),
        };
        if (order.Task.Due is { } due)
        {
            body["dueDateTime"] = new JsonObject
            {
                ["dateTime"] = string.Create(CultureInfo.InvariantCulture, $"{due:yyyy-MM-dd}T00:00:00"),
                ["timeZone"] = "UTC",
            };
        }

        return CanonicalBody.Of(body);
    }
}
