using PracticPro.Cli;

namespace PracticPro.Tests.Cli;

public sealed class ServeVerbTests : IDisposable
{
    private readonly Shell shell = new();

    public void Dispose() => shell.Dispose();

    [Fact]
    public async Task A_second_server_on_one_folder_is_refused_in_a_sentence()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        using var output = new AnnouncingWriter();
        var first = shell.CallAsync(TextReader.Null, output, stop.Token, "serve");
        await output.Announced.WaitAsync(stop.Token);

        var second = await shell.CallAsync("", "serve");
        var hub = await shell.CallAsync("", "hub", "list");
        await stop.CancelAsync();
        var ended = await first;

        Assert.Equal(ExitCodes.NotBegun, second.ExitCode);
        Assert.Single(second.Error.Split(Environment.NewLine));
        Assert.Contains("in use", second.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.NotBegun, hub.ExitCode);
        Assert.Contains("in use", hub.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Done, ended.ExitCode);
        Assert.StartsWith("practicpro listening on http://127.0.0.1:", ended.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_ends_with_its_input_when_told_so()
    {
        var said = await shell.CallAsync("", "serve", "--until-input-ends");

        Assert.Equal(ExitCodes.Done, said.ExitCode);
    }

    /// <summary>Says when the first line was written.</summary>
    private sealed class AnnouncingWriter : StringWriter
    {
        private readonly TaskCompletionSource announced = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Announced => announced.Task;

        public override async Task WriteLineAsync(string? value)
        {
            await base.WriteLineAsync(value);
            announced.TrySetResult();
        }
    }
}
