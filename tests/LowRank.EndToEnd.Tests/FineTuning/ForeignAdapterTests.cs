using System.Text.Json.Nodes;
using LowRank.EndToEnd.Tests.Processes;
using LowRank.Training;
using LowRank.Training.FineTuning;
using LowRank.Training.Runs;
using static TorchSharp.torch;

namespace LowRank.EndToEnd.Tests.FineTuning;

/// <summary>Adapters from elsewhere that don't say what they must.</summary>
public sealed class ForeignAdapterTests : IDisposable
{
    private static readonly FineTuningOptions Options = new() { Method = FineTuningMethod.Lora, Rank = 2 };

    private readonly WorkFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("model", "null", "adapter.json: model must be the full name of a model, not null")]
    [InlineData("adapted", "null", "adapter.json: adapted must be an array, not null")]
    [InlineData("adapted", "[null]", "adapter.json: adapted[0].layer is missing; it must be the name of a layer")]
    [InlineData(
        "adapted",
        "[{\"layer\":\"blocks.0.attention.output\",\"parts\":null}]",
        "adapter.json: adapted[0].parts must be an array, not null"
    )]
    [InlineData("adapted", "[{\"layer\":\"\\ud800\",\"parts\":[]}]", "half of a surrogate pair")]
    [InlineData("adapted", "[{\"layer\":\"nowhere\",\"parts\":[]}]", "has no dense layer 'nowhere'")]
    [InlineData("format", "2", "adapter.json: format must be a whole number from 1 to 1, not 2")]
    [InlineData("rank", "2000000000", "which must be from 1 to 32")]
    [InlineData("rank", "0", "rank must be a whole number from 1")]
    [InlineData("outputs", "33", "are not those of the layer")]
    [InlineData("firstOutput", "9223372036854775807", "firstOutput must be a whole number from 0")]
    [InlineData("alpha", "-1", "have an alpha that is not above 0")]
    [InlineData("dropout", "1", "a dropout that is not from 0 to below 1")]
    public void A_description_that_cannot_be_is_refused_by_file_and_key(string key, string value, string part)
    {
        var adapters = Write();
        var path = Path.Combine(adapters, AdapterFolder.InfoFile);
        var root = JsonNode.Parse(File.ReadAllText(path))!;
        var place = root.AsObject().ContainsKey(key) ? root : root["adapted"]![0]!["parts"]![0]!;
        place[key] = "@@";
        File.WriteAllText(path, root.ToJsonString().Replace("\"@@\"", value, StringComparison.Ordinal));
        using var model = new Plain();
        var refused = Assert.ThrowsAny<InputException>(() => AdapterFolder.Load(adapters, model)).Message;
        Assert.Contains(part, refused, StringComparison.Ordinal);
        Assert.Contains(adapters, refused, StringComparison.Ordinal);
    }

    [Fact]
    public void Tensors_that_nothing_describes_and_weights_that_are_no_numbers_are_refused()
    {
        var adapters = Write();
        var path = Path.Combine(adapters, AdapterFolder.InfoFile);
        var root = JsonNode.Parse(File.ReadAllText(path))!;
        var whole = root.ToJsonString();
        root["adapted"]!.AsArray().RemoveAt(0);
        File.WriteAllText(path, root.ToJsonString());
        using (var model = new Plain())
            Assert.Contains(
                "which adapter.json says nothing of",
                Assert.ThrowsAny<InputException>(() => AdapterFolder.Load(adapters, model)).Message,
                StringComparison.Ordinal
            );

        File.WriteAllText(path, whole);
        var tensors = Path.Combine(adapters, AdapterFolder.TensorFile);
        var content = File.ReadAllBytes(tensors);
        BitConverter.GetBytes(float.NaN).CopyTo(content, content.Length - 4);
        File.WriteAllBytes(tensors, content);
        using (var model = new Plain())
        {
            var refused = Assert.ThrowsAny<InputException>(() => AdapterFolder.Load(adapters, model)).Message;
            Assert.Contains("has 1 of ", refused, StringComparison.Ordinal);
            Assert.Contains(tensors, refused, StringComparison.Ordinal);
        }
    }

    private string Write()
    {
        using var model = new Plain();
        FineTuner.Plan(model, Options).ApplyTo(model, Options);
        var path = folder.Under("adapters");
        AdapterFolder.Write(path, model);
        return path;
    }
}
