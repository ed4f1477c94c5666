using System.Text.Json.Nodes;
using LowRank.Layers;
using LowRank.Training.Checkpoints;
using LowRank.Training.FineTuning;
using LowRank.Training.Runs;

namespace LowRank.Training.Tests.Checkpoints;

public sealed class CheckpointInfoFileTests
{
    [Fact]
    public void What_is_written_is_read_back()
    {
        using var folder = new TemporaryFolder();
        var info = CheckpointInfoFile.Read(Write(folder.Path));
        Assert.Equal((2, 5L, Variant.Guided), (info.Format, info.Step, info.Variant));
        Assert.Equal(10, info.Options.Steps);
        Assert.Equal("blocks.1.up", info.Changes!.Factored[0].Layer);
    }

    [Theory]
    [InlineData("\"step\": 5", "\"step\": 6")]
    [InlineData("\"seconds\": 1.5", "\"seconds\": 2.5")]
    [InlineData("\"hash\": \"", "\"hash\" : \"")]
    [InlineData("\"seed\": 0", "\"seed\":  0")]
    public void A_change_that_makes_sense_is_found_by_the_hash(string was, string now)
    {
        using var folder = new TemporaryFolder();
        var path = Write(folder.Path);
        var text = File.ReadAllText(path);
        Assert.Contains(was, text, StringComparison.Ordinal);
        File.WriteAllText(path, text.Replace(was, now, StringComparison.Ordinal));
        Assert.Contains("hash", Assert.Throws<InvalidDataException>(() => CheckpointInfoFile.Read(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_checkpoint_of_an_earlier_version_has_no_hash_and_is_read()
    {
        using var folder = new TemporaryFolder();
        var path = Write(folder.Path);
        var root = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        root.Remove("hash");
        File.WriteAllText(path, root.ToJsonString());
        Assert.Contains(
            "lost the hash",
            Assert.Throws<InvalidDataException>(() => CheckpointInfoFile.Read(path)).Message,
            StringComparison.Ordinal
        );
        root["format"] = 1;
        File.WriteAllText(path, root.ToJsonString());
        Assert.Equal(5, CheckpointInfoFile.Read(path).Step);
    }

    [Theory]
    [InlineData("step", "-1", "'step' is -1")]
    [InlineData("step", "11", "'step' is 11, which is not from 0 to 10")]
    [InlineData("step", "1e400", "'step'")]
    [InlineData("step", "99999999999999999999", "'step'")]
    [InlineData("step", "\"5\"", "'step'")]
    [InlineData("step", "null", "'step'")]
    [InlineData("format", "3", "'format' is 3")]
    [InlineData("model", "null", "'model'")]
    [InlineData("model", "\"\"", "'model' is empty")]
    [InlineData("variant", "\"sparse\"", "'variant'")]
    [InlineData("variant", "99", "'variant' is unknown: 99")]
    [InlineData("vocabulary", "0", "'vocabulary' is 0")]
    [InlineData("options", "null", "'options'")]
    [InlineData("options", "{}", "lacks")]
    [InlineData("options.steps", "0", "'options.steps' is 0")]
    [InlineData("options.context", "-4", "'options.context' is -4")]
    [InlineData("options.learningRate", "1e999", "'options.learningRate' is ")]
    [InlineData("options.device", "null", "'options.device'")]
    [InlineData("options.optimizer", "\"sgd\"", "'options.optimizer'")]
    [InlineData("options.fineTuning.rank", "0", "'options.fineTuning.rank' is 0")]
    [InlineData("options.fineTuning.guide", "77", "'options.fineTuning.guide' is unknown")]
    [InlineData("changes.factored.0", "null", "'changes.factored[0]' is null")]
    [InlineData("changes.factored.0.layer", "null", "'changes.factored[0].layer'")]
    [InlineData("changes.adapted.0.parts.0.rank", "0", "'changes.adapted[0].parts[0].rank' is 0")]
    [InlineData("changes.adapted.0.parts", "null", "'changes.adapted[0].parts'")]
    [InlineData("guides", "[null]", "'guides[0]' is empty")]
    [InlineData("guides", "null", "'guides'")]
    [InlineData("updates", "{\"x\": -1}", "'updates.x' is -1")]
    [InlineData("totals", "null", "'totals'")]
    [InlineData("totals.validation", "[null]", "'totals.validation[0]' is null or missing")]
    [InlineData("totals.flops", "-1", "'totals.flops' is -1")]
    [InlineData("files", "null", "'files'")]
    [InlineData("files", "[]", "doesn't name model.safetensors")]
    [InlineData("files.0.name", "\"../model.safetensors\"", "'files[0].name' is no name of a file")]
    [InlineData("files.0.bytes", "-1", "'files[0].bytes' is -1")]
    [InlineData("files.0", "null", "'files[0]' is null")]
    public void A_value_that_cant_be_is_named_with_file_and_key(string key, string value, string expected)
    {
        using var folder = new TemporaryFolder();
        var path = Write(folder.Path);
        File.WriteAllText(path, Changed(File.ReadAllText(path), key.Split('.'), value));
        var message = Assert.Throws<InvalidDataException>(() => CheckpointInfoFile.Read(path)).Message;
        Assert.StartsWith(CheckpointFolder.InfoFile, message, StringComparison.Ordinal);
        Assert.Contains(expected, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"step\": 1, \"step\": 2}")]
    [InlineData("\0\0\0\0")]
    [InlineData("{\"model\": \"\\ud800\"}")]
    public void A_file_that_is_no_description_is_named(string text)
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, CheckpointFolder.InfoFile);
        File.WriteAllText(path, text);
        Assert.StartsWith(
            CheckpointFolder.InfoFile,
            Assert.Throws<InvalidDataException>(() => CheckpointInfoFile.Read(path)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Every_changed_byte_is_found()
    {
        using var folder = new TemporaryFolder();
        var path = Write(folder.Path);
        var bytes = File.ReadAllBytes(path);
        for (var index = 0; index < bytes.Length; index++)
        {
            bytes[index] ^= 1;
            File.WriteAllBytes(path, bytes);
            Assert.Throws<InvalidDataException>(() => CheckpointInfoFile.Read(path));
            bytes[index] ^= 1;
        }
    }

    private static string Changed(string text, string[] keys, string value)
    {
        // As text: numbers that no double holds stay what they are.
        const string Mark = "\"the value\"";
        var root = JsonNode.Parse(text)!;
        var place = root;
        foreach (var key in keys[..^1])
            place = int.TryParse(key, out var index) ? place[index]! : place[key]!;
        if (int.TryParse(keys[^1], out var last))
            place[last] = JsonNode.Parse(Mark);
        else
            place[keys[^1]] = JsonNode.Parse(Mark);
        return root.ToJsonString().Replace(Mark, value, StringComparison.Ordinal);
    }

    private static string Write(string folder)
    {
        var path = Path.Combine(folder, CheckpointFolder.InfoFile);
        CheckpointInfoFile.Write(
            path,
            new CheckpointInfo
            {
                Model = "Tests.Model",
                Variant = Variant.Guided,
                Vocabulary = 512,
                Step = 5,
                Options = new TrainingOptions
                {
                    Steps = 10,
                    SequencesPerStep = 8,
                    SequencesPerMicroBatch = 8,
                    Context = 16,
                    FineTuning = new FineTuningOptions { Method = FineTuningMethod.Lora, Rank = 2 },
                },
                Changes = new ModelChanges(
                    [new FactoredLayer("blocks.1.up", "", 4)],
                    [new AdaptedLayer("blocks.1.down", [new LoraPart("", 0, 8, 2, 4)])]
                ),
                DataFingerprint = "text",
                Guides = ["blocks.1.up.guide"],
                Updates = new Dictionary<string, long> { ["blocks.1.up.u"] = 5 },
                Totals = new RunTotals { Seconds = 1.5, Validation = [new ValidationMetrics(0, 4, 1, 0, 0)] },
                Files = [new CheckpointFile(Checkpoint.ModelFile, 10, "00")],
            }
        );
        return path;
    }
}
