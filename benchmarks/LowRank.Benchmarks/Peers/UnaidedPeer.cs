using System.Diagnostics;
using System.Globalization;
using LowRank.Benchmarks.Measuring;

namespace LowRank.Benchmarks.Peers;

/// <summary>
/// The hand-written model in a process where MKL is left as TorchSharp has it: what somebody without this library gets on the machine. It
/// takes a step when it is told to, between the others' in time.
/// </summary>
internal sealed class UnaidedPeer : IDisposable
{
    /// <summary>The argument that makes this program such a peer.</summary>
    public const string Command = "step-peer";

    private readonly Process process;

    /// <summary>Starts it.</summary>
    public UnaidedPeer()
    {
        var start = OwnProcess.Prepare(Command);
        start.RedirectStandardInput = true;
        start.Environment["LOWRANK_MKL_AMD"] = "0";
        process = Process.Start(start)!;
    }

    /// <summary>One optimizer step; returns its seconds by the peer's own clock.</summary>
    public double Step()
    {
        process.StandardInput.WriteLine("step");
        var line = process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("The hand-written peer ended early.");
        return double.Parse(line, CultureInfo.InvariantCulture);
    }

    /// <summary>Takes the steps that another process asks for.</summary>
    /// <param name="training">The hand-written training.</param>
    public static void Serve(HandWrittenTraining training)
    {
        while (Console.ReadLine() is not null)
        {
            var start = Stopwatch.GetTimestamp();
            training.Step();
            Console.WriteLine(Stopwatch.GetElapsedTime(start).TotalSeconds.ToString(CultureInfo.InvariantCulture));
        }
    }

    public void Dispose()
    {
        process.StandardInput.Close();
        process.WaitForExit(5000);
        process.Dispose();
    }
}
