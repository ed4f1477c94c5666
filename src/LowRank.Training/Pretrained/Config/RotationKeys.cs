namespace LowRank.Training.Pretrained.Config;

/// <summary>What an architecture's <c>config.json</c> calls its rotation, and what it leaves out.</summary>
/// <param name="UsualBase">The base where none is given.</param>
internal sealed record RotationKeys(double UsualBase = 10_000)
{
    /// <summary>Keys of the base beside the object; the first is the library's own, all are written.</summary>
    public IReadOnlyList<string> Base { get; init; } = ["rope_theta"];

    /// <summary>Keys of the fraction of a head that is rotated; none where the architecture rotates whole heads.</summary>
    public IReadOnlyList<string> Fraction { get; init; } = [];

    /// <summary>The fraction where none is given.</summary>
    public double UsualFraction { get; init; } = 1;

    /// <summary>Whether its own code takes the attention factor of YaRN from <c>mscale</c> and <c>mscale_all_dim</c>.</summary>
    public bool HasMscale { get; init; }

    /// <summary>Whether it has LongRoPE, and no other scaling.</summary>
    public bool HasLongRope { get; init; }

    /// <summary>Those of an architecture.</summary>
    public static RotationKeys Of(Architecture architecture) =>
        architecture switch
        {
            Architecture.Phi3 => new() { Fraction = ["partial_rotary_factor"], HasLongRope = true },
            Architecture.GptNeoX => new()
            {
                Base = ["rotary_emb_base", "rope_theta"],
                Fraction = ["rotary_pct", "partial_rotary_factor"],
                UsualFraction = 0.25,
            },
            Architecture.Mixtral => new(1_000_000),
            Architecture.SmolLm3 => new(2_000_000),
            Architecture.DeepSeekV2 => new() { HasMscale = true },
            _ => new(),
        };
}
