using LowRank.EndToEnd.Tests.HandWritten;
using LowRank.Layers;
using LowRank.Models;
using LowRank.Training.Optimization;
using static TorchSharp.torch;

namespace LowRank.Training.Tests.Loop;

/// <summary>The scope around a step of one's own loop.</summary>
public sealed class StepScopeTests : IDisposable
{
    private const long Steps = 10;
    private readonly SmallTransformer model = new(new ModelOptions { Seed = 1, DataType = ScalarType.Float64 });

    public void Dispose() => model.Dispose();

    [Fact]
    public void A_loop_of_ones_own_trains_guides_and_factors_and_ends_without_guides()
    {
        using var temporaries = NewDisposeScope();
        using var optimizer = optim.AdamW(model.parameters(), lr: 1e-3);
        var before = model.FactoredLinears.First().U.detach().clone();
        var shares = new List<double>();
        for (long step = 0; step < 4; step++)
        {
            using var scope = model.BeginStep(step, Steps);
            shares.Add(scope.Alpha);
            optimizer.zero_grad();
            Backward();
            scope.Update(optimizer);
        }

        Assert.Equal(1, shares[0]);
        Assert.Equal(shares.OrderDescending(), shares);
        Assert.True(model.HasGuide);
        Assert.False(before.eq(model.FactoredLinears.First().U).all().item<bool>());
        using (model.BeginStep(Steps, Steps))
            Assert.False(model.HasGuide);
    }

    [Fact]
    public void The_last_step_releases_the_guides_that_are_left()
    {
        using var temporaries = NewDisposeScope();
        using var module = new GuidedToTheEnd();
        for (long step = 0; step < 2; step++)
        {
            using var scope = module.BeginStep(step, 2);
            module.Layer.forward(ones([1, 4])).sum().backward();
            scope.Update(() => { });
            Assert.True(module.HasGuide);
        }

        Assert.False(module.HasGuide);
    }

    [Fact]
    public void A_step_within_a_step_is_refused()
    {
        using var open = model.BeginStep(0, Steps);
        Assert.Contains("Step 0 is still open", Refusal(() => model.BeginStep(1, Steps)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_step_whose_update_was_forgotten_is_noticed_by_the_next()
    {
        using (model.BeginStep(3, Steps))
            Backward();
        Assert.Contains(
            "Step 3 was disposed before its optimizer's step",
            Refusal(() => model.BeginStep(4, Steps)),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void An_exception_within_a_step_is_the_one_that_comes_out()
    {
        Assert.Throws<TimeoutException>(() =>
        {
            using var scope = model.BeginStep(0, Steps);
            scope.Update(() => throw new TimeoutException());
        });
        Assert.Contains("disposed before", Refusal(() => model.BeginStep(1, Steps)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_step_is_updated_once()
    {
        using var scope = model.BeginStep(0, Steps);
        Assert.Equal(7, scope.Update(() => 7));
        Assert.Contains("its update was made", Refusal(() => scope.Update(() => { })), StringComparison.Ordinal);
        Assert.Contains("its update was made", Refusal(() => _ = scope.Tape), StringComparison.Ordinal);
        Assert.Contains("its update was made", Refusal(scope.Skip), StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_is_over_has_nothing_to_update()
    {
        using var end = model.BeginStep(Steps, Steps);
        Assert.Contains("the run is over", Refusal(() => end.Update(() => { })), StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => model.BeginStep(Steps + 1, Steps));
        Assert.Throws<ArgumentOutOfRangeException>(() => model.BeginStep(-1, Steps));
    }

    [Fact]
    public void A_skipped_step_leaves_no_gradient_to_the_next()
    {
        using var temporaries = NewDisposeScope();
        using (var skipped = model.BeginStep(0, Steps))
        {
            Backward();
            skipped.Skip();
        }

        model.zero_grad();
        using var scope = model.BeginStep(1, Steps);
        scope.Update(() => { });
        foreach (var linear in model.FactoredLinears)
            Assert.Equal(0, linear.U.grad?.abs().max().item<double>() ?? 0);
    }

    [Fact]
    public void An_optimizer_of_a_guided_model_steps_within_an_update_only()
    {
        using var parameters = new FlatParameters(model);
        var optimizer = new AdamW(parameters, new AdamWOptions(0.9, 0.95, 1e-8, 0.1, 1));
        Assert.Contains("within Update", Refusal(() => optimizer.Step(1e-3)), StringComparison.Ordinal);
        using (var scope = model.BeginStep(0, Steps))
        {
            Assert.Contains("within Update", Refusal(() => optimizer.Step(1e-3)), StringComparison.Ordinal);
            Assert.Equal(0, scope.Update(() => optimizer.Step(1e-3)));
        }

        using var end = model.BeginStep(Steps, Steps);
        optimizer.Step(1e-3);
    }

    private static string Refusal(Action action) => Assert.Throws<InvalidOperationException>(action).Message;

    private void Backward()
    {
        using var scope = NewDisposeScope();
        model.forward(zeros([1, 4], ScalarType.Int64)).square().sum().backward();
    }

    private sealed class GuidedToTheEnd : DeclaredModule
    {
        public GuidedToTheEnd()
            : base(nameof(GuidedToTheEnd), new ModelOptions())
        {
            register_module("layer", Layer);
            AddGuide(1, Guide.Mixed, Schedule.Cosine, [Layer]);
        }

        public LowRankLinear Layer { get; } = new(4, 4, rank: 2, bias: false, guide: true, new ModelOptions());
    }
}
