namespace LowRank.Training.Optimization;

/// <summary>AdamW with decoupled weight decay (Loshchilov and Hutter, 2019, arXiv:1711.05101) on every parameter.</summary>
/// <param name="parameters">The parameters.</param>
/// <param name="options">The constants.</param>
public sealed class AdamW(FlatParameters parameters, AdamWOptions options)
    : Optimizer(parameters, options.ClipNorm, new AdamWRule(parameters.Buffers, options));
