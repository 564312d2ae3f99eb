using PracticPro.Cli;
using PracticPro.Hosting;

// Before anything secret is in memory.
MemoryGuard.Raise();

// The first server line is awaited by scripts and people: nothing else is written before the verb speaks.
return await CommandLine.RunAsync(args, StandardInput.Open(), Console.Out, Console.Error, CancellationToken.None);
