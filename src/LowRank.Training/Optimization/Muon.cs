namespace LowRank.Training.Optimization;

/// <summary>
/// Muon on the matrices of the hidden layers, factors and guides included, each by itself; AdamW on embeddings, head, norms and biases.
/// </summary>
/// <param name="parameters">The parameters.</param>
/// <param name="momentum">μ of Muon, in [0, 1).</param>
/// <param name="options">The constants of AdamW; decay and clipping are Muon's too.</param>
public sealed class Muon(FlatParameters parameters, double momentum, AdamWOptions options)
    : Optimizer(
        parameters,
        options.ClipNorm,
        new MuonRule(parameters.Buffers.Where(buffer => buffer.Kind != ParameterKind.Other), momentum, options.WeightDecay),
        new AdamWRule(parameters.Buffers.Where(buffer => buffer.Kind == ParameterKind.Other), options)
    )
{
    /// <summary>μ of the reference.</summary>
    internal const double DefaultMomentum = 0.95;
}
