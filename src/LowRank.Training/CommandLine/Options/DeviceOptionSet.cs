using System.CommandLine;
using LowRank.Training.Runs;
using static TorchSharp.torch;

namespace LowRank.Training.CommandLine.Options;

/// <summary>The options that say where and in which precision is computed.</summary>
internal sealed class DeviceOptionSet
{
    // More than a few threads a core only wait for each other, and each takes memory; some are asked for to repeat another machine's run.
    private const int MostPerCore = 16;

    private readonly Option<string?> device = new("--device") { Description = "cpu, cuda, or cuda:N.", HelpName = "NAME" };

    private readonly Option<string?> precision = new("--precision")
    {
        Description = "fp32, or bf16 for the products of the linear layers.",
        HelpName = "NAME",
    };

    private readonly Option<long?> threads = NumberOption.Whole("--threads", "Threads on the CPU. Without it: one per core.", 1, 4096);

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
}
