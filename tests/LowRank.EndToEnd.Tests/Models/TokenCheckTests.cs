using LowRank.EndToEnd.Tests.FineTuning;
using LowRank.Layers;
using static TorchSharp.torch;

namespace LowRank.EndToEnd.Tests.Models;

/// <summary>Tokens that a model can't read are named in its own words.</summary>
public sealed class TokenCheckTests
{
    [Fact]
    public void More_tokens_than_the_context_another_shape_and_another_type_are_refused()
    {
        using var model = new Plain();
        using var ids = zeros(model.Context + 1, ScalarType.Int64);
        using var tokens = ids.view(1, -1);
        Assert.Contains(
            $"Plain has a context of {model.Context} tokens, and {model.Context + 1} were given",
            Refused(() => model.forward(tokens)),
            StringComparison.Ordinal
        );
        Assert.Contains("reads token ids [batch, sequence], not [", Refused(() => model.forward(ids)), StringComparison.Ordinal);
        using var numbers = zeros(1, 4);
        Assert.Contains("reads int64 token ids, not Float32", Refused(() => model.forward(numbers)), StringComparison.Ordinal);
        using var cache = new KeyValueCache(1, 2 * model.Context);
        using var whole = tokens.narrow(1, 0, model.Context);
        using var one = tokens.narrow(1, 0, 1);
        model.Decode(whole, cache).Dispose();
        Assert.Contains($"after the {model.Context} that were read", Refused(() => model.Decode(one, cache)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1_000_000)]
    public void An_id_outside_the_vocabulary_is_named(long id)
    {
        using var model = new Plain();
        using var ids = tensor([0L, id, 1L]);
        using var tokens = ids.view(1, 3);
        Assert.Contains(
            $"Plain has a vocabulary of {model.Vocabulary} ids, from 0 to {model.Vocabulary - 1}, and {id} was given.",
            Refused(() => model.forward(tokens)),
            StringComparison.Ordinal
        );
    }

    private static string Refused(Func<Tensor> run) => Assert.Throws<ArgumentException>(run).Message;
}
