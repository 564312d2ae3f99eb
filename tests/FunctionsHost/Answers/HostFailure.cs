using System.Text;
using PracticPro.Durable.Wire;
using PracticPro.FunctionsHost.App;

namespace PracticPro.FunctionsHost.Answers;

/// <summary>An error of the host itself, as its exceptions look from outside.</summary>
/// <param name="Type">The full name of the exception.</param>
internal sealed record HostFailure(string Type, string Message, HostFailure? Inner = null)
{
    private const string Trace = "   at Microsoft.Azure.WebJobs.Host.Executors.FunctionExecutor.TryExecuteAsync()";

    /// <summary>An exception of the runtime that both hosts share: the texts are the same because the code is.</summary>
    public static HostFailure Of(Exception exception) =>
        new(exception.GetType().FullName!, exception.Message, exception.InnerException is { } inner ? Of(inner) : null);

    public static HostFailure Invocation(Function function, HostFailure inner) => new(
        "Microsoft.Azure.WebJobs.Host.FunctionInvocationException",
        $"Exception while executing function: Functions.{function.Name}",
        inner);

    public static HostFailure Timeout(Function function, TimeSpan limit) => new(
        "Microsoft.Azure.WebJobs.Host.FunctionTimeoutException",
        $"Timeout value of {limit:c} was exceeded by function: Functions.{function.Name}");

    public static HostFailure NullResponse() => new(
        "System.InvalidOperationException",
        "The function invocation resulted in a null response. This means that either the orchestrator function was "
        + "implemented incorrectly, the Durable Task language SDK was implemented incorrectly, or that the destination "
        + "language worker is not sending the function result back to the host.");

    /// <summary>What an orchestration sees of it.</summary>
    public Failure ToWire()
    {
        var failure = new Failure { ErrorType = Type, ErrorMessage = Message, StackTrace = Trace };
        if (Inner is not null)
        {
            failure.InnerFailure = Inner.ToWire();
        }

        return failure;
    }

    /// <summary>As an exception prints itself with its inner ones.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        Append(text);
        return text.ToString();
    }

    private void Append(StringBuilder text)
    {
        text.Append(Type).Append(": ").Append(Message);
        if (Inner is not null)
        {
            text.Append("\n ---> ");
            Inner.Append(text);
            text.Append("\n   --- End of inner exception stack trace ---");
        }

        text.Append('\n').Append(Trace);
    }
}
