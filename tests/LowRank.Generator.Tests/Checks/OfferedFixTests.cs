using LowRank.Generator.Tests.Harness;

namespace LowRank.Generator.Tests.Checks;

/// <summary>
/// Fixes for declarations that are wrong in more than one way, or where the nearest right value depends on the rest. The rules' own tests
/// hold the fixes of theirs to the same.
/// </summary>
public sealed class OfferedFixTests
{
    [Theory]
    // A head and a fraction of it: the fraction is what is wrong.
    [InlineData("RotaryFraction = 0.01", "[Attention(4)]", "[FeedForward(256)]", "Change RotaryFraction to 0.125")]
    [InlineData("RotaryFraction = 0.2", "[Attention(4)]", "[FeedForward(256)]", "Change RotaryFraction to 0.25")]
    [InlineData("RotaryFraction = 0.2", "[Attention(4, HeadSize = 15)]", "[FeedForward(256)]", "Change HeadSize to 14")]
    [InlineData("RotaryFraction = 1.5", "[Attention(4)]", "[FeedForward(256)]", "Change RotaryFraction to 1.0")]
    [InlineData(
        "RotaryFraction = 50",
        "[Attention(4)]",
        "[FeedForward(256)]",
        "Change RotaryFraction to 0.5",
        "Change RotaryFraction to 1.0"
    )]
    [InlineData("Bias = Bias.None", "[Attention(15)]", "[FeedForward(256)]", "Change heads to 16")]
    [InlineData("Bias = Bias.None", "[Attention(63)]", "[FeedForward(256)]", "Change heads to 32")]
    [InlineData("Bias = Bias.None", "[Attention(6, KeyValueHeads = 2)]", "[FeedForward(256)]", "Change heads to 8")]
    [InlineData("Bias = Bias.None", "[Attention(6, KeyValueHeads = 3)]", "[FeedForward(256)]")]
    [InlineData("Bias = Bias.None", "[Attention(0, KeyValueHeads = 2)]", "[FeedForward(256)]", "Change heads to 2")]
    [InlineData("Bias = Bias.None", "[Attention(4, HeadSize = 0)]", "[FeedForward(256)]", "Change HeadSize to 64")]
    [InlineData("Bias = Bias.None", "[Attention(4, Window = 100)]", "[FeedForward(256)]", "Remove Window")]
    [InlineData("Bias = Bias.None", "[Attention(4)]", "[FeedForward(256), LowRank(16, 1.0000001)]", "Change phaseOut to 1.0")]
    [InlineData("Bias = Bias.None", "[Attention(4)]", "[FeedForward(256), LowRank(Ratio = 32)]", "Change Ratio to 0.32")]
    [InlineData("Bias = Bias.None", "[Attention(4)]", "[FeedForward(256), LowRank(8, Ratio = 0.2)]", "Remove Ratio")]
    [InlineData("Bias = Bias.None", "[Attention(4)]", "[FeedForward(256), LowRank(8, Layers = \"1..:0\")]", "Change Layers to \"1..\"")]
    [InlineData(
        "Bias = Bias.None",
        "[Attention(4)]",
        "[FeedForward(256), LowRank(8, Projections = 0)]",
        "Change Projections to Projections.Up",
        "Change Projections to Projections.Down",
        "Change Projections to Projections.All"
    )]
    [InlineData(
        "Bias = Bias.None",
        "[Attention(4)]",
        "[FeedForward(256), LowRank(8, 0.25, Activation = Activation.Silu)]",
        "Remove phaseOut"
    )]
    [InlineData("Bias = Bias.None", "[Attention(4)]", "[FeedForward(256), LowRank(8), Dense, LowRank(16)]", "Remove [LowRank]")]
    [InlineData("Bias = Bias.None", "[Attention(4)]", "[FeedForward(256), Dense]", "Remove [Dense]")]
    [InlineData("Bias = Bias.None", "[Attention(4)]", "[FeedForward(256), Linear(4, 4)]", "Remove [Linear]")]
    public void What_is_offered_is_what_mends(string transformer, string attention, string feedForward, params string[] titles) =>
        Assert.Equal(
            titles,
            OfferedFixes.AssertMend(Declarations.Model($"512, 64, 64, 4, {transformer}", attention: attention, feedForward: feedForward))
        );

    [Fact]
    public void The_recipe_is_written_out_where_its_layers_leave_nothing()
    {
        const string factors = "LowRank(Ratio = 0.32, Guide = Guide.None";
        Assert.Equal(
            [$"Change to [{factors})]"],
            OfferedFixes.AssertMend(Declarations.Model("512, 64, 64, 1", feedForward: "[FeedForward(256), LowRank]"))
        );
        Assert.Equal(
            [$"Change to [{factors}, Projections = Projections.Up | Projections.Down)]"],
            OfferedFixes.AssertMend(Declarations.Model("512, 64, 64, 1", attributes: "[LowRank]"))
        );
    }

    [Theory]
    [InlineData("[FeedForward(8), Linear(4, 4)] public partial LinearLayer A { get; }", "Remove [FeedForward]")]
    [InlineData("[Attention(4), Linear(4, 4)] public partial LinearLayer A { get; }", "Remove [Attention]")]
    [InlineData("[Linear(4, 4), LowRank(1, Layers = \"1..\")] public partial LinearLayer A { get; }", "Remove Layers")]
    [InlineData("[Linear(4, 4), LowRank(1, Projections = 0)] public partial LinearLayer A { get; }", "Remove Projections")]
    public void A_module_is_not_made_a_transformer(string member, params string[] titles) =>
        Assert.Equal(
            titles,
            OfferedFixes.AssertMend($"using LowRank; using LowRank.Layers; [Module] public partial class M {{ {member} }}")
        );

    [Fact]
    public void The_librarys_sublayer_is_named_beside_the_users_own() =>
        Assert.Equal(
            ["Declare as 'public partial LowRank.Sublayer A { get; }'"],
            OfferedFixes
                .AssertMend(
                    "using LowRank; namespace N; class Sublayer; [Transformer(512, 64, 64, 4)] partial class M { [Attention(4)] public int A { get; } }"
                )
                .Distinct()
        );

    [Theory]
    // The recipe leaves the first block dense, and there is no other.
    [InlineData("512, 64, 64, 1", "", "[Attention(4)]", "[FeedForward(256), LowRank]")]
    [InlineData("512, 64, 64, 1", "[LowRank]", "[Attention(4)]", "[FeedForward(256)]")]
    [InlineData("512, 64, 64, 1", "", "[Attention(4)]", "[FeedForward(256), LowRank(16, Layers = \"1..\")]")]
    [InlineData("512, 64, 64, 4", "", "[Attention(4, Layers = \"3\")]", "[FeedForward(256)]")]
    [InlineData("512, 64, 64, 4", "", "[Attention(4)]", "[FeedForward(256, Layers = \"3\")]")]
    [InlineData("512, 64, 64, 4", "", "[Attention(4, Layers = \"1..\")]", "[FeedForward(256), LowRank(16, Layers = \"4..\")]")]
    [InlineData("512, 64, 64, 4", "", "[Attention(4, Layers = \"1\")]", "[FeedForward(256, Layers = \"2\")]")]
    [InlineData("512, 64, 64, 4", "", "[Attention(4, Layers = \"2..2\")]", "[FeedForward(256, Layers = \"3..3\")]")]
    [InlineData("512, 64, 64, 4", "", "[Attention(4, Layers = \"7..\")]", "[FeedForward(256, Layers = \"8..9\")]")]
    [InlineData("512, 64, 64, 4", "", "[Attention(4)]", "[FeedForward(256, Layers = \"1..:0\")]")]
    [InlineData("512, 64, 64, 4", "", "[Attention(4)]", "[FeedForward(256), LowRank(16, Layers = \"1..:0\")]")]
    [InlineData("512, 64, 64, 4", "", "[Attention(4)]", "[FeedForward(256), LowRank(16, Layers = \"..:-2\")]")]
    [InlineData("512, 64, 64, 4", "", "[Attention(4)]", "[FeedForward(256), LowRank(16, Layers = \"1..9:2\")]")]
    [InlineData("512, 64, 64, 4", "", "[Attention(4)]", "[FeedForward(256), LowRank(16, Layers = \"1..2, 2..9\")]")]
    [InlineData("512, 64, 64, 4", "", "[Attention(4)]", "[FeedForward(256), LowRank(16, Layers = \"..2\"), LowRank(8, Layers = \"2\")]")]
    [InlineData("512, 64, 64, 4", "", "[Attention(4)]", "[FeedForward(256), LowRank(16, Layers = \"..2\"), LowRank(8, Layers = null)]")]
    [InlineData("512, 64, 64, 4", "", "[Attention(4)]", "[FeedForward(256, Layers = \"2..\"), LowRank(16, Layers = \"1\")]")]
    [InlineData("512, 64, 64, 4", "", "[Attention(4, Layers = \"2..\")]", "[FeedForward(256, Layers = \"..1\")]")]
    [InlineData("512, 64, 64, 4", "[LoRA(8, 16, Layers = \"4\")]", "[Attention(4)]", "[FeedForward(256)]")]
    public void Of_layers(string transformer, string attributes, string attention, string feedForward) =>
        OfferedFixes.AssertMend(Declarations.Model(transformer, attributes, attention, feedForward));

    [Theory]
    [InlineData("1.0000001")]
    [InlineData("1.5")]
    [InlineData("2")]
    [InlineData("32")]
    [InlineData("100")]
    [InlineData("1e9")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("double.NaN")]
    [InlineData("double.PositiveInfinity")]
    [InlineData("double.Epsilon * 0.1")]
    public void Of_a_fraction(string fraction)
    {
        OfferedFixes.AssertMend(Declarations.Model(feedForward: $"[FeedForward(256), LowRank(16, {fraction})]"));
        OfferedFixes.AssertMend(Declarations.Model(feedForward: $"[FeedForward(256), LowRank(Ratio = {fraction})]"));
        OfferedFixes.AssertMend(Declarations.Model(transformer: $"512, 64, 64, 4, RotaryFraction = {fraction}"));
    }

    [Theory]
    [InlineData("0.01")]
    [InlineData("0.05")]
    [InlineData("0.2")]
    [InlineData("0.9")]
    [InlineData("1.5")]
    [InlineData("25")]
    [InlineData("3")]
    public void Of_a_rotated_size(string fraction)
    {
        foreach (var attention in new[] { "Attention(1)", "Attention(4)", "Attention(64)", "Attention(4, HeadSize = 5)", "Attention(3)" })
            OfferedFixes.AssertMend(
                Declarations.Model(transformer: $"512, 64, 64, 4, RotaryFraction = {fraction}", attention: $"[{attention}]")
            );
    }

    [Theory]
    [InlineData("[Attention(4, KeyValueHeads = 3)]")]
    [InlineData("[Attention(5, KeyValueHeads = 2)]")]
    [InlineData("[Attention(6, KeyValueHeads = 3)]")]
    [InlineData("[Attention(7, KeyValueHeads = 7)]")]
    [InlineData("[Attention(0)]")]
    [InlineData("[Attention(0, KeyValueHeads = 2)]")]
    [InlineData("[Attention(4, KeyValueHeads = 0)]")]
    [InlineData("[Attention(4, HeadSize = 0)]")]
    [InlineData("[Attention(4, HeadSize = 7)]")]
    [InlineData("[Attention(4, Window = 0)]")]
    [InlineData("[Attention(4, Window = 4096)]")]
    [InlineData("[Attention(64)]")]
    [InlineData("[Attention(100)]")]
    [InlineData("[Attention(4), LowRank(64)]")]
    [InlineData("[Attention(4, KeyValueHeads = 1), LowRank(17)]")]
    [InlineData("[Attention(4, KeyValueHeads = 1), LowRank(0)]")]
    public void Of_heads(string attention)
    {
        OfferedFixes.AssertMend(Declarations.Model(attention: attention));
        OfferedFixes.AssertMend(Declarations.Model(attention: attention, attributes: "[LowRank(8)]"));
    }

    [Theory]
    [InlineData("0, 64, 64, 4")]
    [InlineData("512, 0, 64, 4")]
    [InlineData("512, 64, 0, 4")]
    [InlineData("512, 64, -64, 4")]
    [InlineData("512, 64, 64, 0")]
    [InlineData("512, 64, 66, 4")]
    [InlineData("512, 64, 67, 4")]
    [InlineData("512, 64, 1, 4")]
    public void Of_sizes(string transformer)
    {
        OfferedFixes.AssertMend(Declarations.Model(transformer: transformer));
        OfferedFixes.AssertMend(
            Declarations.Model(transformer: transformer, feedForward: "[FeedForward(256), LowRank(16, Layers = \"1..\")]")
        );
    }

    [Theory]
    [InlineData("[FeedForward(256), LowRank(16, Projections = 0)]")]
    [InlineData("[FeedForward(256), LowRank(16, Projections = (Projections)1024)]")]
    [InlineData("[FeedForward(256, Gated = true), LowRank(16, Projections = 0)]")]
    [InlineData("[FeedForward(256), LowRank(16, Projections = Projections.Query)]")]
    [InlineData("[FeedForward(256), LowRank(16, Projections = Projections.Query | Projections.Up)]")]
    [InlineData("[FeedForward(256), LoRA(8, 16, Projections = 0)]")]
    [InlineData("[FeedForward(256), LowRank(16, Guide = (Guide)9)]")]
    [InlineData("[FeedForward(256), LowRank(16, Activation = (Activation)99)]")]
    [InlineData("[FeedForward(256), LowRank(16, Activation = Activation.Silu, Initialization = (Initialization)99)]")]
    [InlineData("[FeedForward(256), LowRank(16, Activation = Activation.Silu, Guide = (Guide)9)]")]
    [InlineData("[FeedForward(256), LowRank(16, Activation = Activation.Silu, Schedule = (Schedule)9)]")]
    [InlineData("[FeedForward(256), LowRank(16, Initialization = (Initialization)99)]")]
    [InlineData("[FeedForward(256), LowRank(16, Schedule = (Schedule)99)]")]
    [InlineData("[FeedForward(256), LowRank(16, Guide = Guide.None, Schedule = (Schedule)99)]")]
    [InlineData("[FeedForward(256, (Activation)99)]")]
    public void Of_enums(string feedForward) => OfferedFixes.AssertMend(Declarations.Model(feedForward: feedForward));

    [Theory]
    [InlineData("512, 64, 64, 4, Norm = (Norm)9")]
    [InlineData("512, 64, 64, 4, Positions = (Positions)9")]
    [InlineData("512, 64, 64, 4, Positions = (Positions)9, RotaryBase = 10")]
    [InlineData("512, 64, 64, 4, Bias = (Bias)9")]
    [InlineData("512, 64, 64, 4, Residual = (Residual)9")]
    public void Of_enums_of_the_class(string transformer) => OfferedFixes.AssertMend(Declarations.Model(transformer: transformer));

    [Theory]
    [InlineData("[FeedForward(256), LowRank(300)]")]
    [InlineData("[FeedForward(256), LowRank(60)]")]
    [InlineData("[FeedForward(256), LowRank(-4)]")]
    [InlineData("[FeedForward(256), LowRank(33)]")]
    [InlineData("[FeedForward(1), LowRank(3)]")]
    [InlineData("[FeedForward(2), LowRank(3)]")]
    [InlineData("[FeedForward(8), LowRank(8)]")]
    [InlineData("[FeedForward(256), LowRank(8, Ratio = 0.5)]")]
    [InlineData("[FeedForward(256), LowRank(8, Ratio = 32)]")]
    [InlineData("[FeedForward(256), LowRank(Ratio = 1e-9)]")]
    [InlineData("[FeedForward(256), LowRank(phaseOut: 0.5)]")]
    [InlineData("[FeedForward(256), LowRank(16), LowRank(8)]")]
    [InlineData("[FeedForward(256), LowRank(16), Dense, LowRank(8, Layers = \"1..\")]")]
    [InlineData("[FeedForward(256), Dense]")]
    [InlineData("[FeedForward(256), LowRank(16), LoRA(8, 16)]")]
    [InlineData("[FeedForward(256), LoRA(0, 16)]")]
    [InlineData("[FeedForward(256), LoRA(8, 0)]")]
    [InlineData("[FeedForward(256), LoRA(8, 16, Dropout = 10)]")]
    [InlineData("[FeedForward(256), LoRA(8, 16), LoRA(8, 16)]")]
    [InlineData("[FeedForward(256), Attention(4), LowRank(16)]")]
    [InlineData("[FeedForward(256), Attention(4), LowRank(16, Projections = Projections.Up)]")]
    [InlineData("[FeedForward(0), Attention(4)]")]
    [InlineData("[LowRank(16)]")]
    [InlineData("[Dense]")]
    [InlineData("[LowRank]")]
    [InlineData("[LoRA(8, 16)]")]
    [InlineData("[LowRank(16, Projections = Projections.Query)]")]
    [InlineData("[LowRank(16, Activation = Activation.Silu, Guide = Guide.Mixed)]")]
    [InlineData("[FeedForward(256), LowRank(16, Activation = Activation.Silu, Guide = Guide.Mixed)]")]
    [InlineData("[FeedForward(256), LowRank(16, 0.25, Activation = Activation.Silu)]")]
    [InlineData("[FeedForward(256), LowRank(16, RebalanceEvery = 0)]")]
    [InlineData("[FeedForward(256), LowRank(16, ProductDecay = -1)]")]
    public void Of_a_sublayer(string feedForward)
    {
        OfferedFixes.AssertMend(Declarations.Model(feedForward: feedForward));
        OfferedFixes.AssertMend(Declarations.Model(feedForward: feedForward, transformer: "512, 64, 63, 1"));
        OfferedFixes.AssertMend(Declarations.Model(feedForward: feedForward, attributes: "[LowRank(8)]"));
    }

    [Theory]
    [InlineData("[Part] public partial Sublayer Second { get; }")]
    [InlineData("[Linear(64, 64)] public partial Sublayer Second { get; }")]
    [InlineData("[Linear(64, 64)] public partial LinearLayer Second { get; }")]
    [InlineData("[Part] public int Second { get; }")]
    [InlineData("[Normalization(64)] public partial RmsNorm Second { get; }")]
    [InlineData("[Linear(64, 64), Attention(4)] public partial Sublayer Second { get; }")]
    [InlineData("[Attention(4)] public Sublayer Second { get; set; }")]
    [InlineData("[Attention(4)] public Sublayer Second;")]
    [InlineData("[Attention(4)] public partial int Second { get; }")]
    [InlineData("[Attention(4)] public required partial Sublayer Second { get; }")]
    [InlineData("[Attention(4)] public virtual partial Sublayer Second { get; }")]
    [InlineData("[Attention(4)] public abstract Sublayer Second { get; }")]
    [InlineData("[Attention(4)] public static partial Sublayer Second { get; }")]
    [InlineData("[Attention(4)] public partial Sublayer Second { set; }")]
    [InlineData("[Attention(4)] public partial Sublayer Second { get; init; }")]
    [InlineData("[Attention(4)] public partial Sublayer Second { get; } = null!;")]
    [InlineData("[Attention(4)] public partial Sublayer this[int index] { get; }")]
    [InlineData("[Attention(4)] public partial ref Sublayer Second { get; }")]
    [InlineData("[Attention(4)] public Sublayer Second => throw null!; // One\n/* two */")]
    [InlineData("[LowRank(16)] public int Second { get; }")]
    [InlineData("[Dense] public int Second { get; }")]
    [InlineData("[LoRA(8, 16)] public int Second { get; }")]
    [InlineData("public partial Sublayer Second { get; }")]
    [InlineData("private void Cost() { }")]
    [InlineData("public Model(LowRank.Layers.ModelOptions? options) { }")]
    [InlineData("public Model(int seed) { }")]
    [InlineData("private int blocks; private int Read() => blocks;")]
    [InlineData("public void Block() { }")]
    [InlineData("public class Block;")]
    [InlineData("public int PrepareStep { get; }")]
    [InlineData("[Attention(4)] public partial Sublayer Cost { get; }")]
    [InlineData("[Attention(4)] public partial Sublayer attention { get; }")]
    [InlineData("[Attention(4)] public partial Sublayer Dispose { get; }")]
    [InlineData("[Attention(4)] public partial Sublayer OwnDispose { get; } public int Dispose { get; }")]
    [InlineData("public class Cost; public class OwnCost;")]
    public void Of_a_member(string member) => OfferedFixes.AssertMend("using LowRank.Layers; " + Declarations.Model(members: member));

    [Theory]
    [InlineData("[Attention(4)] public partial LowRank.Sublayer A { get; }")]
    [InlineData("[Attention(4)] public int A { get; }")]
    [InlineData("[LoRA(8, 16)] public partial LinearLayer A { get; }")]
    [InlineData("[Linear(64, 64), LoRA(8, 16)] public partial LinearLayer A { get; }")]
    [InlineData("[Linear(64, 64), FeedForward(64)] public partial LinearLayer A { get; }")]
    [InlineData("[Linear(64, 64), LowRank(8), LowRank(16)] public partial LinearLayer A { get; }")]
    [InlineData("[Linear(64, 64), LowRank(40)] public partial LinearLayer A { get; }")]
    [InlineData("[Linear(64, 64), LowRank(100)] public partial LinearLayer A { get; }")]
    [InlineData("[Linear(64, 64), LowRank(-1)] public partial LinearLayer A { get; }")]
    [InlineData("[Linear(64, 64), LowRank(8, 1.0000001)] public partial LinearLayer A { get; }")]
    [InlineData("[Linear(64, 64), LowRank(Ratio = 32)] public partial LinearLayer A { get; }")]
    [InlineData("[Linear(64, 64), LowRank(8, Layers = \"1..\")] public partial LinearLayer A { get; }")]
    [InlineData("[Linear(64, 64), LowRank(8, Projections = Projections.Up)] public partial LinearLayer A { get; }")]
    [InlineData("[Linear(64, 64), LowRank(8, Projections = 0)] public partial LinearLayer A { get; }")]
    [InlineData("[Linear(64, 64), LowRank(8), Dense] public partial LinearLayer A { get; }")]
    [InlineData("[Linear(64, 64)] public LinearLayer A { get; }")]
    [InlineData("[Linear(64, 64)] public partial int A { get; }")]
    [InlineData("[Linear(0, 64)] public partial LinearLayer A { get; }")]
    [InlineData("[Linear(64, 64, Count = 0)] public partial LinearLayer A { get; }")]
    [InlineData("[Normalization(64, Epsilon = 0)] public partial RmsNorm A { get; }")]
    [InlineData("[Embedding(64, 64), LowRank(8)] public partial Embedding A { get; }")]
    [InlineData("[Embedding(64, 64), LowRank] public partial Embedding A { get; }")]
    [InlineData("[Embedding(64, 64), Linear(4, 4)] public partial Embedding A { get; }")]
    [InlineData("[LowRank(8)] public partial LinearLayer A { get; }")]
    [InlineData("[Dense] public int A { get; }")]
    [InlineData("[Linear(64, 64)] public partial LinearLayer Cost { get; }")]
    [InlineData("[Linear(64, 64)] public partial LinearLayer forward { get; }")]
    [InlineData("[Linear(64, 64)] public partial LinearLayer A { get; } private int Cost;")]
    [InlineData("[Part] public partial M A { get; }")]
    public void Of_a_module(string member)
    {
        OfferedFixes.AssertMend($"using LowRank; using LowRank.Layers; [Module] public partial class M {{ {member} }}");
        OfferedFixes.AssertMend($"using LowRank; using LowRank.Layers; [Module, LowRank(8), Budget] public partial class M {{ {member} }}");
    }

    [Theory]
    [InlineData("[Budget(Parameters = 1)] public class Plain;")]
    [InlineData("[Budget(Parameters = 1), Module] public partial class Plain { [Linear(4, 4)] public partial LinearLayer A { get; } }")]
    [InlineData("[LowRank] public class Plain;")]
    [InlineData("[LowRank] public record Plain;")]
    [InlineData("[LowRank] public static class Plain;")]
    [InlineData("[LowRank] public abstract class Plain;")]
    [InlineData("[LowRank] public class Plain : System.Exception;")]
    [InlineData("[LowRank(8, Layers = \"9..\")] public class Plain;")]
    [InlineData("[DenseBaseline] public class Plain { private int blocks; }")]
    [InlineData("public class Plain { [Linear(4, 4)] public LinearLayer? A { get; } }")]
    [InlineData("public class Plain { [Linear(4, 4)] public partial LinearLayer A { get; } }")]
    [InlineData("public class Plain { [Part] public int A { get; } [DenseBaseline] public int B { get; } }")]
    [InlineData("public class Plain { [Dense] public int A { get; } }")]
    [InlineData("public class Plain { [Attention(4)] public Sublayer? A { get; } }")]
    [InlineData("public class Plain { [Attention(5)] public Sublayer? A { get; } }")]
    [InlineData(
        "public class Plain { [Attention(4), LowRank(8)] public partial Sublayer A { get; } [Linear(4, 4)] public int B { get; } }"
    )]
    [InlineData("public class Plain { [FeedForward(4)] public int A() => 1; [FeedForward(4)] public int B; }")]
    [InlineData("public class Outer<T> { [DenseBaseline] public class Plain { [Attention(4)] public partial Sublayer A { get; } } }")]
    [InlineData("public interface IPlain { [Attention(4)] Sublayer A { get; } }")]
    [InlineData("public struct Plain { [Attention(4)] public partial Sublayer A { get; } }")]
    [InlineData("public class Plain(int a) { [Attention(4)] public partial Sublayer A { get; } }")]
    [InlineData(
        "public partial class Plain { [Attention(4)] public partial Sublayer A { get; } } [DenseBaseline] public partial class Plain;"
    )]
    [InlineData(
        "public partial class Plain { [Attention(4)] public partial Sublayer A { get; } } public partial class Plain : System.Exception;"
    )]
    public void Of_a_class_that_declares_nothing(string source) =>
        OfferedFixes.AssertMend($"using LowRank; using LowRank.Layers; {source}");

    [Theory]
    [InlineData("[Transformer(512, 64, 64, 4), Module] public partial class M { [Attention(4)] public partial Sublayer A { get; } }")]
    [InlineData("[Transformer(512, 64, 64, 4)] public class M;")]
    [InlineData("[Transformer(512, 64, 64, 4)] public class M { }")]
    [InlineData("[Transformer(512, 64, 63, 4)] public class M { }")]
    [InlineData("[Transformer(512, 64, 2, 4)] public class M { }")]
    [InlineData("[Transformer(512, 64, 62, 4, RotaryFraction = 0.1)] public partial class M { }")]
    [InlineData("[Transformer(512, 64, 64, 4)] public partial class M { public int Attention { get; } }")]
    [InlineData("[Transformer(512, 64, 64, 4)] public partial class M { public int AttentionLayer { get; } }")]
    [InlineData("[Transformer(512, 64, 64, 4)] public partial class Attention { }")]
    [InlineData("[Transformer(512, 64, 64, 4), LowRank(40)] public partial class M { }")]
    [InlineData("[Transformer(512, 64, 64, 4), LowRank(8, Projections = Projections.Gate)] public partial class M { }")]
    [InlineData("[LowRank.Transformer(512, 64, 64, 4)] public partial class M { }")]
    [InlineData("[Transformer(512, 64, 64, 4)] public partial class M<T> { [Attention(4)] public partial Sublayer A { get; } }")]
    [InlineData("public class O<T> { [Transformer(512, 64, 64, 4)] public class M { [Attention(4)] public partial Sublayer A { get; } } }")]
    [InlineData("public record O { [Transformer(512, 64, 64, 4)] public record M { [Attention(4)] public partial Sublayer A { get; } } }")]
    [InlineData("[Transformer(512, 64, 64, 4)] public abstract class M { [Attention(4)] public abstract Sublayer A { get; } }")]
    [InlineData("[Transformer(512, 64, 64, 4)] public static class M { [Attention(4)] public static Sublayer A { get; } }")]
    [InlineData(
        "[Transformer(512, 64, 64, 4)] public sealed abstract partial class M { [Attention(4)] public partial Sublayer A { get; } }"
    )]
    [InlineData(
        "[Transformer(512, 64, 64, 4)] public partial record class M { [Attention(4)] public partial Sublayer A { get; } public M With() => this with { }; }"
    )]
    [InlineData("[Transformer(512, 64, 64, 4)] public partial record struct M { [Attention(4)] public partial Sublayer A { get; } }")]
    [InlineData(
        "[Transformer(512, 64, 64, 4)] public partial class M : System.IDisposable, System.ICloneable { [Attention(4)] public partial Sublayer A { get; } public object Clone() => this; }"
    )]
    [InlineData(
        "[Transformer(512, 64, 64, 4)] public partial class M : System.Exception { [Attention(4)] public partial Sublayer A { get; } public string Text => Message; }"
    )]
    [InlineData(
        "[Transformer(512, 64, 64, 4)] public partial class M { [Attention(4)] public partial Sublayer A { get; } } public partial class M : System.Exception;"
    )]
    [InlineData("[Transformer(512, 64, 64, 4)] public partial class Cost { [Attention(4)] public partial Sublayer A { get; } }")]
    [InlineData(
        "public class CostModel; [Transformer(512, 64, 64, 4)] public partial class Cost { [Attention(4)] public partial Sublayer A { get; } }"
    )]
    [InlineData(
        "[Transformer(512, 64, 64, 4), Budget(Parameters = 1)] public partial class M { [Attention(4), LowRank(16)] public partial Sublayer A { get; } }"
    )]
    [InlineData(
        "[Transformer(512, 64, 64, 4), Budget(Parameters = 120_000)] public partial class M { [Attention(4), LowRank(24)] public partial Sublayer A { get; } }"
    )]
    [InlineData(
        "[Transformer(512, 64, 64, 4), Budget(Parameters = 0, DecodeSequences = 0, TrainingFlops = 1)] public partial class M { [Attention(4)] public partial Sublayer A { get; } }"
    )]
    [InlineData(
        "[Transformer(512, 64, 64, 4), TrainingRun(0, 0)] public partial class M { [Attention(4)] public partial Sublayer A { get; } }"
    )]
    [InlineData(
        "[Transformer(512, 64, 64, 4), TrainingRun(10, 6, SequencesPerMicroBatch = 4, LearningRate = 0)] public partial class M { [Attention(4)] public partial Sublayer A { get; } }"
    )]
    [InlineData(
        "[Transformer(512, 64, 64, 4), TrainingRun(10, 6, Optimizer = (OptimizerKind)77)] public partial class M { [Attention(4)] public partial Sublayer A { get; } }"
    )]
    public void Of_the_class(string source) => OfferedFixes.AssertMend($"using LowRank; using LowRank.Layers; {source}");

    [Theory]
    // A class of the user's own that bears the name of one of the library.
    [InlineData(
        "namespace N; public class Sublayer; [Transformer(512, 64, 64, 4)] public partial class M { [Attention(4)] public partial Sublayer A { get; } }"
    )]
    [InlineData("namespace N; public class Sublayer; [Transformer(512, 64, 64, 4)] public partial class M;")]
    [InlineData(
        "namespace N; public class Sublayer; [Transformer(512, 64, 64, 4)] public partial class M { [Attention(4)] public int A { get; } }"
    )]
    [InlineData("namespace N; public class Attention; [Transformer(512, 64, 64, 4)] public partial class M;")]
    [InlineData("namespace N; public class AttentionAttribute : System.Attribute; [Transformer(512, 64, 64, 4)] public partial class M;")]
    [InlineData("namespace N; public class TransformerAttribute : System.Attribute; [DenseBaseline] public partial class M;")]
    [InlineData(
        "namespace N; public enum Norm; [Transformer(512, 64, 64, 4, Norm = (LowRank.Norm)9)] public partial class M { [Attention(4)] public partial Sublayer A { get; } }"
    )]
    [InlineData(
        "namespace N; public enum Projections; [Transformer(512, 64, 64, 4)] public partial class M { [Attention(4), LowRank(8, Projections = 0)] public partial Sublayer A { get; } }"
    )]
    public void Beside_names_of_the_users_own(string source) => OfferedFixes.AssertMend($"using LowRank; {source}");

    [Theory]
    [InlineData("[LowRank.Transformer(512, 64, 64, 4)] public partial class M;")]
    [InlineData("[LowRank.Transformer(512, 64, 64, 4)] public partial class M { [LowRank.Attention(4)] public int A { get; } }")]
    [InlineData("[LowRank.Transformer(512, 64, 64, 4)] public partial class M { public partial LowRank.Sublayer A { get; } }")]
    [InlineData("[LowRank.DenseBaseline] public partial class M;")]
    [InlineData("using L = LowRank; [L.Transformer(512, 64, 64, 4)] public partial class M;")]
    [InlineData(
        "using L = LowRank; [L::Transformer(512, 64, 64, 4, Norm = (L::Norm)9)] public partial class M { public partial L.Sublayer A { get; } }"
    )]
    [InlineData(
        "using T = LowRank.TransformerAttribute; [T(512, 64, 64, 4, Norm = (LowRank.Norm)9)] public partial class M { public partial LowRank.Sublayer A { get; } }"
    )]
    [InlineData(
        "[global::LowRank.TransformerAttribute(512, 64, 64, 4, Norm = (global::LowRank.Norm)9)] public partial class M { public partial global::LowRank.Sublayer A { get; } }"
    )]
    public void Without_a_using(string source) => OfferedFixes.AssertMend(source);

    [Theory]
    [InlineData("[assembly: LowRank(1000)]")]
    [InlineData("[assembly: LowRank(16, 50)]")]
    [InlineData("[assembly: LowRank(16, Layers = \"7\")]")]
    [InlineData("[assembly: LowRank(16, Layers = \"9..\")]")]
    [InlineData("[assembly: LowRank(16, Projections = 0)]")]
    [InlineData("[assembly: LowRank(16), LowRank(8)]")]
    [InlineData("[assembly: LowRank(8, Ratio = 0.5)]")]
    [InlineData("[assembly: LoRA(8, 16, Layers = \"7\")]")]
    public void Of_the_assembly(string attribute) =>
        OfferedFixes.AssertMend(
            $"using LowRank;\n{attribute}",
            Declarations.Small,
            Declarations.Model(transformer: "512, 64, 64, 3", feedForward: "[FeedForward(512)]")
        );
}
