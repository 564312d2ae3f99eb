using System.Text.Json.Nodes;

namespace PracticPro.Sandbox.Calendar;

/// <summary>
/// Conferences at an event. Version 0 knows nothing of them: what is sent is ignored and what was there stays. The same
/// request id is the same conference.
/// </summary>
internal static class Conference
{
    public static void Answer(CalendarCall call, JsonObject written, JsonNode? before)
    {
        bool knows = call.Query("conferenceDataVersion") == "1";
        if (!knows)
        {
            written.Remove("conferenceData");
            if (before is not null)
            {
                written["conferenceData"] = before.DeepClone();
            }

            return;
        }

        if (written["conferenceData"]?["createRequest"] is not JsonObject request
            || (string?)request["requestId"] is not { } key)
        {
            return;
        }

        var made = new Seeded(1, "conference " + key);
        string code = $"{Word(made, 3)}-{Word(made, 4)}-{Word(made, 3)}";
        written["conferenceData"] = new JsonObject
        {
            ["createRequest"] = new JsonObject
            {
                ["requestId"] = key,
                ["conferenceSolutionKey"] = new JsonObject { ["type"] = "hangoutsMeet" },
                ["status"] = new JsonObject { ["statusCode"] = "success" },
            },
            ["entryPoints"] = new JsonArray(new JsonObject
            {
                ["entryPointType"] = "video",
                ["uri"] = "https://meet.google.com/" + code,
                ["label"] = "meet.google.com/" + code,
            }),
            ["conferenceSolution"] = new JsonObject
            {
                ["key"] = new JsonObject { ["type"] = "hangoutsMeet" },
                ["name"] = "Google Meet",
            },
            ["conferenceId"] = code,
        };
    }

    private static string Word(Seeded made, int length) =>
        string.Concat(Enumerable.Range(0, length).Select(_ => (char)('a' + made.Below(26))));
}
