/// <summary>
/// By this name and method the runtime finds what is to run before a program begins (<c>DOTNET_STARTUP_HOOKS</c>;
/// dotnet/runtime, docs/design/features/host-startup-hook.md).
/// </summary>
internal static class StartupHook
{
    public static void Initialize() => PracticPro.Tests.Canaries.Witness.Begin();
}
