using LowRank.Generator.Costs;

namespace LowRank.Generator.Tests.Golden;

public sealed class PublishedModelTests
{
    private const string File = "published-models.json";

    public static TheoryData<string> Models => GoldenFile.Names(File, "models");

    [Theory]
    [MemberData(nameof(Models))]
    public void Parameters_are_those_published(string name)
    {
        var entry = GoldenFile.Entry(File, "models", name);
        Assert.Equal(entry.GetProperty("parameters").GetInt64(), ModelCosts.Of(GoldenModels.Published(entry)).Total.Parameters);
    }

    [Theory]
    [InlineData("GPT-2", 1024, "GPT-2 forward, batch 1 x 1024, matrix products only, full attention, head counted")]
    [InlineData("LLaMA-7B", 128, "LLaMA-7B forward, batch 1 x 128")]
    public void Forward_flops_are_those_published(string name, int context, string what)
    {
        var model = GoldenModels.Published(GoldenFile.Entry(File, "models", name));
        var costs = ModelCosts.Of(model with { Options = model.Options with { Context = context } });
        var expected = GoldenFile
            .Read(File)
            .GetProperty("flops")
            .EnumerateArray()
            .Single(entry => entry.GetProperty("what").GetString() == what);
        Assert.Equal(expected.GetProperty("flops").GetInt64(), context * costs.Total.ForwardFlopsPerToken);
    }
}
