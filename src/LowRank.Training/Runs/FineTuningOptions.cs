using LowRank.Training.Runs.Options;
using LowRank.Training.Wording;

namespace LowRank.Training.Runs;

/// <summary>How a trained model is changed before it is trained on.</summary>
public sealed record FineTuningOptions
{
    /// <summary>The method.</summary>
    public required FineTuningMethod Method { get; init; }

    /// <summary>The linear layers that are adapted or factored, by their role.</summary>
    public Projections Projections { get; init; } = Projections.All;

    /// <summary>Inner size of adapters or factors; null where factors follow <see cref="Ratio"/> or <see cref="Energy"/>.</summary>
    public int? Rank { get; init; }

    /// <summary>α of the adapters; their output is multiplied by α/r.</summary>
    public double Alpha { get; init; } = 16;

    /// <summary>
    /// Whether the adapters' output is multiplied by α/√r instead, so that it does not shrink as the rank grows (rsLoRA, Kalajdzievski,
    /// 2023, arXiv:2312.03732).
    /// </summary>
    public bool RankStabilized { get; init; }

    /// <summary>Fraction of the adapters' inputs that is dropped in training, in [0, 1).</summary>
    public double Dropout { get; init; }

    /// <summary>Fraction of a layer's weights that its factors may hold, in (0, 1]; the rank follows each layer's shape.</summary>
    public double? Ratio { get; init; }

    /// <summary>Share of a weight's squared norm that its factors keep, in (0, 1]; the rank follows each layer's spectrum.</summary>
    public double? Energy { get; init; }

    /// <summary>How the trained weight takes part as the guide of its factors.</summary>
    public Guide Guide { get; init; } = Guide.Mixed;

    /// <summary>Fraction of the steps after which the guides are gone, in (0, 1].</summary>
    public double PhaseOut { get; init; } = 0.5;

    /// <summary>Refuses what can't be.</summary>
    /// <exception cref="InputException">A value is out of range, or is another method's.</exception>
    internal void Check()
    {
        foreach (var option in DeclaredFineTuningOptions.All)
            option.Check(this);
        if (Projections == 0 || (Projections & ~Projections.All) != 0)
            throw InputException.Naming($"{Of(nameof(Projections))} names no linear layer.");
        var (rank, ratio, energy) = (Of(nameof(Rank)), Of(nameof(Ratio)), Of(nameof(Energy)));
        var sizes = (Rank is null ? 0 : 1) + (Ratio is null ? 0 : 1) + (Energy is null ? 0 : 1);
        if (Method == FineTuningMethod.LowRank && sizes != 1)
            throw InputException.Naming($"The method lowrank takes one of {rank}, {ratio} and {energy}.");
        if (Method == FineTuningMethod.Lora && sizes == 0)
            throw InputException.Naming($"The method lora takes {rank}, the adapters' inner size, and none is given; 8 is usual.");
        if (Method == FineTuningMethod.Lora && (Rank is null || sizes != 1))
            throw InputException.Naming($"The method lora takes {rank}, and neither {ratio} nor {energy}.");
        if (Method is FineTuningMethod.Full or FineTuningMethod.GaLore && sizes != 0)
            throw InputException.Naming(
                $"The method {Method.Key()} trains every parameter as it is; leave {rank}, {ratio} and {energy} out."
            );
    }

    private static OptionName Of(string property) => new(property);
}
