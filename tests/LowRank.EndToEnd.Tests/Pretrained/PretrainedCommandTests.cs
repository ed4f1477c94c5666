using System.Globalization;
using System.Text.Json;
using LowRank.EndToEnd.Tests.Models;
using LowRank.EndToEnd.Tests.Processes;
using LowRank.Training;
using LowRank.Training.CommandLine;
using LowRank.Training.Data;
using LowRank.Training.Loop;
using LowRank.Training.Runs;
using static TorchSharp.torch;

namespace LowRank.EndToEnd.Tests.Pretrained;

public sealed class PretrainedCommandTests : IDisposable
{
    private readonly WorkFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_checkpoint_is_imported_evaluated_continued_trained_on_and_exported()
    {
        var source = Save("llama", withTokenizer: true);
        var (imported, run) = (folder.Under("imported"), folder.Under("run"));
        var import = await App("import", source, "--model", "TinyLlama", "--variant", "dense", "--to", imported, "--json");
        Assert.True(import.Code == 0, import.Error);
        using (var document = JsonDocument.Parse(import.Output))
        {
            Assert.Equal(
                ("TinyLlama", "dense", "llama", 21),
                (Text(document, "model"), Text(document, "variant"), Text(document, "architecture"), Number(document, "tensors"))
            );
            Assert.Equal(ModelCatalog.Find("TinyLlama").Single().Dense!.Cost.Parameters, Number(document, "parameters"));
            Assert.Equal(0, document.RootElement.GetProperty("factored").GetArrayLength());
        }

        var evaluated = await App(
            "evaluate",
            imported,
            "--text",
            folder.Text,
            "--cache",
            folder.Under("cache"),
            "--sequences",
            "4",
            "--json"
        );
        Assert.True(evaluated.Code == 0, evaluated.Error);
        // Whose text it was nobody knows.
        Assert.DoesNotContain("not the text", evaluated.Error, StringComparison.Ordinal);
        double before;
        using (var document = JsonDocument.Parse(evaluated.Output))
            before = document.RootElement.GetProperty("loss").GetDouble();

        var generated = await App("generate", imported, "--prompt", "The", "--tokens", "5", "--seed", "1");
        Assert.True(generated.Code == 0, generated.Error);
        Assert.StartsWith("The", generated.Output, StringComparison.Ordinal);

        var trained = await App(
            "train",
            "TinyLlama",
            "--variant",
            "dense",
            "--from",
            imported,
            "--output",
            run,
            "--text",
            folder.Text,
            "--cache",
            folder.Under("cache"),
            "--steps",
            "8",
            "--batch",
            "4",
            "--micro-batch",
            "4",
            "--evaluate-every",
            "8",
            "--evaluation-sequences",
            "4"
        );
        Assert.True(trained.Code == 0, trained.Error);
        var first = File.ReadLines(Path.Combine(run, "metrics.jsonl"))
            .Select(line => JsonDocument.Parse(line).RootElement)
            .First(line => line.GetProperty("kind").GetString() == "validation")
            .GetProperty("loss")
            .GetDouble();
        Assert.Equal(before, first, 1e-4); // The run begins where the imported model stands.

        var exported = folder.Under("exported");
        var export = await App("export", imported, "--to", exported, "--shard-size", "50KB", "--json");
        Assert.True(export.Code == 0, export.Error);
        using (var document = JsonDocument.Parse(export.Output))
            Assert.Equal(("llama", "fp32", 21), (Text(document, "architecture"), Text(document, "precision"), Number(document, "tensors")));
        var (left, right) = (PlainTensor.ReadFolder(source), PlainTensor.ReadFolder(exported));
        Assert.All(left, pair => Assert.True(pair.Value.Bytes.AsSpan().SequenceEqual(right[pair.Key].Bytes), pair.Key));
        Assert.True(
            File.ReadAllBytes(Path.Combine(source, "tokenizer.json"))
                .AsSpan()
                .SequenceEqual(File.ReadAllBytes(Path.Combine(exported, "tokenizer.json")))
        );
        Assert.Contains("<|endoftext|>", File.ReadAllText(Path.Combine(exported, "tokenizer_config.json")), StringComparison.Ordinal);
        Assert.Equal(
            300 - 1,
            JsonDocument.Parse(File.ReadAllText(Path.Combine(exported, "config.json"))).RootElement.GetProperty("eos_token_id").GetInt32()
        );
    }

    [Fact]
    public async Task Weights_stay_in_bf16_where_that_is_asked_for_and_a_training_begins_with_them_exactly()
    {
        using (var checkpoint = RandomCheckpoint.Create("qwen3-moe").As(ScalarType.BFloat16))
            checkpoint.Save(folder.Under("hf"));
        var (imported, exported) = (folder.Under("imported"), folder.Under("exported"));
        string[] import = ["import", folder.Under("hf"), "--model", "TinyQwen3Moe", "--without-tokenizer"];
        var narrow = await App([.. import, "--variant", "dense", "--to", imported, "--precision", "bf16"]);
        Assert.True(narrow.Code == 0, narrow.Error);
        Assert.Equal(0, (await App([.. import, "--variant", "dense", "--to", folder.Under("wide")])).Code);
        Assert.All(PlainTensor.ReadFolder(CheckpointOf(imported)), pair => Assert.Equal("BF16", pair.Value.Type));
        Assert.All(PlainTensor.ReadFolder(CheckpointOf(folder.Under("wide"))), pair => Assert.Equal("F32", pair.Value.Type));
        Assert.Equal(0, (await App("export", imported, "--to", exported, "--precision", "bf16")).Code);
        var (before, after) = (PlainTensor.ReadFolder(folder.Under("hf")), PlainTensor.ReadFolder(exported));
        Assert.Equal(before.Keys.Order(StringComparer.Ordinal), after.Keys.Order(StringComparer.Ordinal));
        Assert.All(before, pair => Assert.True(pair.Value.Bytes.AsSpan().SequenceEqual(after[pair.Key].Bytes), pair.Key));

        using var data = SmallRuns.Data(folder);
        var losses = new List<double>();
        foreach (var start in new[] { imported, folder.Under("wide") })
        {
            var log = new StepLog();
            var options = SmallRuns.Options(null) with { From = start, Context = 16, Steps = 2 };
            new Trainer(ModelCatalog.Find("TinyQwen3Moe").Single(), Variant.Dense, data, options, log).Run(default);
            losses.Add(log.Steps[0].Loss);
        }

        Assert.Equal(losses[1], losses[0]);
        var factored = await App([.. import, "--variant", "lowrank", "--to", folder.Under("factored"), "--precision", "bf16"]);
        Assert.True(factored.Code == 0, factored.Error);
        var refused = await App([.. import, "--to", folder.Under("half"), "--precision", "fp16"]);
        Assert.Equal(2, refused.Code);
        Assert.Contains("fp32 or bf16", refused.Error, StringComparison.Ordinal);

        string CheckpointOf(string run) => Directory.GetDirectories(Path.Combine(run, "checkpoints")).Single();
    }

    [Fact]
    public async Task A_guided_import_computes_as_the_pretrained_model_and_is_trained_on_with_its_guides()
    {
        var source = Save("qwen3", withTokenizer: true);
        var (imported, exported) = (folder.Under("imported"), folder.Under("exported"));
        var import = await App("import", source, "--model", "TinyQwen3", "--to", imported);
        Assert.True(import.Code == 0, import.Error);
        Assert.Contains("blocks.1.feed_forward.up", import.Output, StringComparison.Ordinal);
        Assert.Contains("--from", import.Output, StringComparison.Ordinal);

        Assert.Equal(0, (await App("export", imported, "--to", exported, "--architecture", "qwen3", "--precision", "fp32")).Code);
        using (var scope = NewDisposeScope())
        {
            using var noGradient = no_grad();
            var ids = arange(0, 30, 1, ScalarType.Int64).unsqueeze(0);
            Assert.Equal(0, (ReferenceLogits.Of(source, ids) - ReferenceLogits.Of(exported, ids)).abs().max().item<float>(), 1e-5);
        }

        string[] train =
        [
            "train",
            "TinyQwen3",
            "--from",
            imported,
            "--text",
            folder.Text,
            "--cache",
            folder.Under("cache"),
            "--steps",
            "4",
            "--batch",
            "2",
            "--micro-batch",
            "2",
        ];
        var trained = await App([.. train, "--output", folder.Under("run")]);
        Assert.True(trained.Code == 0, trained.Error);
        var other = await App([.. train, "--output", folder.Under("other"), "--variant", "lowrank"]);
        Assert.Equal(ExitCode.WrongInput, other.Code);
        Assert.Contains("--variant guided", other.Error, StringComparison.Ordinal);
        var keep = await App("export", imported, "--to", folder.Under("kept"), "--factored", "keep");
        Assert.Equal(ExitCode.WrongInput, keep.Code);
        Assert.Contains("guides", keep.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_checkpoint_that_does_not_fit_ends_with_code_2_lists_everything_and_writes_nothing()
    {
        using var checkpoint = RandomCheckpoint.Create("llama");
        checkpoint.Config["rope_theta"] = 10_000;
        checkpoint.Tensors.Remove("model.norm.weight");
        checkpoint.Tensors["model.layers.0.mlp.up_proj.bias"] = zeros(96);
        checkpoint.Tensors["lm_head.weight"] = zeros(320, 64);
        var source = checkpoint.Save(folder.Under("hf"));
        var (code, output, error) = await App(
            "import",
            source,
            "--model",
            "TinyLlama",
            "--to",
            folder.Under("imported"),
            "--without-tokenizer"
        );
        Assert.Equal((ExitCode.WrongInput, ""), (code, output));
        Assert.Contains("base of the rotary frequencies: declared 500000, config.json says 10000", error, StringComparison.Ordinal);
        Assert.Contains("missing: model.norm.weight [48]", error, StringComparison.Ordinal);
        Assert.Contains("unexpected: model.layers.0.mlp.up_proj.bias F32[96]", error, StringComparison.Ordinal);
        Assert.Contains("another shape: lm_head.weight should be [320, 48] and is [320, 64]", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.Under("imported")));
    }

    [Fact]
    public async Task A_checkpoint_without_a_tokenizer_says_how_to_go_on()
    {
        var source = Save("gpt2", withTokenizer: false);
        string[] import = ["import", source, "--model", "TinyGpt2", "--variant", "lowrank", "--to", folder.Under("imported")];
        var refused = await App(import);
        Assert.Equal(ExitCode.WrongInput, refused.Code);
        Assert.Contains("--without-tokenizer", refused.Error, StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(source, "tokenizer.json"), """{"model": {"type": "Ngram", "vocab": []}}""");
        refused = await App(import);
        Assert.Contains("its model is Ngram, which is not known", refused.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.Under("imported")));

        var alone = await App([.. import, "--without-tokenizer"]);
        Assert.Equal(0, alone.Code);
        Assert.Contains("--tokenizer", alone.Output, StringComparison.Ordinal);
        Assert.Contains("the tokenizer that the weights were trained with", alone.Output, StringComparison.Ordinal);
        await NoTokenizerIsPutInItsPlace(folder.Under("imported"));
        var export = await App("export", folder.Under("imported"), "--to", folder.Under("exported"), "--precision", "bf16");
        Assert.True(export.Code == 0, export.Error);
        Assert.Contains("no tokenizer", export.Error, StringComparison.Ordinal);
        Assert.Contains("6 factored layers merged", export.Output, StringComparison.Ordinal);
        Assert.Equal(
            ["config.json", "model.safetensors"],
            Directory.GetFiles(folder.Under("exported")).Select(Path.GetFileName).Order(StringComparer.Ordinal)
        );
    }

    // The ids of another tokenizer mean nothing to pretrained weights.
    private async Task NoTokenizerIsPutInItsPlace(string imported)
    {
        string[] text = ["--text", folder.Text, "--cache", folder.Under("cache")];
        string[] few = ["--steps", "1", "--batch", "2", "--micro-batch", "2", "--evaluation-sequences", "2", .. text];
        string[] train = ["train", "TinyGpt2", "--variant", "lowrank", "--from", imported, .. few];
        var refused = await App([.. train, "--output", folder.Under("none")]);
        Assert.Equal(ExitCode.WrongInput, refused.Code);
        Assert.Contains("holds no tokenizer", refused.Error, StringComparison.Ordinal);
        Assert.Contains("--tokenizer", refused.Error, StringComparison.Ordinal);
        foreach (
            var command in new string[][]
            {
                ["finetune", imported, "--method", "full", "--output", folder.Under("none"), .. few],
                ["evaluate", imported, .. text],
                ["generate", imported],
            }
        )
        {
            refused = await App(command);
            Assert.Equal(ExitCode.WrongInput, refused.Code);
            Assert.Contains("has no tokenizer", refused.Error, StringComparison.Ordinal);
            Assert.Contains("import it again with the --tokenizer of its weights", refused.Error, StringComparison.Ordinal);
        }

        Assert.False(Directory.Exists(folder.Under("none")));
        var named = await App([.. train, "--output", folder.Under("named"), "--tokenizer", Tokenizer("named.json", 300)]);
        Assert.True(named.Code == 0, named.Error);
        var anew = await App([.. train, "--output", folder.Under("anew"), "--replace-tokenizer"]);
        Assert.True(anew.Code == 0, anew.Error);

        // Theirs is known by now.
        train[5] = folder.Under("named");
        refused = await App([.. train, "--output", folder.Under("none"), "--tokenizer", Tokenizer("other.json", 290)]);
        Assert.Equal(ExitCode.WrongInput, refused.Code);
        Assert.Contains("with which the weights were trained", refused.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.Under("none")));
        var replaced = await App([
            .. train,
            "--output",
            folder.Under("replaced"),
            "--tokenizer",
            folder.Under("other.json"),
            "--replace-tokenizer",
        ]);
        Assert.True(replaced.Code == 0, replaced.Error);
    }

    [Fact]
    public async Task A_run_of_the_library_is_not_given_another_tokenizer_than_its_weights_have()
    {
        var start = folder.Under("base");
        string[] few =
        [
            "--steps",
            "1",
            "--batch",
            "2",
            "--micro-batch",
            "2",
            "--evaluation-sequences",
            "2",
            "--text",
            folder.Text,
            "--cache",
            folder.Under("cache"),
        ];
        var trained = await App(["train", "TinyLlama", "--variant", "dense", "--output", start, .. few]);
        Assert.True(trained.Code == 0, trained.Error);
        using var other = TokenDataset.Prepare(
            new CorpusOptions
            {
                TextPaths = [folder.Text],
                Vocabulary = 290,
                CacheDirectory = folder.Under("cache"),
            }
        );
        var options = new TrainingOptions
        {
            Steps = 1,
            SequencesPerStep = 2,
            SequencesPerMicroBatch = 2,
            Context = 16,
            EvaluationSequences = 2,
            FinalEvaluationSequences = 2,
            From = start,
        };
        var entry = ModelCatalog.Find("TinyLlama").Single();
        var refused = Assert.Throws<InputException>(() =>
            new Trainer(entry, Variant.Dense, other, options, new Models.StepLog()).Run(default)
        );
        Assert.Contains("with which the weights were trained", refused.Message, StringComparison.Ordinal);
        new Trainer(entry, Variant.Dense, other, options with { ReplaceTokenizer = true }, new Models.StepLog()).Run(default);
    }

    private string Tokenizer(string name, int vocabulary)
    {
        using var data = TokenDataset.Prepare(
            new CorpusOptions
            {
                TextPaths = [folder.Text],
                Vocabulary = vocabulary,
                CacheDirectory = folder.Under("cache"),
            }
        );
        data.Tokenizer.Save(folder.Under(name));
        return folder.Under(name);
    }

    [Theory]
    [InlineData("import nowhere --model TinyLlama --to out", "nowhere")]
    [InlineData(
        "import nowhere --model TinyLlama --variant dense --to out --tokenizer a.json --without-tokenizer",
        "leave one of them out"
    )]
    [InlineData("import nowhere --model TinyLama --to out", "did you mean TinyLlama")]
    [InlineData("import nowhere --to out", "--model")]
    [InlineData("import nowhere --model TinyLlama --to out --guide both", "--guide takes pretrained or product, not 'both'.")]
    [InlineData("import nowhere --model TinyLlama --variant dense --to out --guide product", "leave it out")]
    [InlineData(
        "export nowhere --to out --architecture bert",
        "There is no architecture 'bert'; use one of gpt2, llama, mistral, qwen2, qwen3, olmo2, gemma2, gemma3_text, gpt_neo, phi3, gpt_neox, mixtral, qwen3_moe, deepseek_v2, smollm3."
    )]
    [InlineData("export nowhere --to out --precision fp8", "There is no precision 'fp8'; use fp32, bf16 or fp16.")]
    [InlineData("export nowhere --to out --factored both", "--factored takes keep or merge, not 'both'.")]
    [InlineData("export nowhere --to out --shard-size 5TB", "--shard-size takes a size such as 500MB or 5GB, not '5TB'.")]
    [InlineData("export nowhere --to out", "There is no checkpoint in 'nowhere'")]
    [InlineData("train TinyLlama --output out --from nowhere", "There is no checkpoint in 'nowhere'")]
    [InlineData("compare TinyLlama --from nowhere", "There is no option '--from' in 'compare'")]
    public async Task Wrong_input_ends_with_code_2_and_says_what_to_do(string commandLine, string part)
    {
        var (code, output, error) = await App(commandLine.Split(' '));
        Assert.Equal((ExitCode.WrongInput, ""), (code, output));
        Assert.Contains(part, error, StringComparison.Ordinal);
        Assert.False(Directory.Exists("out"));
    }

    private static async Task<(int Code, string Output, string Error)> App(params string[] arguments)
    {
        using var output = new StringWriter(CultureInfo.InvariantCulture);
        using var error = new StringWriter(CultureInfo.InvariantCulture);
        var code = await LowRankApp.RunAsync(arguments, null, output, error);
        return (code, output.ToString(), error.ToString());
    }

    private string Save(string kind, bool withTokenizer)
    {
        using var checkpoint = RandomCheckpoint.Create(kind);
        var path = checkpoint.Save(folder.Under("hf"));
        if (withTokenizer)
        {
            using var data = TokenDataset.Prepare(
                new CorpusOptions
                {
                    TextPaths = [folder.Text],
                    Vocabulary = 300,
                    CacheDirectory = folder.Under("cache"),
                }
            );
            File.Copy(data.TokenizerPath, Path.Combine(path, "tokenizer.json"));
        }

        return path;
    }

    private static string? Text(JsonDocument document, string name) => document.RootElement.GetProperty(name).GetString();

    private static long Number(JsonDocument document, string name) => document.RootElement.GetProperty(name).GetInt64();
}
