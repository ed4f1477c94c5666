using LowRank.Costs;
using LowRank.Training.CommandLine.Commands;
using LowRank.Training.Runs;

namespace LowRank.Training.CommandLine.Exploring;

/// <summary>One variation of a model with what it costs.</summary>
/// <param name="Changes">What is changed; empty for the model as it is declared.</param>
/// <param name="Values">The values of the varied quantities, in their order; null where they are as declared.</param>
/// <param name="Entry">The model; null where the compiler would refuse it.</param>
/// <param name="Remarks">Why it is refused, or what the compiler would warn of.</param>
/// <param name="Measured">What experiments have measured of it, if any.</param>
internal sealed record DesignPoint(
    string Changes,
    IReadOnlyList<double?> Values,
    ModelEntry? Entry,
    IReadOnlyList<string> Remarks,
    MeasuredPerplexity? Measured
)
{
    /// <summary>Whether no other has as many parameters for as few FLOPs.</summary>
    public bool IsOnFront { get; init; }

    /// <summary>Whether no other has been measured to reach as low a perplexity for as few FLOPs.</summary>
    public bool IsOnMeasuredFront { get; init; }

    /// <summary>Parameters once every guide is gone.</summary>
    public long Parameters => Entry!.Cost.Parameters;

    /// <summary>Forward FLOPs per token once every guide is gone, paper convention.</summary>
    public long ForwardFlopsPerToken => Entry!.Cost.ForwardFlopsPerToken;

    /// <summary>FLOPs of the declared run, guides included, paper convention; null where none is declared.</summary>
    public decimal? TrainingFlops => DeclaredTotals.Of(Entry!, Entry!.VariantWithoutAdapters(), FlopConvention.Paper);

    /// <summary>What the declared run costs, or where none is declared a token.</summary>
    public decimal Flops => TrainingFlops ?? ForwardFlopsPerToken;

    /// <summary>Bytes of the declared run at its fullest, fp32; null where none is declared.</summary>
    public decimal? TrainingMemory =>
        Entry!.Cost is { Run: { } run, Memory: not null } cost ? DeclaredMemory.Peak(cost, run.SequencesPerMicroBatch, mixed: false) : null;

    /// <summary>Tokens of the declared run for each parameter; null where none is declared.</summary>
    public double? TokensPerParameter => Entry!.Cost.Run is { } run ? (double)run.Tokens / Parameters : null;

    /// <summary>The limits of the budget that it exceeds.</summary>
    public IEnumerable<BudgetLine> Exceeded => Entry!.Cost.Budget.Where(limit => limit.IsExceeded);

    /// <summary>Whether it can be built within the budget.</summary>
    public bool Fits => Entry is not null && !Exceeded.Any();

    /// <summary>Whether the compiler has nothing against it either.</summary>
    public bool IsSound => Fits && Remarks.Count == 0;
}
