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
    // Fewer sequences in bf16, whose products take ten times as long on processors that don't know it.
    [Theory]
    [InlineData("PaperForm", 8, "start", "fp32")]
    [InlineData("PaperForm", 2, "end", "bf16")]
    [InlineData("LlamaForm", 8, "end", "fp32")]
    [InlineData("ParallelForm", 8, "start", "fp32")]
    [InlineData("LargeVocabulary", 8, "end", "fp32")]
    [InlineData("CheckpointedForm", 8, "start", "fp32")]
    [InlineData("CheckpointedForm", 2, "end", "bf16")]
    [InlineData("ActivatedForm", 2, "end", "bf16")]
    [InlineData("ResidualFactorForm", 8, "start", "fp32")]
    [InlineData("ResidualFactorForm", 8, "end", "fp32")]
    [InlineData("AdaptedForm", 8, "adapters", "fp32")]
    [InlineData("CapsForm", 8, "end", "fp32")]
    [InlineData("NormsAroundForm", 8, "end", "fp32")]
    [InlineData("NormsAfterForm", 2, "end", "bf16")]
    [InlineData("LatentAttentionForm", 8, "start", "fp32")]
    [InlineData("LatentAttentionForm", 2, "end", "bf16")]
    [InlineData("MixtureForm", 8, "end", "fp32")]
    [InlineData("MixtureForm", 2, "end", "bf16")]
    public void A_training_step_takes_the_memory_that_was_computed(string model, int sequences, string phase, string precision)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The peak of the resident memory can be reset on Linux only.");
        var (predicted, measured) = Probe(blocks: false, model, sequences.ToString(CultureInfo.InvariantCulture), phase, precision);
        var ratio = measured / predicted;
        Assert.True(
            ratio is > 0.9 and < 1.1,
            string.Create(CultureInfo.InvariantCulture, $"Computed {predicted:#,0} bytes, measured {measured:#,0}: {ratio:0.000} of it.")
        );
    }

    [Theory]
    [InlineData("LlamaForm", 8, "end", "fp32")]
    [InlineData("PaperForm", 1, "start", "bf16")]
    public void Blocks_of_its_own_take_little_more(string model, int sequences, string phase, string precision)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The peak of the resident memory can be reset on Linux only.");
        var (predicted, measured) = Probe(blocks: true, model, sequences.ToString(CultureInfo.InvariantCulture), phase, precision);
        Assert.InRange(measured / predicted, 0.9, 1.25);
    }

    [Theory]
    [InlineData("fp32", "fp32")]
    [InlineData("bf16", "fp32")]
    [InlineData("bf16", "bf16")]
    public void A_checkpoint_is_loaded_within_its_weights_and_one_tensor(string stored, string held)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The peak of the resident memory can be reset on Linux only.");
        var (predicted, measured) = Probe(blocks: false, "LoadedForm", "load", stored, held);
        Assert.True(
            measured / predicted is > 0.8 and < 1.1,
            string.Create(
                CultureInfo.InvariantCulture,
                $"Computed {predicted:#,0} bytes, measured {measured:#,0}: {measured / predicted:0.000} of it."
            )
        );
    }

    private static (double Predicted, double Measured) Probe(bool blocks, params string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        // Code that is compiled again while a step runs takes megabytes of its own, which differ from build to build.
        start.Environment["DOTNET_TieredCompilation"] = "0";
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
        var numbers = output
            .Split(' ', StringSplitOptions.TrimEntries)
            .Select(number => double.Parse(number, CultureInfo.InvariantCulture))
            .ToList();
        return (numbers[0], numbers[1]);
    }
}
