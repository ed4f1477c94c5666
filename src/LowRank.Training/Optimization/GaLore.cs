namespace LowRank.Training.Optimization;

/// <summary>
/// GaLore's AdamW on the full-size matrices of the hidden layers, guides included; plain AdamW on the rest, factors included: they are of
/// low rank already.
/// </summary>
/// <param name="parameters">The parameters.</param>
/// <param name="galore">The constants of GaLore.</param>
/// <param name="options">The constants of AdamW, and the clipping of both.</param>
public sealed class GaLore(FlatParameters parameters, GaLoreOptions galore, AdamWOptions options)
    : Optimizer(
        parameters,
        options.ClipNorm,
        new GaLoreRule(
            parameters.Buffers.Where(buffer => buffer.Kind is ParameterKind.Matrix or ParameterKind.Guide),
            galore,
            parameters.Reduction
        ),
        new AdamWRule(parameters.Buffers.Where(buffer => buffer.Kind is ParameterKind.Other or ParameterKind.Factor), options)
    );
