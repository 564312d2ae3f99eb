using System.Text.RegularExpressions;
using PracticPro.Kernel;

namespace PracticPro.Tests.Architecture;

/// <summary>Names, sizes and types that the whole house keeps to.</summary>
public sealed partial class ShapeTests
{
    private const int FileCap = 400;
    private const int NinetiethPercentile = 200;

    private static readonly string[] ForbiddenWords =
        ["Manager", "Helper", "Util", "Utils", "Common", "Misc", "Processor", "Info", "Data", "Impl", "Base"];

    // Processor is a term of data-protection law (GDPR Art. 4(8)), DataFolder and DataKey terms of the field.
    private static readonly string[] TermsOfTheField =
        ["Processor", "ProcessorBook", "DataFolder", "DataFolderInUseException", "DataKey", "DataKeyRecord", "DataKeyStore"];

    // Ids that a provider or a protocol made: they have no type of ours, and no other kind to be mistaken for.
    private static readonly string[] ForeignIds =
    [
        "gmailId", "messageId", "rfc822MessageId", "draftId", "threadId", "providerId", "pushId", "keyId", "orderId",
        "startHistoryId", "historyId", "eventId", "taskId", "timerId", "clientId", "executionId", "GmailId", "ThreadId",
        "MessageId", "LastMessageId", "LastGmailId", "HistoryId", "DraftId", "SentId", "ProviderId", "PinnedHistoryId",
        "Id", "id", "leafId", "LeafId", "KeyId", "documentId", "invocationId", "ExecutionId", "GoogleClientId", "EventId",
        "TaskId", "instanceId", "PinnedKeyId", "Rfc822MessageId", "SourceId", "sourceId", "UniversalId", "SeriesId",
    ];

    [Fact]
    public void No_type_hides_behind_a_word_that_says_nothing()
    {
        var names = Compiled.Types
            .Where(type => !type.Name.Contains('<', StringComparison.Ordinal) && !IsMadeFromTheProtocol(type.FullName))
            .Select(type => type.Name.Split('`')[0])
            .Distinct()
            .ToList();

        Assert.NotEmpty(names);
        var hiding = names.Where(name => !TermsOfTheField.Contains(name)
            && Words().Matches(name).Any(word => ForbiddenWords.Contains(word.Value) && !name.Contains("Base64", StringComparison.Ordinal)));
        Assert.Empty(hiding);
    }

    [Fact]
    public void No_file_is_longer_than_the_cap()
    {
        var lengths = Source.Files(Source.Root).Select(path => (Path: path, Lines: File.ReadLines(path).Count())).ToList();

        Assert.NotEmpty(lengths);
        Assert.Empty(lengths.Where(file => file.Lines > FileCap).Select(file => $"{file.Path}: {file.Lines}"));
    }

    [Fact]
    public void Nine_of_ten_files_of_the_program_are_short()
    {
        var lengths = Source.Files(Source.Program).Select(path => File.ReadLines(path).Count()).Order().ToList();

        Assert.True(lengths[lengths.Count * 9 / 10] <= NinetiethPercentile);
    }

    [Fact]
    public void No_parameter_takes_an_id_of_ours_as_a_bare_text_or_guid()
    {
        var parameters =
            (from type in Compiled.Types
             where !type.Name.Contains('<', StringComparison.Ordinal)
             from method in type.Methods
             from parameter in method.Parameters
             where parameter.Name.EndsWith("Id", StringComparison.Ordinal)
             select (Method: method.FullName, parameter.Name, Type: parameter.ParameterType.FullName)).ToList();

        Assert.NotEmpty(parameters);
        var bare = parameters.Where(parameter =>
            parameter.Type is "System.String" or "System.Guid" && !ForeignIds.Contains(parameter.Name));
        Assert.Empty(bare);
    }

    [Fact]
    [Trait("Promise", "ISO-1")]
    public void No_call_takes_a_tenant_that_may_be_missing()
    {
        var parameters =
            (from type in Compiled.Types
             from method in type.Methods
             from parameter in method.Parameters
             where parameter.ParameterType.FullName.Contains("PracticPro.Kernel.TenantId", StringComparison.Ordinal)
             select (Method: method.FullName, Parameter: parameter)).ToList();

        Assert.NotEmpty(parameters);
        Assert.Empty(parameters.Where(one =>
            one.Parameter.ParameterType.FullName.StartsWith("System.Nullable", StringComparison.Ordinal)
            || one.Parameter.IsOptional).Select(one => one.Method));
    }

    [Fact]
    [Trait("Promise", "ISO-1")]
    public void Every_storage_port_is_opened_for_one_tenant()
    {
        string[] ports =
            ["IDocuments", "IAppendLog", "IQueue", "ILeases", "IBlobs", "ITenantStorage"];

        Assert.All(ports, port =>
        {
            var type = Assert.Single(Compiled.Types, type => type.FullName == $"PracticPro.Storage.{port}");
            Assert.Contains(type.Properties, property => property.PropertyType.Name == nameof(TenantId));
            Assert.All(type.Methods, method => Assert.DoesNotContain(
                method.Parameters, parameter => parameter.ParameterType.Name == nameof(TenantId)));
        });
    }

    [Fact]
    public void No_code_reads_the_ambient_clock()
    {
        string[] clocks =
        [
            "System.DateTime::get_Now", "System.DateTime::get_UtcNow", "System.DateTime::get_Today",
            "System.DateTimeOffset::get_Now", "System.DateTimeOffset::get_UtcNow",
        ];

        Assert.NotEmpty(Compiled.CallersOf("System.TimeProvider::GetUtcNow"));
        Assert.Empty(clocks.SelectMany(Compiled.CallersOf).Select(method => method.FullName));
    }

    // The protocol's compiler names its own types.
    private static bool IsMadeFromTheProtocol(string fullName) =>
        fullName.StartsWith("PracticPro.Durable.Wire.", StringComparison.Ordinal);

    [GeneratedRegex("[A-Z][a-z]+")]
    private static partial Regex Words();
}
