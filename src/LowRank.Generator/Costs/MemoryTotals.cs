using LowRank.Costs;
using LowRank.Generator.Model;

namespace LowRank.Generator.Costs;

/// <summary>The working memory of the two phases of training.</summary>
internal sealed record PhaseTotals(WorkingMemory AtStart, WorkingMemory AtEnd);

/// <summary>What the model needs in memory, in bytes.</summary>
/// <param name="StateAtStart">Parameters, guides, gradients, moments and effective weights at the first step.</param>
/// <param name="StateAtEnd">The same once every guide is gone.</param>
/// <param name="FullPrecision">Beside it, in 32-bit floats.</param>
/// <param name="MixedPrecision">Beside it, with bfloat16 products.</param>
/// <param name="WeightBytes">Parameters once every guide is gone, as decoding reads them.</param>
/// <param name="KeyValuesPerToken">Keys and values, or what latent attention expands them from, that decoding keeps per token, in
/// numbers.</param>
/// <param name="Context">The declared context.</param>
/// <param name="TokensPerMicroBatch">Tokens in one forward and backward pass of the declared run, if there is one.</param>
internal sealed record MemoryTotals(
    decimal StateAtStart,
    decimal StateAtEnd,
    PhaseTotals FullPrecision,
    PhaseTotals MixedPrecision,
    decimal WeightBytes,
    long KeyValuesPerToken,
    int Context,
    long? TokensPerMicroBatch
)
{
    public static MemoryTotals Of(TransformerModel model, CostTotals total) =>
        new(
            StateMemoryFormula.Of(total.Parameters, total.GuideParameters),
            StateMemoryFormula.Of(total.Parameters, 0),
            Phases(model, total, Precision.Full),
            Phases(model, total, Precision.Mixed),
            (decimal)total.Parameters * StateMemoryFormula.Bytes32,
            model.Sublayers.Aggregate(0L, (sum, sublayer) => checked(sum + KeyValues(sublayer, model) * sublayer.Blocks)),
            model.Options.Context,
            model.Run is { } run ? checked((long)(run.SequencesPerMicroBatch ?? run.SequencesPerStep) * model.Options.Context) : null
        )
        {
            StatePerSequence = model.Sublayers.Aggregate(0L, (sum, sublayer) => checked(sum + State(sublayer) * sublayer.Blocks)),
        };

    /// <summary>Numbers that recurrent modules keep of a sequence while decoding, however long it is.</summary>
    public long StatePerSequence { get; private init; }

    private static PhaseTotals Phases(TransformerModel model, CostTotals total, Func<bool, Precision> precision) =>
        new(
            WorkingMemoryCosts.Of(model, precision(true), checked(total.Parameters + total.GuideParameters)),
            WorkingMemoryCosts.Of(model, precision(false), total.Parameters)
        );

    /// <summary>Training memory at the declared micro-batch while every guide is present; null without a declared run.</summary>
    public decimal? TrainingAtStart(PhaseTotals precision) => StateAtStart + Working(precision.AtStart);

    /// <summary>Training memory at the declared micro-batch once every guide is gone; null without a declared run.</summary>
    public decimal? TrainingAtEnd(PhaseTotals precision) => StateAtEnd + Working(precision.AtEnd);

    /// <summary>Whether training in 32-bit floats needs the most memory while the guides are present.</summary>
    public bool IsFullestAtStart => TrainingAtStart(FullPrecision) > TrainingAtEnd(FullPrecision);

    /// <summary>The fuller of start and end, in 32-bit floats; null without a declared run.</summary>
    public decimal? PeakTraining => IsFullestAtStart ? TrainingAtStart(FullPrecision) : TrainingAtEnd(FullPrecision);

    /// <summary>Bytes per token of one sequence's keys and values.</summary>
    public decimal KeyValueBytesPerToken(int bytesPerNumber) => (decimal)KeyValuesPerToken * bytesPerNumber;

    /// <summary>Bytes of weights and key/value caches, in 32-bit floats, at the full context.</summary>
    public decimal Decode(int sequences) =>
        WeightBytes
        + (KeyValueBytesPerToken(StateMemoryFormula.Bytes32) * Context + (decimal)StatePerSequence * StateMemoryFormula.Bytes32)
            * sequences;

    /// <summary>
    /// What one block keeps of a token, in numbers: its keys and values, what latent attention expands them from, or what a module without
    /// a state has to read again.
    /// </summary>
    public static long KeyValues(SublayerModel sublayer, TransformerModel model) =>
        !model.Options.Causal ? 0
        : sublayer.Attention is { } attention ? attention.CachedPerToken
        : sublayer.Part is { IsRecurrent: false } ? model.Options.Width
        : 0;

    /// <summary>What one block keeps of a sequence of the full context, in numbers.</summary>
    public static decimal Decoded(SublayerModel sublayer, TransformerModel model) =>
        (decimal)KeyValues(sublayer, model) * model.Options.Context + State(sublayer);

    private static long State(SublayerModel sublayer) => sublayer.Part is { IsRecurrent: true } part ? part.StateSize : 0;

    private decimal? Working(WorkingMemory memory) => TokensPerMicroBatch is { } tokens ? memory.Of(tokens) : null;
}
