using System.Globalization;

namespace LowRank.EndToEnd.Tests.Mutations;

/// <summary>
/// What to run, from the environment: <c>FUZZ_SEED</c> another seed, <c>FUZZ_CASES</c> more or fewer cases, <c>FUZZ_CASE</c> a single one,
/// which is also printed.
/// </summary>
internal sealed record MutationOptions(int Seed, int Cases, int? Only)
{
    private const int CasesInEveryRun = 600;

    public static MutationOptions FromEnvironment(int casesInEveryRun = CasesInEveryRun) =>
        new(Read("FUZZ_SEED") ?? 1, Read("FUZZ_CASES") ?? casesInEveryRun, Read("FUZZ_CASE"));

    public IEnumerable<int> Numbers => Only is { } only ? [only] : Enumerable.Range(0, Cases);

    /// <summary>The command that runs this case and no other.</summary>
    public string Replay(int number) =>
        $"FUZZ_SEED={Seed} FUZZ_CASE={number} dotnet test --project tests/LowRank.EndToEnd.Tests --filter-class '*MutationTests'";

    private static int? Read(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;
}
