using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using PracticPro.Durable.History;
using PracticPro.Durable.Protocol;
using PracticPro.Egress;
using PracticPro.Hosting;
using PracticPro.Hosting.Functions;
using PracticPro.Hosting.Functions.Declarations;
using PracticPro.Hosting.Functions.Front;

namespace PracticPro.Tests.Hosting.Functions;

public sealed class CallRelayTests : IAsyncDisposable
{
    private static readonly FunctionDeclaration Step = Function("take-sync-step");
    private static readonly FunctionDeclaration Bell = Function("carry-workflow-orders");

    private readonly HttpMessageInvoker invoker = new(PlatformDoor.Loopback());
    private WebApplication? back;
    private Func<HttpContext, Task> answer = static context => context.Response.WriteAsync("{}");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        invoker.Dispose();
        if (back is not null)
        {
            await back.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_good_answer_is_passed_on_as_it_is()
    {
        answer = async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            await context.Response.WriteAsync($$"""{"ReturnValue":{{JsonSerializer.Serialize(await reader.ReadToEndAsync())}}}""");
        };

        var (status, _, body) = await RelayAsync(Step, "said");

        Assert.Equal(200, status);
        Assert.Equal("""{"ReturnValue":"said"}""", body);
    }

    public static TheoryData<string> BadAnswers => ["empty", "null", "no-content", "array", "half", "page", "torn", "error", "huge"];

    [Theory]
    [MemberData(nameof(BadAnswers))]
    public async Task An_answer_the_host_would_stumble_over_makes_a_step_one_that_is_delivered_again(string kind)
    {
        answer = Bad(kind);

        var (status, _, body) = await RelayAsync(Step, "{}");

        Assert.Equal(200, status);
        using var parsed = JsonDocument.Parse(body);
        var opened = ActivityAnswer.Open(default, 0, parsed.RootElement.GetProperty("ReturnValue").GetRawText());
        Assert.Equal(FailureCodes.DeliveryLost, Assert.IsType<HistoryEvent.TaskFailed>(opened).Failure!.Code);
    }

    [Theory]
    [MemberData(nameof(BadAnswers))]
    public async Task The_same_makes_a_message_one_that_goes_back_to_its_queue(string kind)
    {
        answer = Bad(kind);

        var (status, reason, body) = await RelayAsync(Bell, "{}");

        Assert.Equal(500, status);
        Assert.Matches("^[a-z-]+$", reason);
        using var parsed = JsonDocument.Parse(body);
        Assert.Equal(JsonValueKind.Object, parsed.RootElement.ValueKind);
    }

    [Fact]
    public async Task The_code_of_a_failure_reaches_the_host()
    {
        answer = Bad("error");

        Assert.Equal("storage-unavailable", (await RelayAsync(Bell, "{}")).Reason);
    }

    [Fact]
    public async Task While_there_is_no_back_a_message_goes_back_to_its_queue() =>
        Assert.Equal((500, "back-not-ready"), await RelayAsync(new Away(), Bell));

    private static Func<HttpContext, Task> Bad(string kind) => kind switch
    {
        "empty" => static _ => Task.CompletedTask,
        "null" => static context => context.Response.WriteAsync("null"),
        "no-content" => Status(204),
        "array" => static context => context.Response.WriteAsync("[]"),
        "half" => static context => context.Response.WriteAsync("{\"ReturnValue\":"),
        "page" => static context => context.Response.WriteAsync("<html>"),
        "torn" => static context =>
        {
            context.Abort();
            return Task.CompletedTask;
        },
        "huge" => static context => context.Response.WriteAsync($"{{\"ReturnValue\":\"{new string('x', 2 << 20)}\"}}"),
        _ => static context =>
        {
            context.Features.GetRequiredFeature<IHttpResponseFeature>().ReasonPhrase = "storage-unavailable";
            context.Response.StatusCode = 500;
            return context.Response.WriteAsync("{}");
        },
    };

    private static Func<HttpContext, Task> Status(int status) => context =>
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    };

    private static FunctionDeclaration Function(string name) =>
        Composition.Functions().TryFind(name, out var function) ? function : throw new InvalidOperationException(name);

    private async Task<(int Status, string Reason)> RelayAsync(IBack to, FunctionDeclaration function)
    {
        var (status, reason, _) = await RelayAsync(to, function, "{}");
        return (status, reason);
    }

    private async Task<(int Status, string Reason, string Body)> RelayAsync(FunctionDeclaration function, string body)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        back = builder.Build();
        back.Run(context => answer(context));
        await back.StartAsync(Cancellation);
        return await RelayAsync(new Ready(new Uri(back.Urls.Single())), function, body);
    }

    private async Task<(int Status, string Reason, string Body)> RelayAsync(IBack to, FunctionDeclaration function, string body)
    {
        var relay = new CallRelay(to, invoker, new FunctionsOptions(), TimeProvider.System, NullLogger<CallRelay>.Instance);
        var context = new DefaultHttpContext();
        context.Request.Body = new MemoryStream(Encoding.UTF8.GetBytes(body));
        using var written = new MemoryStream();
        context.Response.Body = written;
        await relay.RelayAsync(context, function);
        var reason = context.Features.GetRequiredFeature<IHttpResponseFeature>().ReasonPhrase ?? "";
        return (context.Response.StatusCode, reason, Encoding.UTF8.GetString(written.ToArray()));
    }

    private sealed class Ready(Uri address) : IBack
    {
        public ValueTask<BackAddresses?> ReadyAsync(TimeSpan patience, CancellationToken cancellation) =>
            new(new BackAddresses(address, address));
    }

    private sealed class Away : IBack
    {
        public ValueTask<BackAddresses?> ReadyAsync(TimeSpan patience, CancellationToken cancellation) => default;
    }
}
