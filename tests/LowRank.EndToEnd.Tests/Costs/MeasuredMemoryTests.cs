using System.Diagnostics;
using System.Globalization;

namespace LowRank.EndToEnd.Tests.Costs;

/// <summary>
/// The compiler's memory against the resident memory of a fresh process that trains one step. glibc maps every large tensor by itself
/// there and unmaps it when it is freed, so that the resident memory is that of the live tensors; the blocks in which activations lie
/// otherwise are switched off, but for one test.
/// </summary>
public sealed class MeasuredMemoryTests
{
    [Theory]
    [InlineData("PaperForm", "start", "fp32")]
    [InlineData("PaperForm", "end", "bf16")]
    [InlineData("LlamaForm", "end", "fp32")]
    [InlineData("ParallelForm", "start", "fp32")]
    [InlineData("LargeVocabulary", "end", "fp32")]
    [InlineData("CheckpointedForm", "start", "fp32")]
    [InlineData("CheckpointedForm", "end", "bf16")]
    [InlineData("ActivatedForm", "end", "fp32")]
    [InlineData("ActivatedForm", "end", "bf16")]
    [InlineData("ResidualFactorForm", "start", "fp32")]
    [InlineData("ResidualFactorForm", "end", "fp32")]
    [InlineData("AdaptedForm", "adapters", "fp32")]
    public void A_training_step_takes_the_memory_that_was_computed(string model, string phase, string precision)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The peak of the resident memory can be reset on Linux only.");
        var (predicted, measured) = Probe(blocks: false, model, "8", phase, precision);
        var ratio = measured / predicted;
        Assert.True(
            ratio is > 0.9 and < 1.1,
            string.Create(CultureInfo.InvariantCulture, $"Computed {predicted:#,0} bytes, measured {measured:#,0}: {ratio:0.000} of it."));
    }

    [Theory]
    [InlineData("LlamaForm", "end", "fp32")]
    [InlineData("PaperForm", "start", "bf16")]
    public void Blocks_of_its_own_take_little_more(string model, string phase, string precision)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The peak of the resident memory can be reset on Linux only.");
        var (predicted, measured) = Probe(blocks: true, model, "8", phase, precision);
        Assert.InRange(measured / predicted, 0.9, 1.25);
    }

    private static (double Predicted, double Measured) Probe(bool blocks, params string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment["MALLOC_MMAP_THRESHOLD_"] = "65536";
        start.Environment["LOWRANK_ACTIVATION_MEMORY"] = blocks ? "1" : "0";
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "MemoryProbe.dll"));
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        Assert.True(process.WaitForExit(TimeSpan.FromMinutes(4)), "Still running.");
        Assert.True(process.ExitCode == 0, error.Result);
        var numbers = output.Split(' ', StringSplitOptions.TrimEntries).Select(number => double.Parse(number, CultureInfo.InvariantCulture)).ToList();
        return (numbers[0], numbers[1]);
    }
}
