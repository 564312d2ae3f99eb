using System.Reflection;
using System.Text.Json;
using PracticPro.Durable.Triggers;
using PracticPro.Hosting.Functions.Declarations;
using PracticPro.Hosting.Functions.Payloads;
using PracticPro.Kernel;

namespace PracticPro.Hosting.Functions.Back;

/// <summary>
/// Runs a declared method: its trigger's value and durable client from the payload, everything else from the services of
/// a scope that lasts as long as the call.
/// </summary>
internal sealed class CallMethod(IServiceProvider services, IEngine engine)
{
    private static readonly JsonSerializerOptions Lenient = new(JsonSerializerDefaults.Web);

    /// <exception cref="PayloadUnreadableException">The payload does not hold what the method takes.</exception>
    /// <exception cref="Exception">What the method threw.</exception>
    public async Task RunAsync(FunctionDeclaration.Called function, PayloadBody body, CancellationToken cancellation)
    {
        await using var scope = services.CreateAsyncScope();
        var arguments = function.Method.GetParameters()
            .Select(parameter => Argument(parameter, body, scope.ServiceProvider, cancellation))
            .ToArray();
        await (Task)function.Method.Invoke(null, BindingFlags.DoNotWrapExceptions, null, arguments, null)!;
    }

    private object Argument(ParameterInfo parameter, PayloadBody body, IServiceProvider scope, CancellationToken cancellation)
    {
        if (parameter.ParameterType == typeof(CancellationToken))
        {
            return cancellation;
        }

        if (parameter.IsDefined(typeof(DurableClientAttribute)))
        {
            return engine.HubOf(PayloadBindings.Read(body.Utf8, parameter.Name!));
        }

        return parameter.GetCustomAttribute<TriggerAttribute>() switch
        {
            QueueTriggerAttribute => Message(parameter, PayloadBindings.Read(body.Utf8, parameter.Name!)),
            TimerTriggerAttribute => Read(typeof(TimerTick), PayloadBindings.Read(body.Utf8, parameter.Name!).Content, Lenient),
            _ => scope.GetRequiredService(parameter.ParameterType),
        };
    }

    private static object Message(ParameterInfo parameter, PayloadValue value) => parameter.ParameterType == typeof(string)
        ? value.Content ?? throw new PayloadUnreadableException(PayloadUnreadableException.Malformed)
        : Read(parameter.ParameterType, value.Content, JsonShapes.Stored);

    private static object Read(Type type, string? json, JsonSerializerOptions form)
    {
        try
        {
            if (JsonSerializer.Deserialize(json ?? "null", type, form) is { } value)
            {
                return value;
            }
        }
        catch (JsonException)
        {
            // Said below.
        }

        throw new PayloadUnreadableException(PayloadUnreadableException.Malformed);
    }
}
