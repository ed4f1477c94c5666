using LowRank.EndToEnd.Tests.Models;
using LowRank.EndToEnd.Tests.Processes;
using LowRank.Layers;
using LowRank.Training;
using LowRank.Training.Loop;
using LowRank.Training.Runs;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LowRank.EndToEnd.Tests.Modules;

/// <summary>A module that sees later tokens is refused before the first step, and one that doesn't is left alone.</summary>
[CollectionDefinition(nameof(CausalityTests), DisableParallelization = true)]
[Collection(nameof(CausalityTests))]
public sealed class CausalityTests
{
    private const int Length = 24;

    [Theory]
    [InlineData(nameof(Peeking), "PeekAhead.forward (the sublayer Mixer of Peeking) sees later tokens: its output at position 7 changes")]
    [InlineData(nameof(PeekingLanguageModel), "PeekingLanguageModel.Hidden sees later tokens: its output at position 7 changes")]
    public void A_run_of_one_that_looks_ahead_is_refused(string model, string message)
    {
        using var folder = new WorkFolder();
        using var data = SmallRuns.Data(folder);
        var log = new StepLog();
        var trainer = new Trainer(SmallRuns.Find(model), Variant.Dense, data, SmallRuns.Options(null), log);
        var refused = Assert.Throws<InputException>(() => trainer.Run(default));
        Assert.StartsWith(message, refused.Message, StringComparison.Ordinal);
        Assert.Contains("by a causal mask or padding before the first token", refused.Message, StringComparison.Ordinal);
        Assert.Empty(log.Steps);
    }

    [Theory]
    [InlineData("the next token", 11)]
    [InlineData("the mean of all", 0)]
    [InlineData("its chunk of 2", 12)]
    [InlineData("its chunk of 3", 12)]
    [InlineData("its chunk of 8", 8)]
    [InlineData("the last token", 0)]
    [InlineData("of the first the sixth token", 0)]
    [InlineData("the next token, behind a gate of zero", 11)]
    public void What_looks_ahead_is_found(string what, int position)
    {
        using var module = new Mixer(what);
        Assert.Equal(position, Find(module)?.Position);
    }

    [Theory]
    [InlineData("itself")]
    [InlineData("the token before")]
    [InlineData("all tokens before, by Fourier transform")]
    [InlineData("itself, with dropout")]
    [InlineData("itself and noise")]
    public void What_looks_back_is_not_refused(string what)
    {
        using var module = new Mixer(what);
        Assert.Null(Find(module));
    }

    [Fact]
    public void Weights_modes_and_draws_are_what_they_were()
    {
        using var module = new Mixer("itself and noise");
        module.Dropout.eval();
        using var weight = module.Gate.clone();
        using var input = randn(1, Length, 8);
        using var others = randn(1, Length, 8);
        manual_seed(5);
        using var expected = rand(4);
        manual_seed(5);
        Assert.Null(LookAhead.Find(module, module.forward, input, others));
        using var drawn = rand(4);
        Assert.Equal(expected.data<float>(), drawn.data<float>());
        Assert.Equal(weight.data<float>(), module.Gate.data<float>());
        Assert.True(module.training);
        Assert.False(module.Dropout.training);
        using var gated = new Mixer("itself, behind a gate of zero");
        Assert.Null(LookAhead.Find(gated, gated.forward, input, others));
        Assert.All(gated.Gate.data<float>(), value => Assert.Equal(0, value));
    }

    private static LookAhead? Find(Mixer module)
    {
        using var input = randn(1, Length, 8);
        using var others = randn(1, Length, 8);
        return LookAhead.Find(module, module.forward, input, others);
    }

    private sealed class Mixer : nn.Module<Tensor, Tensor>
    {
        private readonly string what;

        public Mixer(string what)
            : base("mixer")
        {
            (this.what, Dropout) = (what, nn.Dropout(0.5));
            Gate = new Parameter(what.EndsWith("a gate of zero", StringComparison.Ordinal) ? zeros(8) : ones(8));
            RegisterComponents();
        }

        public Parameter Gate { get; }

        public Dropout Dropout { get; }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var mixed = what.Split(", behind")[0] switch
            {
                "itself" => input.tanh(),
                "the next token" => input.roll(-1, 1),
                "the mean of all" => input.sub(input.mean([1], keepdim: true)),
                "its chunk of 2" => InChunks(input, 2),
                "its chunk of 3" => InChunks(input, 3),
                "its chunk of 8" => InChunks(input, 8),
                "the last token" => input.mul(input.narrow(1, Length - 1, 1)),
                "of the first the sixth token" => cat([input.narrow(1, 5, 1), input.narrow(1, 1, Length - 1)], 1),
                "the token before" => cat([zeros(1, 1, 8), input.narrow(1, 0, Length - 1)], 1),
                "all tokens before, by Fourier transform" => Convolved(input),
                "itself, with dropout" => Dropout.forward(input),
                "itself and noise" => input.mul(randn(1, Length, 8)),
                _ => throw new ArgumentException(what),
            };
            return mixed.mul(Gate).MoveToOuterDisposeScope();
        }

        private static Tensor InChunks(Tensor input, int size)
        {
            using var scope = NewDisposeScope();
            return input.reshape(Length / size, size, 8).softmax(1).reshape(1, Length, 8).MoveToOuterDisposeScope();
        }

        private static Tensor Convolved(Tensor input)
        {
            using var scope = NewDisposeScope();
            var kernel = linspace(1, 0, Length).unsqueeze(-1);
            var product = fft.rfft(input, 2 * Length, 1).mul(fft.rfft(kernel, 2 * Length, 0));
            return fft.irfft(product, 2 * Length, 1).narrow(1, 0, Length).MoveToOuterDisposeScope();
        }
    }
}

/// <summary>Every token beside the one after it, as padding on the wrong side has it.</summary>
[Module]
public partial class PeekAhead : ISequenceModule
{
    [Linear(32, 32)]
    public partial LinearLayer After { get; }

    public Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        return After.forward(x.roll(-1, 1)).MoveToOuterDisposeScope();
    }
}

/// <summary>A transformer with such a module.</summary>
[Transformer(vocabulary: 300, context: 32, width: 32, depth: 2)]
public partial class Peeking
{
    [Part(typeof(PeekAhead))]
    public partial Sublayer Mixer { get; }
}

/// <summary>A language model of it.</summary>
[Module]
[LanguageModel(vocabulary: 300, context: 32, width: 32)]
public partial class PeekingLanguageModel : ILanguageModule
{
    [Embedding(300, 32)]
    public partial LowRank.Layers.Embedding Tokens { get; }

    [Part]
    public partial PeekAhead Mixer { get; }

    public Tensor HeadWeight => Tokens.Weight;

    public Tensor Hidden(Tensor tokens)
    {
        using var vectors = Tokens.forward(tokens);
        return Mixer.forward(vectors);
    }
}
