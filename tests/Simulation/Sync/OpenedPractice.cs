using PracticPro.Access;
using PracticPro.Kernel;
using PracticPro.Sync;

namespace PracticPro.Simulation.Sync;

/// <summary>
/// A practice with an owner who is signed in and nothing connected: made once, since hashing a password is slow on purpose,
/// and copied for each run.
/// </summary>
internal sealed class OpenedPractice : IAsyncDisposable
{
    private const string Password = "correct horse battery";
    private const string Name = "owner@practice.example";

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("sync-simulation-practice-");

    private OpenedPractice()
    {
    }

    public SignedIn Owner { get; private set; } = null!;

    public static async Task<OpenedPractice> MakeAsync(CancellationToken cancellation)
    {
        var made = new OpenedPractice();
        await using var program = new SyncProgram(
            made.folder.FullName, new Uri("http://127.0.0.1:9/"), new DrivenClock(), new SyncOptions());
        await program.StartAsync(cancellation);
        var order = new CreatePractice.Order("Harbour Clinic", "practice-os", "Olga Owner", Name, new SecretText(Password));
        (await program.Get<CreatePractice>().RunAsync(order, cancellation)).Expect();
        var signedIn = (await program.Get<SignIn>().RunAsync(Name, new SecretText(Password), cancellation)).Expect();
        made.Owner = (await program.Get<Sessions>().FindAsync(signedIn.Tenant, signedIn.Token, cancellation)).Expect();
        await program.SettleAsync(made.Owner.Tenant, cancellation);
        return made;
    }

    public void CopyTo(string target)
    {
        foreach (var file in folder.EnumerateFiles("*", SearchOption.AllDirectories))
        {
            var to = Path.Combine(target, Path.GetRelativePath(folder.FullName, file.FullName));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            file.CopyTo(to);
        }
    }

    public ValueTask DisposeAsync()
    {
        folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }
}
