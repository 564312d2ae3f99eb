namespace PracticPro.Loopback;

/// <summary>
/// A server of the tests ends with its standard input, when it is told to: a program that starts it and dies leaves
/// nothing behind.
/// </summary>
internal static class UntilInputEnds
{
    public const string Word = "--until-input-ends";

    /// <summary>The words without that one.</summary>
    public static string[] Without(string[] words) => [.. words.Where(static word => word != Word)];

    /// <summary>Calls <paramref name="end"/> when the input ends, if the words say so.</summary>
    public static void Watch(string[] words, Action end)
    {
        if (words.Contains(Word))
        {
            // Off this thread: reading the console blocks it.
            _ = Task.Run(() =>
            {
                Console.In.ReadToEnd();
                end();
            });
        }
    }
}
