using LowRank.Generator.Tests.Harness;

namespace LowRank.Generator.Tests.Checks;

public sealed class FactorOptionsRuleTests
{
    [Theory]
    [InlineData("Guide = Guide.Mixed", "Guide.Mixed", "a guide and the factors share one effective weight, and U·f(Vx) has none")]
    [InlineData("Guide = Guide.Sampled", "Guide.Sampled", "a guide and the factors share one effective weight, and U·f(Vx) has none")]
    [InlineData("phaseOut: 0.5", "phaseOut", "there is no guide that it could be about")]
    [InlineData("Schedule = Schedule.Cosine", "Schedule", "there is no guide that it could be about")]
    [InlineData(
        "Initialization = Initialization.Spectral",
        "Initialization.Spectral",
        "it approximates a full-size weight by the product UV, which is not what the layer computes"
    )]
    [InlineData(
        "Initialization = Initialization.Pretrained",
        "Initialization.Pretrained",
        "a pretrained weight is factored into a product UV, which is not what the layer computes"
    )]
    [InlineData("Residual = true", "Residual", "it is a part of the product, folded into U")]
    [InlineData(
        "RebalanceEvery = 100",
        "RebalanceEvery",
        "rebalancing keeps the product UV, and a rotation of Vx changes what f makes of it"
    )]
    [InlineData("ProductDecay = 0.1", "ProductDecay", "UV is not the layer's weight")]
    public void An_activation_excludes_what_assumes_a_product(string written, string option, string reason)
    {
        // The constructor's own arguments stand before the named ones.
        var arguments = written.Contains(':', StringComparison.Ordinal)
            ? $"8, {written}, Activation = Activation.Silu"
            : $"8, Activation = Activation.Silu, {written}";
        Reported.Assert(
            Declarations.Model(feedForward: $"[FeedForward(256), LowRank({arguments})]"),
            new Reported("LRK0316", $"[LowRank] on 'FeedForward' sets Activation, which leaves no place for {option}: {reason}", written)
        );
        Reported.Assert(
            ModuleRuleTests.Module($"[Linear(64, 64), LowRank({arguments})] public partial LinearLayer A {{ get; }}"),
            new Reported("LRK0316", $"[LowRank] on 'A' sets Activation, which leaves no place for {option}: {reason}", written)
        );
    }

    [Fact]
    public void Every_exclusion_is_said_at_once() =>
        Reported.Assert(
            Declarations.Model(attributes: "[LowRank(8, Activation = Activation.Relu, Residual = true, ProductDecay = 0.1)]"),
            new(
                "LRK0316",
                "[LowRank] on 'Model' sets Activation, which leaves no place for Residual: it is a part of the product, folded into U",
                "Residual = true"
            ),
            new(
                "LRK0316",
                "[LowRank] on 'Model' sets Activation, which leaves no place for ProductDecay: UV is not the layer's weight",
                "ProductDecay = 0.1"
            )
        );

    [Theory]
    [InlineData("Activation = Activation.Silu")]
    [InlineData("Activation = Activation.ReluSquared, Guide = Guide.None")]
    [InlineData("Activation = Activation.Gelu, Initialization = Initialization.Gaussian, Residual = false")]
    [InlineData("Activation = Activation.GeluTanh, Initialization = Initialization.Orthogonal")]
    [InlineData(
        "Residual = true, RebalanceEvery = 1, ProductDecay = 1e-9, Initialization = Initialization.Pretrained, Guide = Guide.Sampled"
    )]
    public void What_goes_together_is_accepted(string options)
    {
        GeneratorRun.Of(Declarations.Model(feedForward: $"[FeedForward(256), LowRank(8, {options})]")).AssertClean();
        GeneratorRun
            .Of(ModuleRuleTests.Module($"[Linear(64, 64), LowRank(8, {options})] public partial LinearLayer A {{ get; }}"))
            .AssertClean();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-5)]
    public void Rebalancing_comes_after_some_steps(int every) =>
        Reported.Assert(
            Declarations.Model(feedForward: $"[FeedForward(256), LowRank(8, RebalanceEvery = {every})]"),
            new Reported(
                "LRK0317",
                $"RebalanceEvery is {every}; it is a number of optimizer steps and must be at least 1, or left out",
                $"RebalanceEvery = {every}"
            )
        );

    [Theory]
    [InlineData("0", "0")]
    [InlineData("-0.1", "-0.1")]
    [InlineData("double.NaN", "NaN")]
    [InlineData("double.PositiveInfinity", "Infinity")]
    public void A_product_decay_is_positive_and_finite(string written, string value) =>
        Reported.Assert(
            Declarations.Model(feedForward: $"[FeedForward(256), LowRank(8, ProductDecay = {written})]"),
            new Reported(
                "LRK0318",
                $"ProductDecay is {value}; it is the factor λ of (λ/2)‖UV‖² and must be above 0 and finite, or left out",
                $"ProductDecay = {written}"
            )
        );

    [Theory]
    [InlineData("Activation", "Silu, Gelu, GeluTanh, Relu, ReluSquared")]
    [InlineData("Initialization", "Spectral, Orthogonal, Gaussian, Pretrained")]
    public void Enums_are_values_of_theirs(string option, string values)
    {
        var written = $"{option} = ({option})9";
        foreach (
            var source in new[]
            {
                Declarations.Model(feedForward: $"[FeedForward(256), LowRank(8, {written})]"),
                ModuleRuleTests.Module($"[Linear(64, 64), LowRank(8, {written})] public partial LinearLayer A {{ get; }}"),
            }
        )
        {
            var reported = Reported.Of(Assert.Single(GeneratorRun.Of(source).Findings));
            Assert.Equal(("LRK0207", written), (reported.Id, reported.At));
            Assert.Contains(values, reported.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_hover_says_what_is_declared()
    {
        var file = GeneratorRun
            .Of(
                Declarations.Model(
                    attributes: "[LowRank(8, Activation = Activation.Silu, Projections = Projections.Output)]",
                    feedForward: "[FeedForward(256)]\n[LowRank(16, Residual = true, Initialization = Initialization.Orthogonal, RebalanceEvery = 1_000, ProductDecay = 0.01)]"
                )
            )
            .AssertClean()
            .File("Model.g");
        Assert.Contains("Output 64 → SiLU of 8 → 64 (gaussian start)", file, StringComparison.Ordinal);
        Assert.Contains(
            "Up 64 → 16 → 256 (residual, orthogonal start, rebalanced every 1,000 steps, product decay 0.01)",
            file,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_budget_counts_what_decay_and_rebalancing_cost()
    {
        // 24 steps; the decay of Up and Down in four blocks costs 4·64·(64+256) each and step, a rebalancing 2·64·(64+256+8).
        string Model(string options, string budget) =>
            Declarations.Model(
                attributes: $"[TrainingRun(tokens: 24_576, sequencesPerStep: 16)]{budget}",
                feedForward: $"[FeedForward(256), LowRank(8, Guide = Guide.None{options})]"
            );
        decimal Total(string options) =>
            decimal.Parse(
                GeneratorRun
                    .Of(Model(options, ""))
                    .AssertClean()
                    .File("Model-cost")
                    .Split("public const decimal TrainingFlops = ")[1]
                    .Split('m')[0]
                    .Replace("_", "", StringComparison.Ordinal),
                System.Globalization.CultureInfo.InvariantCulture
            );
        var plain = Total("");
        Assert.Equal(24 * 8 * 4 * 64 * (64 + 256), Total(", ProductDecay = 0.1") - plain);
        Assert.Equal(4 * 8 * 2 * 64 * (64 + 256 + 8), Total(", RebalanceEvery = 5") - plain);
        Assert.Equal(0, Total(", Residual = true") - plain);
        var budget = $"[Budget(TrainingFlops = {plain.ToString(System.Globalization.CultureInfo.InvariantCulture)})]";
        GeneratorRun.Of(Model("", budget)).AssertClean();
        Assert.Equal("LRK0502", Reported.Of(Assert.Single(GeneratorRun.Of(Model(", ProductDecay = 0.1", budget)).Findings)).Id);
    }
}
