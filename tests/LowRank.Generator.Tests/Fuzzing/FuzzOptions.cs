using System.Globalization;

namespace LowRank.Generator.Tests.Fuzzing;

/// <summary>
/// What to run, from the environment: <c>FUZZ_SEED</c> another seed, <c>FUZZ_CASES</c> more or fewer cases, <c>FUZZ_CASE</c> a single one,
/// which is also printed.
/// </summary>
internal sealed record FuzzOptions(int Seed, int Cases, int? Only)
{
    private const int CasesInEveryRun = 1_024;

    /// <summary>The run of a seed, unless the environment asks for another one.</summary>
    public static FuzzOptions FromEnvironment(int seed) =>
        new(Read("FUZZ_SEED") ?? seed, Read("FUZZ_CASES") ?? CasesInEveryRun, Read("FUZZ_CASE"));

    /// <summary>The cases in batches that are compiled together.</summary>
    public IEnumerable<FuzzCase[]> Batches(int size)
    {
        var numbers = Only is { } only ? [only] : Enumerable.Range(0, Cases);
        var shared = new List<FuzzCase>();
        foreach (var number in numbers)
        {
            var fuzzed = CaseMaker.Make(Seed, number) with { IsPicked = Only is not null };
            if (fuzzed.IsAlone || fuzzed.IsPicked)
                yield return [fuzzed];
            else
                shared.Add(fuzzed);
            if (shared.Count < size)
                continue;
            yield return [.. shared];
            shared.Clear();
        }

        if (shared.Count > 0)
            yield return [.. shared];
    }

    private static int? Read(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;
}
