using System.CommandLine;
using LowRank.Training.Runs;
using LowRank.Training.Runs.Options;
using LowRank.Training.Scaling;

namespace LowRank.Training.CommandLine.Options;

/// <summary>The options that say on how many ranks a model is trained, and what connects them.</summary>
internal sealed class RankOptionSet
{
    private static readonly string[] OfTraining =
    [
        nameof(TrainingOptions.SequencesPerStep),
        nameof(TrainingOptions.SequencesPerMicroBatch),
        nameof(TrainingOptions.Optimizer),
        nameof(TrainingOptions.GaLoreRank),
        nameof(TrainingOptions.GaLoreGap),
    ];

    private readonly Option<long?> ranks = NumberOption.Whole(
        "--ranks",
        "Processes that train the model together, each on a device of its own: what one of them holds, computes and sends.",
        least: 1,
        most: int.MaxValue
    );

    private readonly Option<double?> bandwidth = BandwidthOption.Create(
        "--bandwidth",
        "What a rank sends, and receives at the same time: 25GB/s, or 200Gbit/s. With it: time on the wire."
    );

    private readonly Option<double?> latency = LatencyOption.Create(
        "--latency",
        "Time of each message beside its bytes, such as 5us. Without it: none."
    );

    private readonly Option<long?> nodeRanks = NumberOption.Whole(
        "--ranks-per-node",
        "Ranks of one machine, where those have faster links.",
        least: 1,
        most: int.MaxValue
    );

    private readonly Option<double?> nodeBandwidth = BandwidthOption.Create(
        "--node-bandwidth",
        "What a rank sends to others of its machine; --bandwidth is that between machines then."
    );

    private readonly BoundOption<TrainingOptions>[] training =
    [
        .. DeclaredTrainingOptions
            .All.Where(option => OfTraining.Contains(option.Property))
            .Select(option => new BoundOption<TrainingOptions>(option, TrainingOptionSet.NoOptions)),
    ];

    /// <summary>All of them.</summary>
    public IEnumerable<Option> All => [ranks, bandwidth, latency, nodeRanks, nodeBandwidth, .. training.Select(bound => bound.Option)];

    /// <summary>Whether the costs of ranks are asked for.</summary>
    public bool IsAsked(ParseResult arguments) => arguments.Has(ranks);

    /// <summary>What is asked; null for nothing.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="entry">The model.</param>
    /// <param name="tokens">Tokens of the training; null for those that are declared.</param>
    /// <param name="flopsPerSecond">FLOP/s that training reaches on a device; null where it isn't stated.</param>
    /// <exception cref="InputException">Options contradict each other, or some are missing.</exception>
    public RankJob? Request(ParseResult arguments, ModelEntry entry, long? tokens, double? flopsPerSecond)
    {
        if ((int?)arguments.GetValue(ranks) is not { } count)
        {
            return All.FirstOrDefault(arguments.Has) is { } useless
                ? throw new InputException($"{useless.Name} is for a training on several ranks; say how many: {ranks.Name} N.")
                : null;
        }

        var links = Links(arguments);
        if (links is { Node: { } node } && !links.Holds(count))
            throw new InputException(
                $"{ranks.Name} {count} are neither within one machine of {nodeRanks.Name} {node.Ranks} nor whole machines; choose at most {node.Ranks}, or a multiple of it."
            );
        var options = RunDefaults.Complete(entry, new GivenFlags(arguments, training), tokens: tokens);
        TrainingOptionsCheck.ValidateNumbers(options);
        if (count > options.SequencesPerStep)
            throw new InputException(
                $"{ranks.Name} {count} are more than the {options.SequencesPerStep} sequences of a step of {entry.Name}, of which each rank takes some; choose at most {options.SequencesPerStep}, or a larger {FlagNames.Of(nameof(TrainingOptions.SequencesPerStep))}."
            );
        return new(
            count,
            options.SequencesPerStep,
            options.SequencesPerMicroBatch,
            options.Optimizer,
            options.GaLoreRank,
            options.GaLoreGap
        )
        {
            Steps = (tokens ?? entry.Cost.Run?.Tokens) is null ? null : options.Steps,
            Links = links,
            FlopsPerSecond = flopsPerSecond,
        };
    }

    /// <summary>The options that were given, to be given to another process.</summary>
    public IEnumerable<string> Given(ParseResult arguments) =>
        All.Where(arguments.Has)
            .SelectMany(option => arguments.GetResult(option)!.Tokens.Select(token => token.Value).Prepend(option.Name));

    private Links? Links(ParseResult arguments)
    {
        var (rate, delay) = (arguments.GetValue(bandwidth), arguments.GetValue(latency));
        var (size, inner) = ((int?)arguments.GetValue(nodeRanks), arguments.GetValue(nodeBandwidth));
        if (rate is not { } stated)
        {
            var useless = new Option[] { latency, nodeRanks, nodeBandwidth }.FirstOrDefault(arguments.Has);
            return useless is null
                ? null
                : throw new InputException(
                    $"{useless.Name} is for the time on the wire; say what a rank sends, too: {bandwidth.Name} RATE."
                );
        }

        if (size is null != inner is null)
        {
            var (given, missing) = size is null
                ? (nodeBandwidth, nodeRanks.Name + " N")
                : ((Option)nodeRanks, nodeBandwidth.Name + " RATE");
            throw new InputException($"{given.Name} is for machines of several ranks; say {missing}, too.");
        }

        return new(stated, delay ?? 0, size is { } node && inner is { } within ? new(node, within) : null);
    }
}
