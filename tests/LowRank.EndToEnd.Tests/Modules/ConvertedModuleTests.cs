using LowRank.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace LowRank.EndToEnd.Tests.Modules;

public sealed class ConvertedModuleTests
{
    [Fact]
    public void A_refused_conversion_leaves_every_layer_as_it_was()
    {
        using var module = new WithLayerOfItsOwn();
        Assert.Same(module, module.to(ScalarType.Float32));
        var refused = Assert.Throws<NotSupportedException>(() => module.to(ScalarType.Float64));
        Assert.Contains("build it with new ModelOptions { DataType = ScalarType.Float64 }", refused.Message, StringComparison.Ordinal);
        Assert.All(module.named_parameters(), named => Assert.Equal(ScalarType.Float32, named.parameter.dtype));
        using var input = ones(1, 4);
        module.Up.forward(input).Dispose();
    }
}

/// <summary>A layer of the user's own before a declared one: the first to be converted.</summary>
[Module]
public partial class WithLayerOfItsOwn
{
    [Linear(4, 4)]
    public partial LinearLayer Up { get; }

    partial void OnCreated(ModelOptions options) => register_module("a_own", nn.Linear(4, 4));
}
