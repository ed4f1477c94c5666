using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using LowRank.Benchmarks.Measuring;
using static TorchSharp.torch;

namespace LowRank.Benchmarks.Peers;

/// <summary>PyTorch in a process of its own that takes a step when it is told to: its steps stand between the others' in time.</summary>
internal sealed class PyTorchPeer : IDisposable
{
    private readonly Process process;
    private readonly string folder;

    private PyTorchPeer(Process process, string folder, string version)
    {
        this.process = process;
        this.folder = folder;
        Version = version;
    }

    /// <summary>PyTorch's version, and the library behind its matrix products.</summary>
    public string Version { get; }

    /// <summary>Memory of the process at its peak, in bytes.</summary>
    public long PeakBytes => PeakMemory.Of(process.Id);

    /// <summary>Starts it, or returns null where no python3 can import torch, or its products are those of the reference BLAS.</summary>
    /// <param name="model">The model's sizes.</param>
    /// <param name="weights">What it begins with, on the CPU.</param>
    /// <param name="setting">What a step reads.</param>
    /// <param name="device">Where it computes; on <c>cuda</c> with products in bfloat16, weights in single precision.</param>
    /// <param name="compile">Whether it is compiled.</param>
    public static PyTorchPeer? Start(
        object model,
        Dictionary<string, Tensor> weights,
        StepSetting setting,
        string device = "cpu",
        bool compile = false
    )
    {
        var python = new[] { Environment.GetEnvironmentVariable("PYTHON"), "python3", "/usr/bin/python3" }.FirstOrDefault(CanImport);
        if (python is null)
            return null;
        var folder = Directory.CreateTempSubdirectory("lowrank-peer-").FullName;
        var index = new List<object[]>();
        var offset = 0L;
        using (var file = File.Create(Path.Combine(folder, "weights")))
        {
            foreach (var (name, weight) in weights)
            {
                index.Add([name, offset, weight.NumberOfElements]);
                offset += weight.NumberOfElements;
                using var values = weight.contiguous();
                file.Write(values.bytes);
            }
        }

        using (var file = File.Create(Path.Combine(folder, "tokens")))
        {
            foreach (var (inputs, targets) in setting.Draw(CPU))
            {
                file.Write(inputs.bytes);
                file.Write(targets.bytes);
            }
        }

        var start = new ProcessStartInfo(python, [Path.Combine(AppContext.BaseDirectory, "Peers", "pytorch_peer.py")])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        start.Environment["OMP_WAIT_POLICY"] = "PASSIVE";
        start.Environment["OMP_NUM_THREADS"] = start.Environment["OPENBLAS_NUM_THREADS"] = get_num_threads()
            .ToString(CultureInfo.InvariantCulture);
        var process = Process.Start(start)!;
        process.StandardInput.WriteLine(
            JsonSerializer.Serialize(
                new
                {
                    model,
                    index,
                    threads = get_num_threads(),
                    weights = Path.Combine(folder, "weights"),
                    tokens = Path.Combine(folder, "tokens"),
                    microBatches = setting.MicroBatches,
                    sequences = setting.Sequences,
                    learningRate = StepSetting.LearningRate,
                    device,
                    compile,
                }
            )
        );
        var version = process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("The PyTorch peer ended early.");
        var parts = version.Trim().Split(' ');
        var peer = new PyTorchPeer(process, folder, parts.Length == 2 ? $"{parts[0]} with {parts[1]}" : version);
        if (parts.Length == 2)
            return peer;
        Console.Error.WriteLine(
            "PyTorch is left out: its matrix products are those of the reference BLAS, of one thread and without vectors. "
                + "Install an optimized one (on Debian libopenblas0-pthread)."
        );
        peer.Dispose();
        return null;
    }

    /// <summary>By how much the device's used memory has grown up to the last step, in bytes; 0 on the CPU.</summary>
    public long DeviceBytes { get; private set; }

    /// <summary>One optimizer step.</summary>
    /// <returns>Seconds by its own clock, and the mean loss.</returns>
    public (double Seconds, double Loss) Step()
    {
        Begin();
        return End();
    }

    /// <summary>Begins a step: several peers compile at once.</summary>
    public void Begin() => process.StandardInput.WriteLine("step");

    /// <summary>Waits for the step that has begun.</summary>
    /// <returns>Seconds by its own clock, and the mean loss.</returns>
    public (double Seconds, double Loss) End()
    {
        var line = process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("The PyTorch peer ended early.");
        var parts = line.Split(' ');
        DeviceBytes = long.Parse(parts[2], CultureInfo.InvariantCulture);
        return (double.Parse(parts[0], CultureInfo.InvariantCulture), double.Parse(parts[1], CultureInfo.InvariantCulture));
    }

    public void Dispose()
    {
        process.StandardInput.Close();
        process.WaitForExit(5000);
        process.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private static bool CanImport(string? python)
    {
        if (string.IsNullOrEmpty(python))
            return false;
        try
        {
            using var process = Process.Start(
                new ProcessStartInfo(python, ["-c", "import torch, numpy"]) { RedirectStandardError = true, RedirectStandardOutput = true }
            );
            process!.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
