using System.Globalization;
using System.Text;
using LowRank.EndToEnd.Tests.Processes;
using LowRank.Training.Checkpoints;
using LowRank.Training.CommandLine;
using LowRank.Training.Tokenization;

namespace LowRank.EndToEnd.Tests.Pretrained;

/// <summary>What came with a model beside its weights goes out with it, byte for byte, whatever was done to the weights.</summary>
public sealed class CompanionFileTests : IDisposable
{
    // Written as no program would write it, so that one that was read and written again is noticed.
    private static readonly Dictionary<string, string> Companions = new(StringComparer.Ordinal)
    {
        ["tokenizer_config.json"] =
            "{ \"chat_template\":[{\"name\":\"default\",\"template\":\"{{ messages }}\"}],\r\n\t\"eos_token\": \"<|endoftext|>\"}",
        ["special_tokens_map.json"] = "{\"eos_token\":   {\"content\": \"<|endoftext|>\"}}\n\n",
        ["added_tokens.json"] = "{}",
        ["generation_config.json"] = "{\"eos_token_id\": [299, 1], \"temperature\": 0.60}",
        ["chat_template.jinja"] = "{% for m in messages %}{{ m['content'] }}\r\n{% endfor %}",
        ["chat_template.json"] = "{\"chat_template\": \"\\u0041\"}",
    };

    private readonly WorkFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task They_follow_training_resuming_and_fine_tuning_into_the_export()
    {
        var source = Source(Companions);
        var (imported, run, tuned, exported) = ("imported", "run", "tuned", "exported");
        await Done("import", source, "--model", "TinyLlama", "--variant", "dense", "--to", Under(imported));
        string[] train = ["train", "TinyLlama", "--variant", "dense", "--from", Under(imported), .. Few(2), "--output", Under(run)];
        using (var stop = new CancellationTokenSource())
        {
            using var error = new StoppingWriter("step 1/2", stop);
            Assert.True(130 == await LowRankApp.RunAsync(train, null, TextWriter.Null, error, stop: stop.Token), error.ToString());
        }

        AssertKept(Checkpoint.Open(Under(run)).Folder);
        // The import isn't needed any more.
        await Done([.. train, "--resume"]);
        AssertKept(Checkpoint.Open(Under(run)).Folder);
        await Done(["finetune", Under(run), "--method", "lora", "--rank", "2", .. Few(1), "--output", Under(tuned)]);
        await Done("export", Under(tuned), "--to", Under(exported));
        AssertKept(Under(exported));
    }

    [Fact]
    public async Task Another_tokenizer_has_none_of_them()
    {
        await Done("import", Source(Companions), "--model", "TinyLlama", "--variant", "dense", "--to", Under("imported"));
        await Done([
            "train",
            "TinyLlama",
            "--variant",
            "dense",
            "--from",
            Under("imported"),
            "--replace-tokenizer",
            .. Few(1),
            "--output",
            Under("run"),
        ]);
        Assert.Empty(CompanionFiles.Read(Checkpoint.Open(Under("run")).Folder).Files);
    }

    [Fact]
    public async Task A_program_loads_and_saves_them()
    {
        await Done("import", Source(Companions), "--model", "TinyLlama", "--variant", "dense", "--to", Under("imported"));
        using (var saved = ModelCheckpoint.Load(Under("imported")))
            ModelCheckpoint.Save(saved.Model, Under("saved"), saved.Tokenizer, saved.Companions);
        AssertKept(Checkpoint.Open(Under("saved")).Folder);
    }

    [Fact]
    public async Task A_damaged_one_is_a_damaged_checkpoint()
    {
        await Done("import", Source(Companions), "--model", "TinyLlama", "--variant", "dense", "--to", Under("imported"));
        File.AppendAllText(Path.Combine(Checkpoint.Open(Under("imported")).Folder, "generation_config.json"), " ");
        var (code, error) = await App("export", Under("imported"), "--to", Under("exported"));
        Assert.Equal(ExitCode.WrongInput, code);
        Assert.Contains("generation_config.json has", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_is_larger_than_any_is_refused_by_its_name()
    {
        var source = Source(Companions);
        using (var large = File.Create(Path.Combine(source, "chat_template.jinja")))
            large.SetLength((16 << 20) + 1);
        var (code, error) = await App("import", source, "--model", "TinyLlama", "--variant", "dense", "--to", Under("imported"));
        Assert.Equal(ExitCode.WrongInput, code);
        Assert.Contains("chat_template.jinja' has 16777217 bytes", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Under("imported")));
    }

    private static void AssertKept(string where)
    {
        foreach (var (name, content) in Companions)
            Assert.Equal(content, File.ReadAllText(Path.Combine(where, name)));
    }

    private string Source(Dictionary<string, string> companions)
    {
        var path = SmallHuggingFaceModel.Write(folder);
        foreach (var (name, content) in companions)
            File.WriteAllBytes(Path.Combine(path, name), Encoding.UTF8.GetBytes(content));
        return path;
    }

    private string[] Few(int steps) =>
        [
            "--steps",
            steps.ToString(CultureInfo.InvariantCulture),
            "--batch",
            "2",
            "--micro-batch",
            "2",
            "--evaluation-sequences",
            "2",
            "--final-evaluation-sequences",
            "2",
            "--checkpoint-every",
            "1",
            "--text",
            folder.Text,
            "--cache",
            Under("cache"),
        ];

    private string Under(string name) => folder.Under(name);

    private static async Task Done(params string[] arguments)
    {
        var (code, error) = await App(arguments);
        Assert.True(code == 0, error);
    }

    private static async Task<(int Code, string Error)> App(params string[] arguments)
    {
        using var error = new StringWriter(CultureInfo.InvariantCulture);
        return (await LowRankApp.RunAsync(arguments, null, TextWriter.Null, error), error.ToString());
    }
}
