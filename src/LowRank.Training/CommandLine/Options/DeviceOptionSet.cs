using System.CommandLine;
using static TorchSharp.torch;

namespace LowRank.Training.CommandLine.Options;

/// <summary>The options that say where and in which precision is computed.</summary>
internal sealed class DeviceOptionSet
{
    private readonly Option<string?> device = new("--device") { Description = "cpu, cuda, or cuda:N.", HelpName = "NAME" };

    private readonly Option<string?> precision = new("--precision") { Description = "fp32, or bf16 for the products of the linear layers.", HelpName = "NAME" };

    private readonly Option<long?> threads = NumberOption.Whole(
        "--threads", "Threads on the CPU. Without it: one per core.", 1, 4096);

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(device);
        command.Options.Add(precision);
        command.Options.Add(threads);
    }

    /// <summary>The device and the precision, both checked; sets the number of threads.</summary>
    /// <exception cref="InputException">There is no such device or precision.</exception>
    public (string Device, string Precision) Apply(ParseResult arguments, string defaultDevice, string defaultPrecision)
    {
        var (where, how) = (arguments.GetValue(device) ?? defaultDevice, arguments.GetValue(precision) ?? defaultPrecision);
        _ = Devices.Parse(where);
        _ = Devices.ComputeType(how);
        if (arguments.GetValue(threads) is { } count)
            set_num_threads((int)count);
        return (where, how);
    }
}
