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

    private static readonly string[] Declared =
    [
        nameof(TrainingOptions.Device),
        nameof(TrainingOptions.Precision),
        nameof(TrainingOptions.Tf32),
    ];

    private readonly Option<string?> device = (Option<string?>)Bind(Declared[0]);
    private readonly Option<string?> precision = (Option<string?>)Bind(Declared[1]);
    private readonly Option<bool> tf32 = (Option<bool>)Bind(Declared[2]);
    private readonly Option<long?> threads = NumberOption.Whole(
        "--threads",
        "Threads on the CPU. Without it: one per core, of several processes each its share.",
        1,
        4096
    );

    /// <summary>Whether an option of training is one of these.</summary>
    public static bool Has(string property) => Declared.Contains(property);

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(device);
        command.Options.Add(precision);
        command.Options.Add(tf32);
        command.Options.Add(threads);
    }

    /// <summary>What computes, and how, all checked; sets the number of threads, and TensorFloat-32 where it is asked for.</summary>
    /// <exception cref="InputException">There is no such device or precision, or no TensorFloat-32 on it.</exception>
    public (string Device, string Precision, bool Tf32) Apply(
        AppSession app,
        ParseResult arguments,
        string defaultDevice,
        string defaultPrecision,
        bool defaultTf32 = false
    )
    {
        var (where, how) = (arguments.GetValue(device) ?? defaultDevice, arguments.GetValue(precision) ?? defaultPrecision);
        var isFast = arguments.Has(tf32) ? arguments.GetValue(tf32) : defaultTf32;
        Tf32.RefuseOnCpu(isFast, where);
        app.Ranks?.Place(where, arguments.GetValue(threads));
        var found = Devices.Parse(where);
        _ = Devices.ComputeType(how);
        if (isFast)
            Tf32.TurnOn();
        if (arguments.GetValue(threads) is { } count)
        {
            var cores = Environment.ProcessorCount;
            if (count > MostPerCore * cores)
                throw new InputException(
                    $"--threads {count} are far more than the cores that there are ({cores}); give at most {MostPerCore * cores}, best {cores}."
                );
            if (count > cores)
                app.Say($"Note: --threads {count} are more than the cores that there are ({cores}); they wait for each other.");
            set_num_threads((int)count);
        }

        app.Ranks?.Join(found);

        return (where, how, isFast);
    }

    // Commands that read a checkpoint have other defaults.
    private static Option Bind(string property) =>
        new BoundOption<TrainingOptions>(DeclaredTrainingOptions.Named(property), defaults: null).Option;
}
