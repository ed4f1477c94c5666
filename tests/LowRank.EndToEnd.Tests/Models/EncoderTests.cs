using LowRank.Costs;
using LowRank.Decoding;
using LowRank.EndToEnd.Tests.Processes;
using LowRank.Layers;
using LowRank.Training;
using LowRank.Training.Loop;
using LowRank.Training.Optimization;
using LowRank.Training.Runs;
using static TorchSharp.torch;

namespace LowRank.EndToEnd.Tests.Models;

/// <summary>A model that attends in both directions: what it computes, that it learns, and what it refuses.</summary>
public sealed class EncoderTests
{
    [Fact]
    public void Every_token_sees_every_other()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var model = new EncoderForm(new ModelOptions { DataType = ScalarType.Float64, Seed = 3 });
        var tokens = randint(0, 300, [1, 9], ScalarType.Int64);
        var before = model.forward(tokens);
        tokens[0, 8] = (tokens[0, 8] + 1) % 300;
        var after = model.forward(tokens);
        Assert.All(Enumerable.Range(0, 9), place => Assert.False(allclose(before[0, place], after[0, place])));
    }

    [Fact]
    public void Scores_are_hidden_by_no_mask_in_either_convention()
    {
        Assert.Equal(EncoderForm.Cost.ForwardFlopsPerToken, EncoderForm.Cost.ForwardFlopsPerTokenCausal);
        var cost = EncoderForm.Cost.Summary;
        Assert.False(cost.IsCausal);
        Assert.Equal(cost.ForwardFlopsPerTokenAt(20, FlopConvention.Paper), cost.ForwardFlopsPerTokenAt(20, FlopConvention.Causal));
        using var model = new EncoderForm(new ModelOptions { Initialize = false, Guided = false });
        Assert.Equal(model.LiveForwardFlopsPerToken(20), model.LiveForwardFlopsPerToken(20, FlopConvention.Causal));
    }

    // Masked tokens are to be found by what stands on both sides of them, which no look back alone could do.
    [Fact]
    public void It_learns_to_fill_gaps_in_a_loop_of_one_s_own()
    {
        using var model = new EncoderForm(new ModelOptions { Seed = 1 });
        using var parameters = new FlatParameters(model);
        var optimizer = new AdamW(parameters, new AdamWOptions(0.9, 0.99, 1e-8, WeightDecay: 0, ClipNorm: 1));
        using var generator = new TorchSharp.torch.Generator(4);
        var last = double.NaN;
        const int Steps = 150;
        for (var step = 0; step < Steps; step++)
        {
            using var scope = NewDisposeScope();
            using var update = model.BeginStep(step, Steps);
            // The gap at place 4 holds what stands behind it.
            var tokens = randint(1, 20, [32, 9], ScalarType.Int64, generator: generator);
            var sought = tokens.select(1, 5).clone();
            tokens.select(1, 4).zero_();
            var logits = model.forward(tokens).select(1, 4);
            var loss = nn.functional.cross_entropy(logits, sought);
            loss.backward();
            update.Update(() => optimizer.Step(3e-3));
            last = loss.item<float>();
        }

        // Chance is log 19 = 2.9.
        Assert.InRange(last, 0, 1.5);
    }

    [Fact]
    public void What_goes_token_by_token_is_refused_in_words()
    {
        using var model = new EncoderForm(new ModelOptions { Initialize = false });
        using var cache = new KeyValueCache(1, 8);
        using var tokens = zeros([1, 2], ScalarType.Int64);
        const string Reason = "EncoderForm is declared with Causal = false: its tokens see those after them";
        Assert.StartsWith(
            Reason,
            Assert.Throws<InvalidOperationException>(() => model.Decode(tokens, cache)).Message,
            StringComparison.Ordinal
        );
        using var folder = new WorkFolder();
        using var data = SmallRuns.Data(folder);
        var trainer = new Trainer(SmallRuns.Find("EncoderForm"), Variant.LowRank, data, SmallRuns.Options(null), new StepLog());
        Assert.StartsWith(Reason, Assert.Throws<InputException>(() => trainer.Run(default)).Message, StringComparison.Ordinal);
    }
}
