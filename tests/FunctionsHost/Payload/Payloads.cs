using System.Text;
using System.Text.Json;
using Google.Protobuf;
using PracticPro.Durable.Wire;
using PracticPro.FunctionsHost.App;

namespace PracticPro.FunctionsHost.Payload;

/// <summary>The bodies of calls, trigger by trigger; HTTP has a file of its own.</summary>
/// <param name="source">What differs from call to call and from host to host.</param>
internal sealed class Payloads(PayloadSource source)
{
    /// <summary>One turn: a text that holds the message in base64.</summary>
    public byte[] Turn(Function function, OrchestratorRequest request)
    {
        var context = Encoded.Text(Convert.ToBase64String(request.ToByteArray()));
        return Body(function, context, new Metadata());
    }

    /// <summary>One activity. The input is JSON text, or null when none was scheduled.</summary>
    public byte[] Activity(Function function, string instanceId, string? input)
    {
        var metadata = new Metadata();
        metadata.Set("instanceId", Encoded.Text(instanceId));
        if (input is null)
        {
            return Body(function, Encoded.Nothing, metadata);
        }

        using var document = JsonDocument.Parse(input);
        var compact = JsonText.Compact(document.RootElement, JsonText.Dates.Kept);
        var value = Encoded.Text(compact);
        metadata.Set(function.Trigger.Name, value);
        metadata.Set("data", Encoded.Json(document.RootElement, compact));
        return Body(function, value, metadata, merged: compact);
    }

    /// <summary>One message of a queue.</summary>
    public byte[] Queue(Function function, Queues.QueueMessage message, string text)
    {
        var metadata = new Metadata();
        metadata.Set("DequeueCount", JsonText.Quote(JsonText.Number($"{message.DequeueCount}")));
        metadata.Set("ExpirationTime", Encoded.Date(message.ExpiresAt));
        metadata.Set("Id", Encoded.Text(message.Id));
        metadata.Set("InsertionTime", Encoded.Date(message.InsertedAt));
        metadata.Set("NextVisibleTime", Encoded.Date(message.VisibleAt));
        metadata.Set("PopReceipt", Encoded.Text(message.PopReceipt));
        return Body(function, Encoded.Text(text), metadata, merged: text);
    }

    /// <param name="status">JSON of the schedule status, or null while it is not kept.</param>
    public byte[] Timer(Function function, string? status, bool isPastDue)
    {
        var late = isPastDue ? "true" : "false";
        var value = $$"""{"Schedule":{"AdjustForDST":true},"ScheduleStatus":{{status ?? "null"}},"IsPastDue":{{late}}}""";
        return Body(function, value, new Metadata());
    }

    /// <summary>Data and Metadata, with the other inputs of the function.</summary>
    public byte[] Body(Function function, string trigger, Metadata metadata, string? merged = null)
    {
        metadata.SetSystem(function.Name, source.Clock.GetUtcNow(), source.Dice.NextGuid());
        metadata.Merge(merged);
        var data = new StringBuilder("{").Append(JsonText.Quote(function.Trigger.Name)).Append(':').Append(trigger);
        foreach (var client in function.Bindings.Where(binding => binding.Type == "durableClient"))
        {
            data.Append(',').Append(JsonText.Quote(client.Name)).Append(':').Append(Encoded.Text(source.DurableClient()));
        }

        return Encoding.UTF8.GetBytes($$"""{"Data":{{data}}},"Metadata":{{metadata.Write()}}}""");
    }
}
