using LowRank.Training.Wording;

namespace LowRank.Training.Runs.Options;

/// <summary>
/// Every option of <see cref="FineTuningOptions"/>, declared once, in the order in which help and documentation show them.
/// </summary>
internal static class DeclaredFineTuningOptions
{
    private static readonly string[] Lora = [FineTuningMethod.Lora.Key()];
    private static readonly string[] LowRank = [FineTuningMethod.LowRank.Key()];
    private static readonly string[] Both = [.. Lora, .. LowRank];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<DeclaredOption<FineTuningOptions>> All { get; } =
    [
        new TextOption<FineTuningOptions>(
            nameof(FineTuningOptions.Method),
            "method",
            options => options.Method.Key(),
            (options, value) => options with { Method = FineTuningMethods.Parse(value) },
            "NAME",
            $"full trains every parameter, lora adapters beside the frozen model, lowrank factors of its layers, galore every parameter by projected gradients."
        ),
        new WholeOption<FineTuningOptions>(
            nameof(FineTuningOptions.Rank),
            "rank",
            options => options.Rank,
            (options, value) => options with { Rank = (int)value },
            1,
            int.MaxValue,
            $"Inner size of adapters or factors."
        )
        {
            Owners = Both,
            Without = "8 for adapters",
        },
        new RealOption<FineTuningOptions>(
            nameof(FineTuningOptions.Ratio),
            "ratio",
            options => options.Ratio,
            (options, value) => options with { Ratio = value },
            RealRange.PositiveFraction,
            $"lowrank: fraction of each layer's weights that its factors may hold."
        )
        {
            Owners = LowRank,
        },
        new RealOption<FineTuningOptions>(
            nameof(FineTuningOptions.Energy),
            "energy",
            options => options.Energy,
            (options, value) => options with { Energy = value },
            RealRange.PositiveFraction,
            $"lowrank: share of each weight's squared norm that its factors keep."
        )
        {
            Owners = LowRank,
        },
        new RealOption<FineTuningOptions>(
            nameof(FineTuningOptions.Alpha),
            "alpha",
            options => options.Alpha,
            (options, value) => options with { Alpha = value },
            RealRange.Positive,
            $"lora: adapters are multiplied by alpha/rank."
        )
        {
            Owners = Lora,
        },
        new SwitchOption<FineTuningOptions>(
            nameof(FineTuningOptions.RankStabilized),
            "rslora",
            options => options.RankStabilized,
            (options, value) => options with { RankStabilized = value },
            $"lora: adapters are multiplied by alpha/√rank instead."
        )
        {
            Owners = Lora,
        },
        new RealOption<FineTuningOptions>(
            nameof(FineTuningOptions.Dropout),
            "dropout",
            options => options.Dropout,
            (options, value) => options with { Dropout = value },
            RealRange.FractionBelowOne,
            $"lora: fraction of the adapters' inputs that is dropped."
        )
        {
            Owners = Lora,
        },
        new TextOption<FineTuningOptions>(
            nameof(FineTuningOptions.Projections),
            "projections",
            options => FineTuningNames.Of(options.Projections),
            (options, value) => options with { Projections = FineTuningNames.Projections(value) },
            "NAMES",
            $"The linear layers that are changed, of query, key, value, output, gate, up, down, query_down and key_value_down, separated by commas."
        )
        {
            Owners = Both,
            Without = "all for lora, gate,up,down for lowrank",
        },
        new TextOption<FineTuningOptions>(
            nameof(FineTuningOptions.Guide),
            "guide",
            options => FineTuningNames.Of(options.Guide),
            (options, value) => options with { Guide = FineTuningNames.Guide(value) },
            "NAME",
            $"lowrank: how the trained weights guide their factors: mixed, sampled or none."
        )
        {
            Owners = LowRank,
        },
        new RealOption<FineTuningOptions>(
            nameof(FineTuningOptions.PhaseOut),
            "phase-out",
            options => options.PhaseOut,
            (options, value) => options with { PhaseOut = value },
            RealRange.PositiveFraction,
            $"lowrank: fraction of the steps after which the guides are gone."
        )
        {
            Owners = LowRank,
        },
    ];

    /// <summary>Refuses the phase-out of guides that there are none of.</summary>
    /// <param name="option">An option that somebody gave.</param>
    /// <param name="guide">The guides.</param>
    /// <exception cref="InputException">It is their phase-out.</exception>
    public static void RefusePhaseOutWithoutGuide(DeclaredOption<FineTuningOptions> option, Guide guide)
    {
        if (guide == Guide.None && option.Property == nameof(FineTuningOptions.PhaseOut))
        {
            throw InputException.Naming(
                $"{option.Name} says when guides are gone, and {new OptionName(nameof(FineTuningOptions.Guide))} is none; leave one of them out."
            );
        }
    }

    /// <summary>Refuses an option that somebody gave to a method that doesn't read it.</summary>
    /// <param name="option">The option.</param>
    /// <param name="method">The method.</param>
    /// <exception cref="InputException">It belongs to another one.</exception>
    public static void RefuseOfOthers(DeclaredOption<FineTuningOptions> option, FineTuningMethod method)
    {
        if (!option.IsReadBy(method.Key()))
        {
            throw InputException.Naming(
                $"{option.Name} means nothing for the method {method.Key()}, it is an option of {string.Join(" and ", option.Owners)}; leave it out, or choose another method of {FineTuningMethods.All}."
            );
        }
    }
}
