using LowRank.Blocks;
using LowRank.Decoding;
using LowRank.Layers;
using LowRank.Training.Loop;
using LowRank.Training.Optimization;
using LowRank.Training.Runs;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LowRank.EndToEnd.Tests.Models;

/// <summary>Modules of the user's own as sublayers: trained, resumed, decoded and counted like those of the language.</summary>
public sealed class PartedModelTests
{
    [Theory]
    [InlineData(Variant.Guided, OptimizerKind.AdamW)]
    [InlineData(Variant.LowRank, OptimizerKind.Muon)]
    [InlineData(Variant.LowRank, OptimizerKind.GaLore)]
    public void A_stopped_run_goes_on_bit_for_bit(Variant variant, OptimizerKind optimizer) =>
        SmallRuns.GoesOnBitForBit(
            "PartedForm",
            variant,
            options => options with { Optimizer = optimizer, GaLoreRank = 8 },
            step: 5,
            isKilled: true
        );

    [Fact]
    public void Guides_of_a_module_are_released_with_the_run_and_drawn_apart()
    {
        using var model = new PartedForm(new ModelOptions { Initialize = false, Seed = 3 });
        var own = model.Sums.Layers.Select(layer => ((PartedForm.SumsLayer)layer).Module.Input).Cast<LowRankLinear>().ToList();
        Assert.Equal(2, own.Count);
        var differ = 0;
        for (var step = 0; step < 20; step++)
        {
            using var scope = model.BeginStep(step, 40);
            Assert.True(scope.Alpha > 0);
            differ += own[0].UsesEffectiveWeight != own[1].UsesEffectiveWeight ? 1 : 0;
            scope.Skip();
        }

        Assert.True(differ > 0);
        using var last = model.BeginStep(20, 40);
        Assert.All(own, linear => Assert.Null(linear.Guide));
        Assert.True(model.HasGuide); // Those of the transformer itself last longer.
        last.Skip();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Tokens_that_are_read_one_by_one_or_in_parts_give_the_logits_of_one_pass(int batch)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var model = new PartedForm(new ModelOptions { DataType = ScalarType.Float64, Seed = 2 });
        var tokens = randint(0, 300, [batch, 20], ScalarType.Int64);
        var expected = model.forward(tokens);
        using var cache = new KeyValueCache(batch, 24);
        for (var round = 0; round < 2; round++)
        {
            var position = 0;
            foreach (var part in new[] { 7, 1, 1, 4, 1, 6 })
            {
                var logits = model.Decode(tokens.narrow(1, position, part), cache);
                position += part;
                Assert.True(allclose(expected.select(1, position - 1), logits, 1e-10, 1e-10));
            }

            cache.Clear();
        }
    }

    [Fact]
    public void A_full_cache_says_so()
    {
        using var model = new PartedForm(new ModelOptions { Initialize = false });
        using var cache = new KeyValueCache(1, 4);
        using var tokens = zeros([1, 5], ScalarType.Int64);
        Assert.Contains(
            "The cache holds 0 of 4 tokens; 5 more don't fit.",
            Assert.Throws<InvalidOperationException>(() => model.Decode(tokens, cache)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_decoder_reads_through_the_layers()
    {
        using var model = new PartedForm(new ModelOptions { Seed = 2 });
        using var decoder = new Decoder(model);
        Assert.False(decoder.IsFused);
        using var cache = new KeyValueCache(1, 24);
        decoder.Read([1, 2, 3], cache);
        Assert.Equal(300, decoder.Read([4], cache).Length);
    }

    [Fact]
    public void Parameters_that_are_not_declared_are_refused_when_the_model_is_built()
    {
        var error = Assert.Throws<InvalidOperationException>(() => new SilentSublayer(new Silent()));
        Assert.Equal(
            "Silent registers 3 parameters of its own and declares 0: write [Module(OwnParameters = 3)], for each class without its parts, so that its costs are counted.",
            error.Message
        );
    }

    [Fact]
    public void Another_width_is_refused_with_the_module_s_name()
    {
        using var module = new Narrowing(new ModelOptions());
        using var layer = new NarrowingLayer(module);
        using var x = zeros(1, 2, 5);
        Assert.StartsWith(
            "Narrowing.forward failed for an input of [1, 2, 5], whose last size is the transformer's width: mat1 and mat2",
            Assert.Throws<InvalidOperationException>(() => layer.forward(x, null)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Its_layers_are_not_those_that_fine_tuning_replaces()
    {
        using var model = new PartedForm(new ModelOptions { Initialize = false, Guided = false });
        var sites = LowRank.Training.FineTuning.LinearSite.Of(model);
        Assert.NotEmpty(sites);
        Assert.DoesNotContain(sites, site => site.Name.Contains(".module.", StringComparison.Ordinal));
    }

    [Fact]
    public void Another_shape_is_refused_with_both()
    {
        using var module = new Narrowing(new ModelOptions());
        using var layer = new NarrowingLayer(module);
        using var x = zeros(1, 2, 4);
        Assert.Contains(
            "Narrowing.forward returned [1, 2, 3] for an input of [1, 2, 4]",
            Assert.Throws<InvalidOperationException>(() => layer.forward(x, null)).Message,
            StringComparison.Ordinal
        );
    }

    private sealed class Silent : nn.Module<Tensor, Tensor>, ISequenceModule
    {
        public Silent()
            : base("silent") => register_parameter("hidden", new Parameter(zeros(3)));

        public override Tensor forward(Tensor x) => x.alias();
    }

    private sealed class SilentSublayer(Silent module) : ModuleSublayer("silent", new RmsNorm(4, 1e-5, new()), module, 0, 0)
    {
        public override Tensor forward(Tensor x, KeyValueCache? cache) => Run(x, cache);
    }

    private sealed class NarrowingLayer(Narrowing module) : ModuleSublayer("narrowing", new RmsNorm(4, 1e-5, new()), module, 0, 0)
    {
        public override Tensor forward(Tensor x, KeyValueCache? cache) => Run(x, cache);
    }
}

/// <summary>It does not keep the shape.</summary>
[Module]
public partial class Narrowing : ISequenceModule
{
    [Linear(4, 3)]
    public partial LinearLayer Inner { get; }

    public Tensor forward(Tensor x) => Inner.forward(x);
}
