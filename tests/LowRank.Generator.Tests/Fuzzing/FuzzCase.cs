namespace LowRank.Generator.Tests.Fuzzing;

/// <summary>One mutated declaration: one or more files that belong together.</summary>
/// <param name="Seed">The seed of the run.</param>
/// <param name="Number">Its number within the run; with the seed it says everything.</param>
/// <param name="Sources">Its files.</param>
/// <param name="IsAlone">Whether it reaches beyond its own namespace and so must be compiled by itself.</param>
internal sealed record FuzzCase(int Seed, int Number, IReadOnlyList<string> Sources, bool IsAlone)
{
    private const int SampledOneIn = 4;

    /// <summary>Whether every method generated for it is bound; of the others, declarations are.</summary>
    public bool IsSampled => Number % SampledOneIn == 0;

    /// <summary>Whether it is run by itself because somebody asks.</summary>
    public bool IsPicked { get; init; }

    /// <summary>The path of a file, by which diagnostics are given back to their case.</summary>
    public string PathOf(int file) => $"/fuzzed/{Number}/File{file}.cs";

    /// <summary>The command that runs this case and no other.</summary>
    public string Replay =>
        $"FUZZ_SEED={Seed} FUZZ_CASE={Number} dotnet test --project tests/LowRank.Generator.Tests --filter-class '*DeclarationFuzzTests'";

    public override string ToString() =>
        $"seed {Seed}, case {Number}; replay with\n{Replay}\n"
        + string.Join("\n", Sources.Select((source, file) => $"// {PathOf(file)}\n{source}"));
}
