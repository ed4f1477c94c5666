using System.CommandLine;
using LowRank.Training.Runs;
using LowRank.Training.Runs.Options;
using static TorchSharp.torch;

namespace LowRank.Training.CommandLine.Options;

/// <summary>The options that say where and in which precision is computed.</summary>
internal sealed class DeviceOptionSet
{
    // More than a few threads a core only wait for each other, and each takes memory; some are asked for to repeat another machine's run.
    private const int MostPerCore = 16;

    private static readonly string[] Declared = [nameof(TrainingOptions.Device), nameof(TrainingOptions.Precision)];

    private readonly Option<string?> device = Bind(Declared[0]);
    private readonly Option<string?> precision = Bind(Declared[1]);
    private readonly Option<long?> threads = NumberOption.Whole("--threads", "Threads on the CPU. Without it: one per core.", 1, 4096);

    /// <summary>Whether an option of training is one of these.</summary>
    public static bool Has(string property) => Declared.Contains(property);

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(device);
        command.Options.Add(precision);
        command.Options.Add(threads);
    }

    /// <summary>The device and the precision, both checked; sets the number of threads.</summary>
    /// <exception cref="InputException">There is no such device or precision.</exception>
    public (string Device, string Precision) Apply(AppSession app, ParseResult arguments, string defaultDevice, string defaultPrecision)
    {
        var (where, how) = (arguments.GetValue(device) ?? defaultDevice, arguments.GetValue(precision) ?? defaultPrecision);
        _ = Devices.Parse(where);
        _ = Devices.ComputeType(how);
        if (arguments.GetValue(threads) is { } count)
        {
            var cores = Environment.ProcessorCount;
            if (count > MostPerCore * cores)
                throw new InputException(
                    $"--threads {count} are far more than the {cores} cores that there are; give at most {MostPerCore * cores}, best {cores}."
                );
            if (count > cores)
                app.Say($"Note: --threads {count} are more than the {cores} cores that there are; they wait for each other.");
            set_num_threads((int)count);
        }

        return (where, how);
    }

    // Commands that read a checkpoint have other defaults.
    private static Option<string?> Bind(string property) =>
        (Option<string?>)new BoundOption<TrainingOptions>(DeclaredTrainingOptions.Named(property), defaults: null).Option;
}
