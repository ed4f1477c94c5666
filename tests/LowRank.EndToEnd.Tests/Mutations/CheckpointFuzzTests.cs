using System.Diagnostics;
using System.Globalization;
using System.Text;
using LowRank.EndToEnd.Tests.Pretrained;
using LowRank.EndToEnd.Tests.Processes;
using LowRank.Training;
using LowRank.Training.Pretrained;
using LowRank.Training.Pretrained.Declarations;
using LowRank.Training.Runs;

namespace LowRank.EndToEnd.Tests.Mutations;

/// <summary>
/// Damaged checkpoints of every architecture, the same in every run; <c>FUZZ_CASES</c>, <c>FUZZ_SEED</c> and <c>FUZZ_CASE</c> run more,
/// others, or one. Each is a model and a declaration, or is refused by an <see cref="InputException"/> that names its folder; soon, and
/// without taking much memory.
/// </summary>
public sealed class CheckpointFuzzTests(ITestOutputHelper output) : IDisposable
{
    private const int CasesInEveryRun = 400;
    private const int LongestMessage = 2_048;

    // Depths of thousands of blocks are lists and tables, and no weights.
    private const long MostAllocated = 256L << 20;
    private const long MostGrowth = 512L << 20;

    private static readonly TimeSpan MostTime = TimeSpan.FromSeconds(20);

    private readonly WorkFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Every_damaged_checkpoint_is_a_model_or_refused_by_name()
    {
        var checkpoints = RandomCheckpoint.Kinds.Select(row => Save(row.Data)).ToList();
        var options = MutationOptions.FromEnvironment();
        if (Environment.GetEnvironmentVariable("FUZZ_CASES") is not { Length: > 0 })
            options = options with { Cases = CasesInEveryRun };
        var complaints = new List<string>();
        var (read, refused) = (0, 0);
        using var process = Process.GetCurrentProcess();
        foreach (var number in options.Numbers)
        {
            var dice = new Dice(options.Seed, number);
            var (model, path) = dice.Of(checkpoints);
            // Most of what there is to say wrongly is in the configuration.
            var isConfig = !dice.OneIn(4);
            var file = Path.Combine(path, isConfig ? "config.json" : "model.safetensors");
            var content = File.ReadAllBytes(file);
            File.WriteAllBytes(
                file,
                dice.OneIn(8) ? ByteMutations.Apply(content, dice)
                    : isConfig ? JsonMutations.Apply(content, dice)
                    : TensorFileMutations.Apply(content, dice)
            );
            if (options.Only is not null)
                output.WriteLine($"{path}\n{Encoding.UTF8.GetString(File.ReadAllBytes(Path.Combine(path, "config.json")))}");
            var (allocated, peak, began) = (GC.GetAllocatedBytesForCurrentThread(), process.PeakWorkingSet64, Stopwatch.GetTimestamp());
            var complaint = Load(model, path, ref read, ref refused) ?? (isConfig ? Declare(path) : null);
            process.Refresh();
            var (bytes, growth) = (GC.GetAllocatedBytesForCurrentThread() - allocated, process.PeakWorkingSet64 - peak);
            if (bytes > MostAllocated || growth > MostGrowth)
                complaint ??= $"takes {bytes >> 20} MB of managed memory, and {growth >> 20} MB in all";
            if (Stopwatch.GetElapsedTime(began) is var time && time > MostTime)
                complaint ??= $"takes {time}";
            if (complaint is not null)
                complaints.Add(
                    $"{file} {complaint}\n{options.Replay(number).Replace("MutationTests", "CheckpointFuzzTests", StringComparison.Ordinal)}"
                );
            File.WriteAllBytes(file, content);
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"seed {options.Seed}: {read} read, {refused} refused"));
        Assert.True(
            complaints.Count == 0,
            string.Create(CultureInfo.InvariantCulture, $"{complaints.Count} complaints:\n{string.Join('\n', complaints.Take(12))}")
        );
    }

    private static string? Load(string model, string path, ref int read, ref int refused)
    {
        try
        {
            PretrainedModel.Load(ModelCatalog.Find(model).Single(), Variant.Dense, path).Dispose();
            read++;
            return null;
        }
        catch (InputException exception)
        {
            refused++;
            return Complaint(exception, path);
        }
        catch (Exception exception)
        {
            return $"ends in {exception}";
        }
    }

    private static string? Declare(string path)
    {
        try
        {
            _ = WrittenDeclaration.Of(path, "Fuzzed");
            return null;
        }
        catch (InputException exception)
        {
            return Complaint(exception, path);
        }
        catch (Exception exception)
        {
            return $"can't be declared, with {exception}";
        }
    }

    private static string? Complaint(InputException exception, string path) =>
        Encoding.UTF8.GetByteCount(exception.Message) > LongestMessage
            ? $"says {exception.Message.Length} letters: {exception.Message[..200]}…"
        : exception.Message.Contains(Path.GetFileName(path), StringComparison.Ordinal) ? null
        : $"does not name the checkpoint: {exception.Message}";

    private (string Model, string Path) Save(string kind)
    {
        using var checkpoint = RandomCheckpoint.Create(kind);
        return (checkpoint.Model, checkpoint.Save(folder.Under($"hf-{kind}")));
    }
}
