using System.CommandLine;
using System.Globalization;
using LowRank.Training.CommandLine.Options;

namespace LowRank.Training.CommandLine.Commands;

/// <summary>The options that say what of a model is told beside what it declares.</summary>
internal sealed class DescriptionOptionSet
{
    private const string FlopsName = "--flops-per-second";
    private const string UtilizationName = "--utilization";
    private const string TokensName = "--tokens";
    private const string MemoryName = "--memory";

    // What well-tuned training of transformers reaches.
    private const double UsualUtilization = 0.4;

    private readonly Option<double?> flops = NumberOption.Real(
        FlopsName,
        "Peak FLOP/s of a device, such as 989e12, on which the training time is estimated.",
        value => value is >= 1 and <= 1e24,
        "from 1 to 1e24"
    );

    private readonly Option<double?> utilization = NumberOption.Real(
        UtilizationName,
        "Share of the peak that training reaches (0.4).",
        value => value is > 0 and <= 1,
        "in (0, 1]"
    );

    private readonly Option<long?> tokens = NumberOption.Whole(
        TokensName,
        "Tokens of the timed training. Without it: those of the declared run.",
        least: 1
    );

    private readonly Option<long?> memory = ByteSizeOption.Create(
        MemoryName,
        "Memory of a device: which micro-batch fits there. Without it: usual sizes."
    );

    private readonly RankOptionSet ranks = new();

    /// <summary>A set whose options are the command's.</summary>
    public static DescriptionOptionSet AddTo(Command command)
    {
        var options = new DescriptionOptionSet();
        foreach (
            var option in new Option[] { options.flops, options.utilization, options.tokens, options.memory }.Concat(options.ranks.All)
        )
            command.Add(option);
        return options;
    }

    /// <summary>What is asked of a model.</summary>
    /// <exception cref="InputException">Something for an estimate is missing.</exception>
    public DescriptionRequest Request(ParseResult arguments, ModelEntry entry)
    {
        var (peak, share, trained) = (arguments.GetValue(flops), arguments.GetValue(utilization), arguments.GetValue(tokens));
        var areRanksAsked = ranks.IsAsked(arguments);
        var device = Device(entry, peak, share, trained, areRanksAsked);
        return new(
            device,
            arguments.GetValue(memory) is { } size ? [size] : DescriptionRequest.UsualMemory,
            ranks.Request(arguments, entry, trained, peak * (share ?? UsualUtilization))
        );
    }

    /// <summary>The options that were given, to be given to another process.</summary>
    public IReadOnlyList<string> Given(ParseResult arguments)
    {
        return
        [
            .. Real(FlopsName, arguments.GetValue(flops)),
            .. Real(UtilizationName, arguments.GetValue(utilization)),
            .. Whole(TokensName, arguments.GetValue(tokens)),
            .. Whole(MemoryName, arguments.GetValue(memory)),
            .. ranks.Given(arguments),
        ];

        static string[] Real(string name, double? value) =>
            value is { } number ? [name, number.ToString("R", CultureInfo.InvariantCulture)] : [];

        static string[] Whole(string name, long? value) => value is { } number ? [name, number.ToString(CultureInfo.InvariantCulture)] : [];
    }

    private static StatedDevice? Device(ModelEntry entry, double? flops, double? utilization, long? tokens, bool areRanksAsked)
    {
        if (flops is { } peak)
        {
            if ((tokens ?? entry.Cost.Run?.Tokens) is { } trained)
                return new(peak, utilization ?? UsualUtilization, trained);
            // A step of several ranks is timed without knowing how many there are.
            return areRanksAsked
                ? null
                : throw new InputException($"{entry.Name} declares no training run, so say how many tokens: {TokensName} N.");
        }

        return (utilization, areRanksAsked ? null : tokens) is (null, null)
            ? null
            : throw new InputException(
                $"{(utilization is null ? TokensName : UtilizationName)} is for an estimate of time; say the device's {FlopsName} too."
            );
    }
}
