using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using PracticPro.Durable;
using PracticPro.Durable.Embedded;
using PracticPro.Durable.History;

namespace PracticPro.Tests.Durable;

/// <summary>A hub that an earlier version of the program wrote is gone on with.</summary>
public sealed class HubMigrationTests : IDisposable
{
    private static readonly OrchestrationName<int, int> Sums = new("sums");
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("hub-migration-");

    [Fact]
    public async Task A_file_of_version_one_keeps_its_instances_and_goes_on_with_them()
    {
        Fill(Path.Combine(folder.FullName, "hub.db"));
        var registry = new DurableRegistry()
            .WithAddOne()
            .Code(Sums, async (context, number) => await context.CallActivityAsync(Lambdas.AddOne, number));

        await using (var hub = Open(registry))
        {
            hub.Start();
            var cancellation = TestContext.Current.CancellationToken;
            var waiting = await hub.WaitForCompletionAsync(InstanceId.Parse("waiting"), TimeSpan.FromSeconds(30), cancellation);
            var done = await hub.GetStatusAsync(InstanceId.Parse("done"), cancellation);

            Assert.Equal(("42", OrchestrationStatus.Completed), (waiting!.Output, waiting.Status));
            Assert.Equal(("7", OrchestrationStatus.Completed), (done!.Output, done.Status));
        }

        Assert.Equal(HubSchema.Version, Version());
    }

    [Fact]
    public async Task A_file_of_a_later_version_is_left_alone()
    {
        Fill(Path.Combine(folder.FullName, "hub.db"));
        Execute($"PRAGMA user_version={HubSchema.Version + 1}");

        Assert.Throws<InvalidOperationException>(() => Open(new DurableRegistry()));

        Assert.Equal(HubSchema.Version + 1, Version());
        await Task.CompletedTask;
    }

    public void Dispose() => folder.Delete(recursive: true);

    private EmbeddedHub Open(DurableRegistry registry) => EmbeddedHub.Open(
        registry, new ServiceCollection().BuildServiceProvider(), new DurableOptions { Folder = folder.FullName });

    /// <summary>As version 1 left it: one instance completed, one whose activity was asked for and not begun.</summary>
    private static void Fill(string path)
    {
        using var file = new SqliteConnection($"Data Source={path};Pooling=False");
        file.Open();
        using var command = file.CreateCommand();
#pragma warning disable CA2100 // A file of this test.
        command.CommandText = File.ReadAllText(
            Path.Combine(PracticPro.Tests.Architecture.Source.Root, "tests/PracticPro.Tests/Durable/Golden/hub-v1.sql"));
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    private void Execute(string sql)
    {
        using var file = new SqliteConnection($"Data Source={Path.Combine(folder.FullName, "hub.db")};Pooling=False");
        file.Open();
        using var command = file.CreateCommand();
#pragma warning disable CA2100 // Fixed texts of this test.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    private long Version()
    {
        using var file = new SqliteConnection($"Data Source={Path.Combine(folder.FullName, "hub.db")};Pooling=False");
        file.Open();
        using var command = file.CreateCommand();
        command.CommandText = "PRAGMA user_version";
        return (long)command.ExecuteScalar()!;
    }
}
