using System.Diagnostics;
using System.Text.Json.Nodes;
using PracticPro.Sandbox.Microsoft;
using PracticPro.Sandbox.OAuth;

namespace PracticPro.Sandbox.Faults;

/// <summary>
/// Stands in front of every provider endpoint and lets the queue's faults happen. Control calls are never struck.
/// </summary>
internal static class FaultActs
{
    private static readonly byte[] Broken = "{\"id\": \"19af\", \"threadId\": [, "u8.ToArray();

    public static void UseFaults(this IApplicationBuilder app, World world) =>
        app.Use((context, next) => Pass(world, context, next));

    /// <summary>Lets one request through to what answers it, or lets happen to it what the queue says.</summary>
    public static async Task Pass(World world, HttpContext context, RequestDelegate next)
    {
        string? token = Bearer.Of(context.Request);
        string? mailbox = world.Grants.Check(token)?.Account ?? world.Microsoft.Grants.Check(token)?.Account
            ?? world.QuickBooks.Grants.RealmOf(token);
        FaultAction? action = world.Faults.Strike(context.Request.Method, context.Request.Path, mailbox);
        await (action is null ? next(context) : Strike(action, context, next));
    }

    private static async Task Strike(FaultAction action, HttpContext context, RequestDelegate next)
    {
        switch (action.Kind)
        {
            case FaultKind.Status when MicrosoftFaults.Owns(context.Request.Path):
                await MicrosoftFaults.Write(action, context);
                break;
            case FaultKind.Status:
                (int status, JsonObject error) = FaultErrors.For(action, context.Request.Path);
                await Answers.Json(error, status).ExecuteAsync(context);
                break;
            case FaultKind.Delay:
                await Wait(action, context);
                await next(context);
                break;
            case FaultKind.Timeout:
                await (action.Acts ? Swallow(context, next) : Task.CompletedTask);
                await Wait(action, context);
                context.Abort();
                break;
            case FaultKind.DropBefore:
                context.Abort();
                break;
            case FaultKind.DropAfter:
                await Swallow(context, next);
                context.Abort();
                break;
            case FaultKind.Kill:
                await (action.After ? Swallow(context, next) : Task.CompletedTask);
                Kill(action.Pid);
                context.Abort();
                break;
            case FaultKind.Truncate:
                await SendHalf(context, await Swallow(context, next));
                break;
            case FaultKind.Malformed:
                await Swallow(context, next);
                context.Response.StatusCode = StatusCodes.Status200OK;
                context.Response.ContentType = "application/json; charset=UTF-8";
                context.Response.ContentLength = Broken.Length;
                await context.Response.Body.WriteAsync(Broken, context.RequestAborted);
                break;
        }
    }

    /// <summary>
    /// Ends early, without a fuss, when the client hangs up. Real time: the client's patience is real too.
    /// </summary>
    private static Task Wait(FaultAction action, HttpContext context) =>
        Task.Delay(TimeSpan.FromSeconds(action.Seconds), TimeProvider.System, context.RequestAborted)
            .ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);

    /// <summary>Does everything and keeps the answer from leaving.</summary>
    private static async Task<byte[]> Swallow(HttpContext context, RequestDelegate next)
    {
        Stream wire = context.Response.Body;
        using var kept = new MemoryStream();
        context.Response.Body = kept;
        try
        {
            await next(context);
        }
        finally
        {
            context.Response.Body = wire;
        }

        return kept.ToArray();
    }

    /// <summary>
    /// Promises the whole length and stops half-way; the server then closes the connection by itself.
    /// </summary>
    private static async Task SendHalf(HttpContext context, byte[] answer)
    {
        context.Response.ContentLength = answer.Length;
        await context.Response.Body.WriteAsync(answer.AsMemory(0, answer.Length / 2), context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }

    /// <summary>
    /// On Unix this is SIGKILL: the process gets no chance to tidy up. One that is already gone is fine.
    /// </summary>
    private static void Kill(int pid)
    {
        try
        {
            using Process victim = Process.GetProcessById(pid);
            victim.Kill();
            victim.WaitForExit();
        }
        catch (ArgumentException)
        {
            // No such process: it ended by itself in the meantime.
        }
    }
}
