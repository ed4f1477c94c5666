using System.Globalization;
using System.Text.Json.Nodes;
using LowRank.EndToEnd.Tests.Processes;
using LowRank.Training;
using LowRank.Training.Pretrained.Config;
using LowRank.Training.Pretrained.Declarations;
using LowRank.Training.Weights;

namespace LowRank.EndToEnd.Tests.Pretrained;

/// <summary><c>import --declare</c>: what it writes compiles, and is the model that config.json says.</summary>
public sealed class DeclareTests : IDisposable
{
    private readonly WorkFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void What_is_written_for_each_architecture_declares_the_model_of_its_config()
    {
        var kinds = RandomCheckpoint.Kinds.Select(row => row.Data).Select((kind, index) => (Kind: kind, Class: $"Written{index}")).ToList();
        foreach (var (kind, _) in kinds)
        {
            using var checkpoint = RandomCheckpoint.Create(kind);
            SaveConfig(kind, checkpoint.Config.ToJsonString());
        }

        var compiled = CompiledDeclarations.Of(kinds.Select(one => WrittenDeclaration.Of(folder.Under(one.Kind), one.Class).Text));
        foreach (var (kind, name) in kinds)
            AssertSame(compiled, kind, name);
    }

    [Fact]
    public void What_is_written_for_published_models_declares_them_with_their_parameters()
    {
        foreach (var (name, _, config) in PublishedConfigs.All)
            SaveConfig(name, config);
        var compiled = CompiledDeclarations.Of(
            PublishedConfigs.All.Select(one => WrittenDeclaration.Of(folder.Under(one.Class), one.Class).Text)
        );
        foreach (var (name, parameters, _) in PublishedConfigs.All)
        {
            Assert.Equal(parameters, Convert.ToInt64(compiled.Cost(name, "Parameters"), CultureInfo.InvariantCulture));
            // Of 6,144 experts each module would take its time.
            if (name != "Qwen3Moe")
                AssertSame(compiled, name, name);
        }
    }

    [Fact]
    public void Only_what_is_no_default_is_written_in_the_language_of_the_docs()
    {
        SaveConfig("Gemma-3 1b", PublishedConfigs.All.Single(one => one.Class == "Gemma3").Config);
        Assert.Equal(
            """
            using LowRank;

            namespace Models;

            /// <summary>A gemma3_text checkpoint, as its config.json says it.</summary>
            [Transformer(vocabulary: 262_144, context: 32_768, width: 1_152, depth: 26, NormPlacement = NormPlacement.Both,
                NormEpsilon = 1e-6, ScaleEmbeddings = true, TieEmbeddings = true)]
            public partial class Gemma31b
            {
                [Attention(heads: 4, KeyValueHeads = 1, HeadSize = 256, QueryKeyNorm = QueryKeyNorm.Head, Window = 512,
                    Layers = "..5, 6..11, 12..17, 18..23, 24..")]
                public partial Sublayer Local { get; }

                [Attention(heads: 4, KeyValueHeads = 1, HeadSize = 256, QueryKeyNorm = QueryKeyNorm.Head, RotaryBase = 1_000_000,
                    Layers = "5..:6")]
                public partial Sublayer Global { get; }

                [FeedForward(hidden: 6_912, Activation.GeluTanh, Gated = true)]
                public partial Sublayer FeedForward { get; }
            }

            """,
            WrittenDeclaration.Of(folder.Under("Gemma-3 1b"), name: null).Text,
            ignoreLineEndingDifferences: true
        );
        SaveConfig("lite", PublishedConfigs.All.Single(one => one.Class == "DeepSeekV2Lite").Config);
        var lite = WrittenDeclaration.Of(folder.Under("lite"), "Lite").Text;
        Assert.Contains(
            "[RotaryScaling(RotaryScalingType.Yarn, factor: 40, OriginalContext = 4_096, AttentionFactor = 1)]\n",
            lite,
            StringComparison.Ordinal
        );
        Assert.Contains("    [Experts(count: 64, active: 6, Shared = 2, NormalizeWeights = false)]\n", lite, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("..", 6, 0, 1, 2, 3, 4, 5)]
    [InlineData("..3", 6, 0, 1, 2)]
    [InlineData("2..", 6, 2, 3, 4, 5)]
    [InlineData("..:2", 6, 0, 2, 4)]
    [InlineData("1..:2", 6, 1, 3, 5)]
    [InlineData("1..4:2", 8, 1, 3)]
    [InlineData("4..5", 6, 4)]
    [InlineData("..2, 3..", 6, 0, 1, 3, 4, 5)]
    public void Blocks_are_written_as_few_ranges(string expected, int depth, params int[] blocks) =>
        Assert.Equal(expected, LayersText.Of(blocks, depth));

    [Fact]
    public async Task The_command_writes_a_new_file_and_says_how_to_go_on()
    {
        using var checkpoint = RandomCheckpoint.Create("llama");
        checkpoint.Save(folder.Under("tiny-llama"));
        var file = folder.Under("TinyOne.cs");
        var (code, output, error) = await InProcess.Run(["import", folder.Under("tiny-llama"), "--declare", file]);
        Assert.True(code == 0, error);
        Assert.Contains("public partial class TinyLlama\n", File.ReadAllText(file), StringComparison.Ordinal);
        Assert.Contains("--model TinyLlama", output, StringComparison.Ordinal);
        var before = File.ReadAllText(file);
        Assert.Contains(
            "namespace My.Space;\n",
            WrittenDeclaration.Of(folder.Under("tiny-llama"), "My.Space.Other").Text,
            StringComparison.Ordinal
        );

        (code, _, error) = await InProcess.Run(["import", folder.Under("tiny-llama"), "--declare", file, "--model", "Other"]);
        Assert.Equal(2, code);
        Assert.Contains("is there already", error, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllText(file));

        foreach (
            var (name, wrong) in new[]
            {
                ("a b", "a b"),
                ("class", "class"),
                ("Attention", "Attention"),
                ("1st", "1st"),
                ("My..Class", "My..Class"),
                ("", "--model"),
            }
        )
        {
            (code, _, error) = await InProcess.Run([
                "import",
                folder.Under("tiny-llama"),
                "--declare",
                folder.Under("new.cs"),
                "--model",
                name,
            ]);
            Assert.Equal(2, code);
            Assert.Contains(wrong, error, StringComparison.Ordinal);
            Assert.False(File.Exists(folder.Under("new.cs")));
        }

        (code, _, error) = await InProcess.Run([
            "import",
            folder.Under("tiny-llama"),
            "--declare",
            folder.Under("new.cs"),
            "--to",
            folder.Under("x"),
        ]);
        Assert.Equal(2, code);
        Assert.Contains("--to", error, StringComparison.Ordinal);
        (code, _, error) = await InProcess.Run(["import", folder.Under("tiny-llama"), "--to", folder.Under("x")]);
        Assert.Equal(2, code);
        Assert.Contains("--model", error, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_compiler_would_refuse_is_not_written()
    {
        using var checkpoint = RandomCheckpoint.Create("llama");
        checkpoint.Config["head_dim"] = 15;
        SaveConfig("odd", checkpoint.Config.ToJsonString());
        var refused = Assert.Throws<InputException>(() => WrittenDeclaration.Of(folder.Under("odd"), "Odd"));
        Assert.Contains("LRK02", refused.Message, StringComparison.Ordinal);
    }

    private void SaveConfig(string name, string config)
    {
        Directory.CreateDirectory(folder.Under(name));
        File.WriteAllText(Path.Combine(folder.Under(name), "config.json"), JsonNode.Parse(config)!.ToJsonString());
    }

    private void AssertSame(CompiledDeclarations compiled, string checkpoint, string name)
    {
        using var model = compiled.Model(name);
        var (contradictions, notes) = FactComparison.Compare(
            DeclaredFacts.Read(model),
            PretrainedConfig.Read(folder.Under(checkpoint)).Facts
        );
        Assert.True(contradictions.Count == 0, $"{checkpoint}: {string.Join("; ", contradictions)}");
        Assert.Empty(notes);
    }
}
