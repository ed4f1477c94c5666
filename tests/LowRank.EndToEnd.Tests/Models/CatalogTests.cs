using LowRank.Costs;
using LowRank.Layers;
using LowRank.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LowRank.EndToEnd.Tests.Models;

public sealed class CatalogTests
{
    // A billion parameters would need four gigabytes each and minutes of initialization.
    private const long LargestBuilt = 150_000_000;

    // Those of the examples too, which are referenced.
    public static TheoryData<string> Models() =>
        [
            .. ModelCatalog
                .Models.SelectMany(WithNested)
                // The costs of a module that is a language model leave memory out; LanguageModuleTests hold the others.
                .Where(entry => entry.Cost.Memory is not null && entry.Cost.ParametersAtStart <= LargestBuilt)
                .Select(entry => entry.FullName),
        ];

    [Fact]
    public void The_catalog_holds_the_declared_models()
    {
        var names = Models().Select(row => row.Data).ToList();
        Assert.Contains("LowRank.EndToEnd.Tests.Models.SmallDeclared", names);
        Assert.Contains("LowRank.EndToEnd.Tests.Models.SmallDeclared.Dense", names);
        Assert.Contains("LowRank.EndToEnd.Tests.Models.Unusual", names);
        Assert.Contains("LowRank.EndToEnd.Tests.Models.SmallDeclared.FlopMatched", names);
        Assert.Contains("LowRank.Examples.Models.PaperS.Dense", names);
        Assert.Contains("LowRank.Examples.Models.PaperS.FlopMatched", names);
        Assert.Contains(ModelCatalog.Models, entry => entry.Name == "PaperXl");
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Predicted_parameters_and_flops_are_those_of_the_live_module_part_by_part(string name)
    {
        var entry = Find(name);
        using var model = entry.Create(new ModelOptions { Initialize = false });
        Assert.Equal(entry.Cost.ParametersAtStart, Count(model.parameters()));
        Check(entry, model, guided: true);

        // Every guide gone: the last step of any run.
        using var end = model.BeginStep(10, 10);
        Assert.False(model.HasGuide);
        Assert.Equal(entry.Cost.Parameters, Count(model.parameters()));
        Check(entry, model, guided: false);
        Assert.Equal(entry.Cost.ForwardFlopsPerToken, model.LiveForwardFlopsPerToken(model.Context));
        Assert.Equal(
            entry.Cost.ForwardFlopsPerTokenAt(model.Context, FlopConvention.Causal),
            model.LiveForwardFlopsPerToken(model.Context, FlopConvention.Causal)
        );
        Assert.Equal(0, model.LiveProjectionFlops());
        // The stated shapes are all matrices that there are. A tied head has none of its own.
        Assert.Equal(
            model.parameters().Where(parameter => parameter.dim() == 2).Sum(parameter => parameter.NumberOfElements),
            entry
                .Cost.Sublayers.Where(part => part.Parameters > 0)
                .Sum(part =>
                    part.Count
                    * part.Weights.Sum(weight =>
                        weight.Copies * (weight.Rank == 0 ? weight.Inputs * weight.Outputs : weight.Rank * (weight.Inputs + weight.Outputs))
                    )
                )
        );

        // A token passes through all but the experts that its router doesn't choose.
        var inactive = model.Mixtures.Sum(mixture =>
            (mixture.Experts.Count - mixture.Router.Routing.Active) * Count(mixture.Experts[0].parameters())
        );
        Assert.Equal(entry.Cost.Parameters - inactive, entry.Cost.ActiveParameters);
        Assert.Equal(entry.Cost.ActiveParameters, entry.Cost.Sublayers.Sum(part => part.Count * part.ActiveParameters));

        // At other contexts, too: within a window and beyond it, and where the halves do not come out even.
        foreach (var context in new[] { 1, 2, 7, model.Context / 2, model.Context + 13, 4_096 })
        {
            foreach (var convention in Enum.GetValues<FlopConvention>())
                Assert.Equal(entry.Cost.ForwardFlopsPerTokenAt(context, convention), model.LiveForwardFlopsPerToken(context, convention));
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void The_parts_keep_together_what_the_model_keeps(string name)
    {
        var cost = Find(name).Cost;
        // Where blocks run again, their parts keep theirs only then.
        if (cost.RecomputesBlocks)
            return;
        var memory = cost.Memory!;
        Assert.Equal(
            (
                memory.FullPrecision.AtStart.KeptPerToken,
                memory.FullPrecision.AtEnd.KeptPerToken,
                memory.MixedPrecision.AtStart.KeptPerToken,
                memory.MixedPrecision.AtEnd.KeptPerToken
            ),
            (Sum(kept => kept.AtStart), Sum(kept => kept.AtEnd), Sum(kept => kept.AtStartBf16), Sum(kept => kept.AtEndBf16))
        );

        long Sum(Func<ActivationCost, long> bytes) => cost.Sublayers.Sum(part => part.Count * bytes(part.Activations!));
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Guided_costs_are_those_of_the_live_module(string name)
    {
        var entry = Find(name);
        using var model = entry.Create(new ModelOptions { Initialize = false });
        foreach (var linear in model.FactoredLinears)
            linear.Blend(0.5);
        Assert.Equal(entry.Cost.GuidedForwardFlopsPerToken, model.LiveForwardFlopsPerToken(model.Context));
        Assert.Equal(entry.Cost.Guides.Sum(guide => guide.ProjectionFlopsPerStep), model.LiveProjectionFlops());
        Assert.Equal(entry.Cost.Guides.Sum(guide => guide.Linears), model.FactoredLinears.Count(linear => linear.UsesEffectiveWeight));
    }

    [Theory]
    [InlineData("GptForm")]
    [InlineData("QwenForm")]
    [InlineData("PythiaForm")]
    [InlineData("Unusual")]
    [InlineData("Alternating")]
    [InlineData("Patchwork")]
    [InlineData("MixtralForm")]
    [InlineData("MixtureAfter")]
    [InlineData("DeepSeekForm")]
    [InlineData("SwitchForm")]
    [InlineData("ColaForm")]
    [InlineData("ResidualForm")]
    [InlineData("BalancedForm")]
    [InlineData("PartedForm")]
    [InlineData("PartedParallel")]
    [InlineData("LatentForm")]
    [InlineData("LatentHybrid")]
    [InlineData("LatentPlain")]
    public void Every_parameter_learns_and_a_cache_changes_nothing(string name)
    {
        using var scope = NewDisposeScope();
        var entry = Find("LowRank.EndToEnd.Tests.Models." + name);
        using var model = entry.Create(new ModelOptions { DataType = ScalarType.Float64, Seed = 2 });
        using var step = model.BeginStep(1, 10);
        foreach (var linear in model.FactoredLinears)
            linear.Blend(0.5);
        // Drawn alike every time: for one draw in ten, all five rectified units of a factored layer are off.
        var tokens = randint(0, 300, [2, 32], ScalarType.Int64, generator: new TorchSharp.torch.Generator(1));
        var logits = model.forward(tokens);
        Assert.Equal([2, 32, 300], logits.shape);
        logits.square().sum().backward();
        step.Update(() => { });
        foreach (var (parameterName, parameter) in model.named_parameters())
            Assert.True(parameter.grad is not null && parameter.grad.abs().sum().item<double>() > 0, parameterName);

        using var noGradient = no_grad();
        using var cache = new KeyValueCache(2, 32);
        for (var position = 0; position < 32; position++)
            Assert.True(allclose(logits.select(1, position), model.Decode(tokens.narrow(1, position, 1), cache), 1e-9, 1e-9));
    }

    private static void Check(ModelEntry entry, LanguageModel model, bool guided)
    {
        foreach (var sublayer in model.Sublayers)
        {
            foreach (var cost in sublayer.Costs)
            {
                foreach (var block in cost.Blocks)
                {
                    Assert.Equal(
                        cost.Parameters + (guided ? cost.GuideParameters : 0),
                        Count(sublayer.Layers[Array.IndexOf([.. sublayer.Blocks], block)].parameters())
                    );
                }
            }

            // Every block that has the sublayer is covered once.
            Assert.Equal(sublayer.Layers.Count, sublayer.Blocks.Count);
            Assert.Equal(sublayer.Blocks, sublayer.Costs.SelectMany(cost => cost.Blocks).Order());
        }

        var outside = entry.Cost.Sublayers.Where(cost => cost.Kind is "embedding" or "norm" or "head").Sum(cost => cost.Parameters);
        Assert.Equal(
            outside,
            Count(
                model
                    .named_parameters()
                    .Where(named => !named.name.StartsWith("blocks.", StringComparison.Ordinal))
                    .Select(named => named.parameter)
            )
        );
    }

    private static IEnumerable<ModelEntry> WithNested(ModelEntry entry) =>
        new[] { entry, entry.Dense, entry.FlopMatched }.OfType<ModelEntry>();

    private static long Count(IEnumerable<Parameter> parameters) => parameters.Sum(parameter => parameter.NumberOfElements);

    private static ModelEntry Find(string name) =>
        ModelCatalog.Models.SelectMany(WithNested).Single(entry => string.Equals(entry.FullName, name, StringComparison.Ordinal));
}
