using System.Collections.Concurrent;

namespace LowRank.Generator.Tests.Fuzzing;

/// <summary>
/// 4,096 mutated declarations, the same in every run, 1,024 a seed; <see cref="FuzzOptions"/> says how to run others.
/// </summary>
public sealed class DeclarationFuzzTests(ITestOutputHelper output)
{
    // Compiled together, cases share what a compilation costs; but the batch of a case whose trouble names nobody is compiled again in
    // halves.
    private const int BatchSize = 32;
    private const int Shown = 3;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Every_declaration_is_refused_or_compiles_and_nothing_throws(int seed)
    {
        var options = FuzzOptions.FromEnvironment(seed);
        var judge = new Judge();
        Parallel.ForEach(Partitioner.Create(options.Batches(BatchSize), EnumerablePartitionerOptions.NoBuffering), judge.Try);

        output.WriteLine(
            $"seed {options.Seed}: {judge.Refused} refused by the language, {judge.Rejected} by C#, {judge.Compiled} compiled"
        );
        if (options.Only is { } only)
            output.WriteLine(CaseMaker.Make(options.Seed, only).ToString());
        var complaints = judge.Complaints;
        Assert.True(
            complaints.Count == 0,
            $"{complaints.Count} cases:\n\n"
                + string.Join("\n\n", complaints.Take(Shown).Select(complaint => $"{complaint.Case}\n{complaint.Reason}"))
        );
    }
}
