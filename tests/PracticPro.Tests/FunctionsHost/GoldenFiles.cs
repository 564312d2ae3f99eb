using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace PracticPro.Tests.FunctionsHost;

/// <summary>What a real host exchanged with a handler, captured once. Ids, times and keys in it are of that day.</summary>
internal static partial class GoldenFiles
{
    public static JsonArray List(string name) => Read(name).AsArray();

    public static JsonNode Read(string name) => JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, name)))!;

    public static IEnumerable<TheoryDataRow<string>> Kinds(string name) =>
        List(name).Select(one => new TheoryDataRow<string>(one!["kind"]!.GetValue<string>()));

    public static JsonNode Of(string name, string kind) => List(name).Single(one => one!["kind"]!.GetValue<string>() == kind)!;

    /// <summary>A body with all that differs from run to run put to one value.</summary>
    public static string Masked(string body)
    {
        body = Times().Replace(body, "TIME");
        body = Guids().Replace(body, "GUID");
        body = Receipts().Replace(body, "\"PopReceipt\":\"RECEIPT\"");
        return Ports().Replace(body, "127.0.0.1:PORT");
    }

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "FunctionsHost", "Golden");

    // Of this century's twenties from 2026 on: what a host stamps. Dates inside payloads are older.
    [GeneratedRegex(@"20(2[6-9]|3\d)-\d\d-\d\dT[0-9:.]+")]
    private static partial Regex Times();

    [GeneratedRegex("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")]
    private static partial Regex Guids();

    [GeneratedRegex("\"PopReceipt\":\"[^,]*\"")]
    private static partial Regex Receipts();

    [GeneratedRegex(@"127\.0\.0\.1:\d+")]
    private static partial Regex Ports();
}
