using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using LowRank.EndToEnd.Tests.Experiments;
using LowRank.EndToEnd.Tests.Pretrained;
using LowRank.EndToEnd.Tests.Processes;
using LowRank.Training.Checkpoints;
using ZstdSharp;

namespace LowRank.EndToEnd.Tests.Mutations;

/// <summary>Whole files of every kind that commands read, made once; a case damages one of them and puts it back.</summary>
internal sealed class Ground : IDisposable
{
    private const int Letters = 12_000;

    private readonly WorkFolder folder;

    private Ground(WorkFolder folder) => this.folder = folder;

    public string Path => folder.Path;

    public IReadOnlyList<MutatedFile> Files { get; private set; } = [];

    public static async Task<Ground> Make()
    {
        var ground = new Ground(new WorkFolder());
        await ground.Fill();
        return ground;
    }

    /// <summary>Another one with the same files: whatever still works on this one keeps it.</summary>
    public Ground Copy()
    {
        var copy = new Ground(new WorkFolder());
        // Locks are held by what still works here, and mean nothing there.
        foreach (
            var file in Directory
                .GetFiles(Path, "*", SearchOption.AllDirectories)
                .Where(file => !System.IO.Path.GetFileName(file).Contains(".lock", StringComparison.Ordinal))
        )
        {
            var target = System.IO.Path.Combine(copy.Path, System.IO.Path.GetRelativePath(Path, file));
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(target)!);
            File.Copy(file, target, overwrite: true);
        }

        copy.Files =
        [
            .. Files.Select(file =>
                file with
                {
                    Commands =
                    [
                        .. file.Commands.Select(command =>
                            (string[])[.. command.Select(word => word.Replace(Path, copy.Path, StringComparison.Ordinal))]
                        ),
                    ],
                }
            ),
        ];
        return copy;
    }

    public void Dispose() => folder.Dispose();

    private string Under(string name) => folder.Under(name);

    private async Task Fill()
    {
        var text = File.ReadAllText(System.IO.Path.Combine(folder.Text, "LowRank.Runtime.xml"))[..Letters];
        Directory.CreateDirectory(Under("docs"));
        foreach (var (part, index) in text.Chunk(Letters / 4).Select((part, index) => (part, index)))
            File.WriteAllText(Under($"docs/{index}.txt"), new string(part));
        WriteTexts(text);
        await Run(["train", "Plain", "--output", Under("run"), "--steps", "3", "--checkpoint-every", "1", .. Short()]);
        var newest = Checkpoint.Open(Under("run"));
        File.Copy(newest.TokenizerPath, Under("tokenizer.json"));
        await Run(["finetune", Under("run"), "--method", "lora", "--rank", "2", "--output", Under("tuned"), "--steps", "2", .. Short()]);
        Save("llama", "hf", int.MaxValue);
        Save("llama", "shards", 8);
        Save("gpt2", "gpt2", int.MaxValue);
        File.WriteAllText(Under("small.json"), ExperimentText.Two.Replace("\"OUT\"", "\"out\"", StringComparison.Ordinal));
        Files = [.. Pretrained(), .. Runs(System.IO.Path.GetRelativePath(Path, newest.Folder)), .. Adapters(), .. Texts(), Experiment()];
    }

    private void Save(string kind, string name, int tensorsPerShard)
    {
        using var checkpoint = RandomCheckpoint.Create(kind);
        checkpoint.Save(Under(name), tensorsPerShard);
        File.Copy(Under("tokenizer.json"), System.IO.Path.Combine(Under(name), "tokenizer.json"));
    }

    private void WriteTexts(string text)
    {
        using (var stream = new GZipStream(File.Create(Under("text.txt.gz")), CompressionLevel.Fastest))
            stream.Write(Encoding.UTF8.GetBytes(text));
        using (var stream = new CompressionStream(File.Create(Under("text.txt.zst")), leaveOpen: false))
            stream.Write(Encoding.UTF8.GetBytes(text));
        var lines = text.Chunk(400).Select(part => new JsonObject { ["text"] = new string(part), ["id"] = 7 }.ToJsonString());
        File.WriteAllText(Under("text.jsonl"), string.Join('\n', lines) + "\n");
    }

    private IEnumerable<MutatedFile> Pretrained()
    {
        foreach (var (name, model) in new[] { ("hf", "TinyLlama"), ("shards", "TinyLlama"), ("gpt2", "TinyGpt2") })
        {
            string[] import = ["import", Under(name), "--model", model, "--to", "{new}"];
            string[][] imports =
            [
                [.. import, "--variant", "dense"],
                [.. import, "--variant", "lowrank"],
            ];
            yield return new("config", $"{name}/config.json", JsonMutations.Apply, imports);
            yield return new("tokenizer", $"{name}/tokenizer.json", JsonMutations.Apply, imports);
            if (name == "shards")
            {
                yield return new("index", $"{name}/model.safetensors.index.json", JsonMutations.Apply, imports);
                yield return new("shard", $"{name}/model-00002.safetensors", TensorFileMutations.Apply, imports);
            }
            else
                yield return new("weights", $"{name}/model.safetensors", TensorFileMutations.Apply, imports);
        }
    }

    private IEnumerable<MutatedFile> Runs(string checkpoint)
    {
        // A damaged checkpoint of a run is passed over for an older one; alone it is refused.
        var (run, alone) = (Under("run"), Under(checkpoint));
        string[][] commands =
        [
            ["evaluate", alone, .. Measured()],
            ["generate", run, "--prompt", "The", "--tokens", "2"],
            ["export", alone, "--to", "{new}"],
            ["train", "Plain", "--from", alone, "--output", "{new}", "--steps", "1", .. Short()],
            ["finetune", run, "--method", "lora", "--rank", "2", "--output", "{new}", "--steps", "1", .. Short()],
            ["train", "Plain", "--output", run, "--steps", "3", "--checkpoint-every", "1", .. Short(), "--resume"],
        ];
        yield return new("checkpoint", $"{checkpoint}/checkpoint.json", ChangeInfo, commands);
        yield return new("checkpoint's weights", $"{checkpoint}/model.safetensors", TensorFileMutations.Apply, commands, checkpoint);
        yield return new(
            "checkpoint's optimizer",
            $"{checkpoint}/optimizer.safetensors",
            TensorFileMutations.Apply,
            commands[5..],
            checkpoint
        );
        yield return new("checkpoint's tokenizer", $"{checkpoint}/tokenizer.json", JsonMutations.Apply, commands[..5], checkpoint);
        yield return new("metrics", "run/metrics.jsonl", ByteMutations.Apply, commands[5..]);
    }

    private IEnumerable<MutatedFile> Adapters()
    {
        string[] adapter = [Under("run"), "--adapter", Under("tuned/adapter")];
        string[][] commands =
        [
            ["generate", .. adapter, "--prompt", "The", "--tokens", "2"],
            ["evaluate", .. adapter, .. Measured()],
            ["export", .. adapter, "--to", "{new}"],
        ];
        yield return new("adapter", "tuned/adapter/adapter.json", JsonMutations.Apply, commands);
        yield return new("adapter's weights", "tuned/adapter/adapter.safetensors", TensorFileMutations.Apply, commands);
    }

    private IEnumerable<MutatedFile> Texts()
    {
        foreach (var (name, file) in new[] { ("gz", "text.txt.gz"), ("zst", "text.txt.zst"), ("jsonl", "text.jsonl") })
        {
            yield return new(
                name,
                file,
                name == "jsonl" ? ChangeLine : ByteMutations.Apply,
                [
                    ["evaluate", Under("run"), "--text", Under("docs"), Under(file), "--cache", Under("cache"), "--sequences", "1"],
                    ["train", "Plain", "--output", "{new}", "--steps", "1", "--tokenizer", Under("tokenizer.json"), .. Short(file)],
                ]
            );
        }

        yield return new(
            "train's tokenizer",
            "tokenizer.json",
            JsonMutations.Apply,
            [
                ["train", "Plain", "--output", "{new}", "--steps", "1", "--tokenizer", Under("tokenizer.json"), .. Short()],
            ]
        );
    }

    // As earlier versions wrote it, without the hash that finds every change, or as it is.
    private static byte[] ChangeInfo(byte[] content, Dice dice)
    {
        if (dice.OneIn(3))
            return JsonMutations.Apply(content, dice);
        var root = JsonNode.Parse(content)!.AsObject();
        root.Remove("hash");
        root["format"] = 1;
        return JsonMutations.Apply(Encoding.UTF8.GetBytes(root.ToJsonString()), dice);
    }

    private MutatedFile Experiment() =>
        new(
            "experiment",
            "small.json",
            JsonMutations.Apply,
            [
                ["experiment", Under("small.json"), "--dry-run"],
            ]
        );

    // One line is changed within its form, or all bytes are.
    private static byte[] ChangeLine(byte[] content, Dice dice)
    {
        if (dice.OneIn(2))
            return ByteMutations.Apply(content, dice);
        var lines = Encoding.UTF8.GetString(content).Split('\n');
        var which = dice.Below(lines.Length - 1);
        lines[which] = Encoding.UTF8.GetString(JsonMutations.Apply(Encoding.UTF8.GetBytes(lines[which]), dice));
        return Encoding.UTF8.GetBytes(string.Join('\n', lines));
    }

    private string[] Measured() => ["--text", Under("docs"), "--cache", Under("cache"), "--sequences", "1"];

    private string[] Short(params string[] more) =>
        [
            "--batch",
            "2",
            "--micro-batch",
            "2",
            "--context",
            "16",
            "--evaluate-every",
            "3",
            "--evaluation-sequences",
            "1",
            "--text",
            Under("docs"),
            .. more.Select(Under),
            "--cache",
            Under("cache"),
        ];

    private static async Task Run(string[] arguments)
    {
        var (code, _, error) = await InProcess.Run(arguments);
        Assert.True(code == 0, error);
    }
}
