using System.Text.Json;
using LowRank.EndToEnd.Tests.Processes;

namespace LowRank.EndToEnd.Tests.Pretrained;

/// <summary>Adapters of PEFT on the command line: out, beside the base model, into a run, trained on, and out again.</summary>
public sealed class PeftCommandTests : IDisposable
{
    private readonly WorkFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Adapters_go_out_come_in_and_are_trained_on()
    {
        var source = Save();
        var (imported, tuned, peft, adapted) = (folder.Under("base"), folder.Under("tuned"), folder.Under("peft"), folder.Under("adapted"));
        await Run("import", source, "--model", "TinyLlama", "--variant", "dense", "--to", imported);
        string[] lora = ["--method", "lora", "--rank", "2", "--alpha", "6", "--projections", "query,value,down", "--learning-rate", "0.05"];
        await Run(["finetune", imported, .. lora, "--output", tuned, .. Steps()]);
        using (
            var written = JsonDocument.Parse(await Run("export", tuned, "--adapter-only", "--base", "some/model", "--to", peft, "--json"))
        )
        {
            Assert.Equal(6, written.RootElement.GetProperty("modules").GetArrayLength());
            Assert.Equal("some/model", written.RootElement.GetProperty("base").GetString());
        }

        var (alone, beside) = (await Loss(imported), await Loss(imported, "--adapter", peft));
        Assert.NotEqual(alone, beside);
        Assert.Equal(await Loss(tuned), beside);

        // Beside the weights of a run, where they are trained on and nothing else is.
        await Run("import", source, "--model", "TinyLlama", "--variant", "dense", "--adapter", peft, "--to", adapted);
        Assert.Equal(beside, await Loss(adapted));
        var (code, _, error) = await InProcess.Run([
            "finetune",
            adapted,
            "--method",
            "full",
            "--learning-rate",
            "0.05",
            "--output",
            folder.Under("on"),
            .. Steps(),
        ]);
        Assert.True(code == 0, error);
        // Rank 2 over 48 → 48 queries, 48 → 24 values and 96 → 48, in two blocks.
        Assert.Contains("Method full: 1,248 of ", error, StringComparison.Ordinal);
        Assert.NotEqual(beside, await Loss(folder.Under("on")));
        await Run("export", adapted, "--adapter-only", "--to", folder.Under("again"));
        foreach (var (name, tensor) in PlainTensor.ReadFolder(peft))
            Assert.Equal(tensor.Bytes, PlainTensor.ReadFolder(folder.Under("again"))[name].Bytes);
        // A folder of a run's own becomes one of PEFT beside the base model.
        await Run("export", imported, "--adapter", Path.Combine(tuned, "adapter"), "--adapter-only", "--to", folder.Under("converted"));
        Assert.Equal(
            File.ReadAllBytes(Path.Combine(peft, "adapter_model.safetensors")),
            File.ReadAllBytes(Path.Combine(folder.Under("converted"), "adapter_model.safetensors"))
        );

        await Refuse("has no adapters to write", "export", imported, "--adapter-only", "--to", folder.Under("none"));
        await Refuse("give it with --adapter-only alone", "export", tuned, "--base", "x", "--to", folder.Under("none"));
        await Refuse("--factored says", "export", tuned, "--adapter-only", "--factored", "keep", "--to", folder.Under("none"));
        await Refuse("holds neither adapter.json", "generate", imported, "--adapter", folder.Path, "--prompt", "The");
        await Refuse(
            "--variant guided guides",
            "import",
            source,
            "--model",
            "TinyLlama",
            "--variant",
            "guided",
            "--adapter",
            peft,
            "--to",
            folder.Under("none")
        );
        Assert.False(Directory.Exists(folder.Under("none")));
    }

    private async Task<double> Loss(string checkpoint, params string[] more)
    {
        using var document = JsonDocument.Parse(
            await Run([
                "evaluate",
                checkpoint,
                "--text",
                folder.Text,
                "--cache",
                folder.Under("cache"),
                "--sequences",
                "4",
                "--context",
                "16",
                "--json",
                .. more,
            ])
        );
        var root = document.RootElement;
        Assert.True(root.GetProperty("bitsPerByte").GetDouble() < root.GetProperty("loss").GetDouble() / Math.Log(2));
        return root.GetProperty("loss").GetDouble();
    }

    private string[] Steps() =>
        ["--steps", "3", "--batch", "2", "--micro-batch", "2", "--context", "16", "--text", folder.Text, "--cache", folder.Under("cache")];

    private static async Task<string> Run(params string[] arguments)
    {
        var (code, output, error) = await InProcess.Run(arguments);
        Assert.True(code == 0, error);
        return output;
    }

    private static async Task Refuse(string part, params string[] arguments)
    {
        var (code, _, error) = await InProcess.Run(arguments);
        Assert.True(code == 2, error);
        Assert.Contains(part, error, StringComparison.Ordinal);
    }

    private string Save()
    {
        return SmallHuggingFaceModel.Write(folder);
    }
}
