using System.Text;
using LowRank.EndToEnd.Tests.Mutations;
using LowRank.EndToEnd.Tests.Processes;
using LowRank.Layers;
using LowRank.Training;
using LowRank.Training.Pretrained.Adapters;
using LowRank.Training.Runs;

namespace LowRank.EndToEnd.Tests.Pretrained;

/// <summary>
/// Damaged files of adapters are refused in a sentence that names their folder, or read. <c>FUZZ_CASES</c>, <c>FUZZ_SEED</c> and
/// <c>FUZZ_CASE</c> run more and others, as for commands.
/// </summary>
public sealed class PeftMutationTests : IDisposable
{
    private const int CasesInEveryRun = 300;

    private readonly WorkFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_damaged_adapter_is_refused_with_its_place_or_read()
    {
        using var checkpoint = RandomCheckpoint.Create("llama");
        using var made = new HandMadeAdapter(checkpoint).Add(_ => true, 3, 1);
        made.Config["rank_pattern"]!["q_proj"] = 3;
        made.Config["alpha_pattern"]!["v_proj"] = 2;
        made.Config["target_modules"] = @".*_proj";
        var path = made.Save(folder.Under("peft"));
        string[] names = ["adapter_config.json", "adapter_model.safetensors"];
        var contents = names.Select(name => File.ReadAllBytes(Path.Combine(path, name))).ToArray();
        var options = MutationOptions.FromEnvironment(CasesInEveryRun);
        var (read, refused) = (0, 0);
        foreach (var number in options.Numbers)
        {
            var dice = new Dice(options.Seed, number);
            var which = dice.Below(2);
            File.WriteAllBytes(Path.Combine(path, names[1 - which]), contents[1 - which]);
            var mutate =
                which == 1 ? TensorFileMutations.Apply
                : dice.OneIn(4) ? ByteMutations.Apply
                : (Func<byte[], Dice, byte[]>)JsonMutations.Apply;
            var damaged = mutate(contents[which], dice);
            File.WriteAllBytes(Path.Combine(path, names[which]), damaged);
            using var dense = Variants.Create(
                ModelCatalog.Find(checkpoint.Model).Single(),
                Variant.Dense,
                new ModelOptions { Initialize = false }
            );
            try
            {
                PeftAdapter.Load(path, dense);
                read++;
                foreach (var adapter in dense.LoraAdapters)
                {
                    using var finite = adapter.A.isfinite();
                    using var all = finite.all();
                    Assert.True(all.item<bool>(), options.Replay(number));
                }
            }
            catch (InputException exception)
            {
                refused++;
                Assert.True(exception.Message.Contains(path, StringComparison.Ordinal), $"{options.Replay(number)}: {exception.Message}");
                Assert.True(exception.Message.Length < 2_000, $"{options.Replay(number)}: {exception.Message}");
                Assert.Empty(dense.LoraAdapters);
            }
            catch (Exception exception) when (exception is not Xunit.Sdk.XunitException)
            {
                Assert.Fail(
                    $"{options.Replay(number)}\n{names[which]}\n{(which == 0 ? Encoding.UTF8.GetString(damaged) : "")}\n{exception}"
                );
            }
        }

        Assert.True(options.Only is not null || (read > 0 && refused > 0), $"{read} read, {refused} refused");
    }
}
