using LowRank.Costs;

namespace LowRank.Training.CommandLine.Commands;

/// <summary>Memory that a model's parameters need in training, in bytes; activations come on top.</summary>
internal static class TrainingMemory
{
    // 32-bit floats: the parameter, its gradient, and AdamW's two moments.
    private const int BytesPerParameter = 4 * 4;

    // The effective weight and its gradient stand beside every guide.
    private const int BytesPerGuideParameter = 2 * 4;

    /// <summary>While every guide exists.</summary>
    public static decimal AtStart(ModelCost cost) => (decimal)cost.ParametersAtStart * BytesPerParameter + (decimal)cost.GuideParameters * BytesPerGuideParameter;

    /// <summary>Once every guide is gone.</summary>
    public static decimal AtEnd(ModelCost cost) => (decimal)cost.Parameters * BytesPerParameter;
}
