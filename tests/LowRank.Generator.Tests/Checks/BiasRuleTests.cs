using LowRank.Generator.Tests.Harness;

namespace LowRank.Generator.Tests.Checks;

/// <summary>The projections that the Bias of one sublayer may name.</summary>
public sealed class BiasRuleTests
{
    private const string Sizes = "512, 64, 64, 4";

    [Fact]
    public void They_are_there()
    {
        Reported.Assert(
            Declarations.Model(Sizes, attention: "[Attention(4, Bias = Projections.Output | Projections.Up)]"),
            new Reported(
                "LRK0106",
                "Bias of 'Attention' names Up, which is not there; there are Query, Key, Value, Output",
                "Bias = Projections.Output | Projections.Up"
            )
        );
        Reported.Assert(
            Declarations.Model(Sizes, feedForward: "[FeedForward(256, Bias = Projections.Gate)]"),
            new Reported("LRK0106", "Bias of 'FeedForward' names Gate, which is not there; there are Up, Down", "Bias = Projections.Gate")
        );
        GeneratorRun
            .Of(
                Declarations.Model(
                    Sizes,
                    attention: "[Attention(4, Bias = Projections.All)]",
                    feedForward: "[FeedForward(256, Gated = true, Bias = Projections.Gate)]"
                )
            )
            .AssertClean();
    }

    [Fact]
    public void Of_queries_keys_and_values_they_are_all_or_none() =>
        Reported.Assert(
            Declarations.Model(Sizes, attention: "[Attention(4, Bias = Projections.Query | Projections.Value)]"),
            new Reported(
                "LRK0107",
                "Bias of 'Attention' names Query, Value of queries, keys and values, which are one product with one bias; "
                    + "name Query, Key and Value, or none of them",
                "Bias = Projections.Query | Projections.Value"
            )
        );

    [Fact]
    public void They_are_projections_or_none()
    {
        GeneratorRun
            .Of(Declarations.Model(Sizes + ", Bias = Bias.All", attention: "[Attention(4, Bias = Projections.None)]"))
            .AssertClean();
        Reported.Assert(
            Declarations.Model(Sizes, attention: "[Attention(4, Bias = (Projections)512)]"),
            new Reported(
                "LRK0207",
                "Bias is 512, which is no value of Projections; use one of None, Query, Key, Value, Output, Gate, Up, Down, QueryDown, KeyValueDown, All",
                "Bias = (Projections)512"
            )
        );
        Reported.Assert(
            Declarations.Model(Sizes + ", Bias = Bias.QueryKeyValue", attention: "[Attention(4, Bias = Projections.All)]"),
            new Reported(
                "LRK0009",
                "Bias of [Transformer] on 'Model' has no effect: every attention has its own; leave it out",
                "Bias = Bias.QueryKeyValue"
            )
        );
    }
}
