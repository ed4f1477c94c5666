namespace LowRank.Generator.Tests.Fuzzing;

/// <summary>One mutated declaration: one or more files that belong together.</summary>
/// <param name="Seed">The seed of the run.</param>
/// <param name="Number">Its number within the run; with the seed it says everything.</param>
/// <param name="Sources">Its files.</param>
/// <param name="IsAlone">Whether it reaches beyond its own namespace and so must be compiled by itself.</param>
internal sealed record FuzzCase(int Seed, int Number, IReadOnlyList<string> Sources, bool IsAlone)
{
    /// <summary>The path of a file, by which diagnostics are given back to their case.</summary>
    public string PathOf(int file) => $"/fuzzed/{Number}/File{file}.cs";

    /// <summary>The command that runs this case and no other.</summary>
    public string Replay =>
        $"FUZZ_SEED={Seed} FUZZ_CASE={Number} dotnet test --project tests/LowRank.Generator.Tests --filter-class '*DeclarationFuzzTests'";

    public override string ToString() =>
        $"seed {Seed}, case {Number}; replay with\n{Replay}\n" + string.Join("\n", Sources.Select((source, file) => $"// {PathOf(file)}\n{source}"));
}
