using System.CommandLine;
using LowRank.Training.Runs;

namespace LowRank.Training.CommandLine.Options;

/// <summary>The options that say how a trained model is changed. One that another method has is refused.</summary>
internal sealed class FineTuningOptionSet
{
    private readonly Option<string> method = new("--method")
    {
        Description =
            "full trains every parameter, lora adapters beside the frozen model, lowrank factors of its layers, galore every parameter by projected gradients.",
        HelpName = "NAME",
        Required = true,
    };

    private readonly Option<long?> rank = NumberOption.Whole("--rank", "Inner size of adapters (8) or factors.", 1, int.MaxValue);
    private readonly Option<double?> ratio = NumberOption.Real(
        "--ratio",
        "lowrank: fraction of each layer's weights that its factors may hold.",
        value => value is > 0 and <= 1,
        "above 0 and at most 1"
    );

    private readonly Option<double?> energy = NumberOption.Real(
        "--energy",
        "lowrank: share of each weight's squared norm that its factors keep.",
        value => value is > 0 and <= 1,
        "above 0 and at most 1"
    );

    private readonly Option<double?> alpha = NumberOption.Real(
        "--alpha",
        "lora: adapters are multiplied by alpha/rank (16).",
        value => value > 0,
        "above 0"
    );
    private readonly Option<double?> dropout = NumberOption.Real(
        "--dropout",
        "lora: fraction of the adapters' inputs that is dropped (0).",
        value => value is >= 0 and < 1,
        "from 0 to below 1"
    );

    private readonly Option<string?> projections = new("--projections")
    {
        Description =
            "The linear layers that are changed, of query, key, value, output, gate, up and down, separated by commas. Without it: all for lora, gate,up,down for lowrank.",
        HelpName = "NAMES",
    };

    private readonly Option<string?> guide = new("--guide")
    {
        Description = "lowrank: how the trained weights guide their factors: mixed, sampled or none (mixed).",
        HelpName = "NAME",
    };

    private readonly Option<double?> phaseOut = NumberOption.Real(
        "--phase-out",
        "lowrank: fraction of the steps after which the guides are gone (0.5).",
        value => value is > 0 and <= 1,
        "above 0 and at most 1"
    );

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        Option[] all = [method, rank, ratio, energy, alpha, dropout, projections, guide, phaseOut];
        foreach (var option in all)
            command.Options.Add(option);
    }

    /// <summary>What they say.</summary>
    /// <exception cref="InputException">An option is wrong, or another method's.</exception>
    public FineTuningOptions Read(ParseResult arguments)
    {
        var chosen = FineTuningMethods.Parse(arguments.GetRequiredValue(method));
        (Option Option, string Property)[] owned =
        [
            (rank, nameof(FineTuningOptions.Rank)),
            (projections, nameof(FineTuningOptions.Projections)),
            (alpha, nameof(FineTuningOptions.Alpha)),
            (dropout, nameof(FineTuningOptions.Dropout)),
            (ratio, nameof(FineTuningOptions.Ratio)),
            (energy, nameof(FineTuningOptions.Energy)),
            (guide, nameof(FineTuningOptions.Guide)),
            (phaseOut, nameof(FineTuningOptions.PhaseOut)),
        ];
        foreach (var (option, property) in owned.Where(owner => arguments.Has(owner.Option)))
            FineTuningMethods.Refuse(property, option.Name, chosen);
        var options = new FineTuningOptions { Method = chosen };
        options = options with
        {
            Rank = (int?)arguments.GetValue(rank) ?? (chosen == FineTuningMethod.Lora ? 8 : null),
            Ratio = arguments.GetValue(ratio),
            Energy = arguments.GetValue(energy),
            Alpha = arguments.GetValue(alpha) ?? options.Alpha,
            Dropout = arguments.GetValue(dropout) ?? options.Dropout,
            Guide = Guide(arguments.GetValue(guide)),
            PhaseOut = arguments.GetValue(phaseOut) ?? options.PhaseOut,
            Projections =
                arguments.GetValue(projections) is { } names ? Projections(names)
                : chosen == FineTuningMethod.LowRank ? LowRank.Projections.Gate | LowRank.Projections.Up | LowRank.Projections.Down
                : LowRank.Projections.All,
        };
        options.Check();
        return options;
    }

    private static Projections Projections(string names)
    {
        var all = (Projections)0;
        foreach (var name in names.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var projection = string.Equals(name, "all", StringComparison.OrdinalIgnoreCase)
                ? LowRank.Projections.All
                : LinearRole.ProjectionOf(name.ToLowerInvariant());
            if (projection == 0)
                throw new InputException($"--projections takes query, key, value, output, gate, up and down, not '{name}'.");
            all |= projection;
        }

        return all;
    }

    private static Guide Guide(string? name) =>
        name?.ToLowerInvariant() switch
        {
            null or "mixed" => LowRank.Guide.Mixed,
            "sampled" => LowRank.Guide.Sampled,
            "none" => LowRank.Guide.None,
            _ => throw new InputException($"--guide takes mixed, sampled or none, not '{name}'."),
        };
}
