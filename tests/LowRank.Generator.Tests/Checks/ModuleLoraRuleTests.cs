using LowRank.Generator.Tests.Harness;

namespace LowRank.Generator.Tests.Checks;

/// <summary>[LoRA] and [Budget] on a module.</summary>
public sealed class ModuleLoraRuleTests
{
    private const string Linear = "/** <summary>.</summary> */ [Linear(64, 32)] public partial LinearLayer A { get; }";

    [Theory]
    [InlineData("LoRA(0, 8)", "LRK0701", "Rank 0 of the adapter of [LoRA] on 'M' is below 1", "0")]
    [InlineData("LoRA(33, 8)", "LRK0701", "Rank 33 of the adapter of A is above 32, the smaller side of its weight (64 → 32)", "33")]
    [InlineData(
        "LoRA(4, 0)",
        "LRK0702",
        "alpha of [LoRA] on 'M' is 0; adapters are multiplied by alpha/rank, and it must be above 0 and finite",
        "0"
    )]
    [InlineData(
        "LoRA(4, 8, Dropout = 1)",
        "LRK0703",
        "Dropout of [LoRA] on 'M' is 1; it is the fraction of an adapter's inputs that is dropped and must lie in [0, 1)",
        "Dropout = 1"
    )]
    [InlineData(
        "LoRA(4, 8, Dropout = 0.5)",
        "LRK0009",
        "Dropout of [LoRA] on 'M' has no effect: the forward of a module is its own, and drops nothing by itself; leave it out",
        "Dropout = 0.5"
    )]
    [InlineData(
        "LoRA(4, 8, Layers = \"1..\")",
        "LRK0009",
        "Layers of [LoRA] on 'M' has no effect: a module has no blocks over which they could range; leave it out",
        "Layers = \"1..\""
    )]
    [InlineData(
        "LoRA(4, 8, Projections = Projections.Up)",
        "LRK0009",
        "Projections of [LoRA] on 'M' has no effect: a module's layers have no roles; leave it out",
        "Projections = Projections.Up"
    )]
    [InlineData(
        "LoRA(4, 8), LoRA(2, 8)",
        "LRK0609",
        "'M' carries more than one [LoRA], and a [Module] has neither blocks nor projections to divide between them; keep one",
        "LoRA(2, 8)"
    )]
    [InlineData(
        "Budget(Parameters = 0)",
        "LRK0503",
        "Parameters in the budget of 'M' is 0; it must be positive and finite",
        "Parameters = 0"
    )]
    [InlineData(
        "Budget(Parameters = 2_000)",
        "LRK0502",
        "Parameters of 'M' is 2,048, which exceeds its budget of 2,000; the most expensive parts are A (2,048)",
        "Parameters = 2_000"
    )]
    [InlineData(
        "Budget(ForwardFlopsPerToken = 4_000)",
        "LRK0502",
        "ForwardFlopsPerToken of 'M' is 4,096, which exceeds its budget of 4,000; the most expensive parts are A (4,096)",
        "ForwardFlopsPerToken = 4_000"
    )]
    [InlineData(
        "Budget(Parameters = 2_048, DecodeMemory = 1)",
        "LRK0009",
        "DecodeMemory of [Budget] on 'M' has no effect: of a module parameters and forward FLOPs are known, and how it is trained and decoded is not; leave it out",
        "DecodeMemory = 1"
    )]
    public void What_is_wrong_on_the_class(string attribute, string id, string message, string at) =>
        Reported.Assert(Module(attribute, Linear), new Reported(id, message, at));

    [Theory]
    [InlineData(
        "[Linear(64, 32), LowRank(4), LoRA(2, 8)] public partial LinearLayer A { get; }",
        "LRK0706",
        "[LoRA] on 'A' selects A, which [LowRank] factors to rank 4; adapters stand beside full-size weights alone, so leave one of them out there"
    )]
    [InlineData(
        Linear + " [Normalization(4), LoRA(2, 8)] public partial RmsNorm B { get; }",
        "LRK0704",
        "[LoRA] on 'B' selects no linear layer: the property does not carry [Linear]"
    )]
    [InlineData(
        Linear + " [LoRA(2, 8)] public partial LinearLayer B { get; }",
        "LRK0611",
        "'B' carries [LoRA] but does not say which layer it is; add [Linear], or remove [LoRA]",
        "B"
    )]
    public void What_is_wrong_on_a_layer(string members, string id, string message, string at = "LoRA(2, 8)") =>
        Reported.Assert(Module("", members), new Reported(id, message, at));

    [Fact]
    public void Adapters_are_counted_apart_and_freeze_the_rest()
    {
        var run = GeneratorRun.Of(Module("LoRA(4, 8), Budget(Parameters = 2_048)", Linear)).AssertClean();
        var file = string.Concat(run.Result.GeneratedSources.Select(source => source.SourceText));
        Assert.Contains("public const long AdapterParameters = 384;", file, StringComparison.Ordinal);
        Assert.Contains("public const long Parameters = 2_048;", file, StringComparison.Ordinal);
        Assert.Contains("base.FreezeAllButAdapters();", file, StringComparison.Ordinal);
    }

    private static string Module(string attributes, string members) =>
        $"using LowRank; using LowRank.Layers; /** <summary>.</summary> */ [Module{(attributes.Length > 0 ? ", " + attributes : "")}] public partial class M {{ {members} }}";

    [Fact]
    public void A_language_model_without_the_interface() =>
        Reported.Assert(
            Module("LanguageModel(0, 128, 64)", Linear),
            new Reported(
                "LRK0613",
                "'M' carries [LanguageModel] and is no ILanguageModule: let it be one, with Tensor Hidden(Tensor tokens) and Tensor HeadWeight",
                "LanguageModel(0, 128, 64)"
            ),
            new Reported("LRK0201", "vocabulary of 'M' is 0; it must be at least 1", "0")
        );
}
