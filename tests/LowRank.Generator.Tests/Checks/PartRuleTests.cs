using LowRank.Generator.Tests.Harness;

namespace LowRank.Generator.Tests.Checks;

/// <summary>Modules as sublayers of a transformer, and what is said of those that can't be any.</summary>
public sealed class PartRuleTests
{
    private const string Forward = "/** <inheritdoc/> */ public TorchSharp.torch.Tensor forward(TorchSharp.torch.Tensor x) => x.alias();";
    private const string Inner = "[LowRank.Linear(64, 64)] public partial LowRank.Layers.LinearLayer Inner { get; }";

    [Fact]
    public void A_sequence_module_is_a_sublayer() =>
        Assert.Empty(Findings($"[Module] public partial class Mixer : LowRank.Layers.ISequenceModule {{ {Inner} {Forward} }}"));

    [Theory]
    [InlineData("public class Mixer { }", "'Mixer' carries no [Module]; add it")]
    [InlineData(
        "[Module] public partial class Mixer { " + Inner + " }",
        "'Mixer' is no ISequenceModule: let it be one, with Tensor forward(Tensor x)"
    )]
    [InlineData(
        "[Module] public abstract partial class Mixer : LowRank.Layers.ISequenceModule { " + Inner + Forward + " }",
        "'Mixer' can't be generated: it has to be a partial class, not abstract, generic or static, without primary constructor and base class",
        "LRK0003"
    )]
    [InlineData(
        "[Module] public partial class Mixer : LowRank.Layers.ISequenceModule { [Linear(0, 64)] public partial LowRank.Layers.LinearLayer Inner { get; } "
            + Forward
            + " }",
        "the sizes of 'Mixer' are refused themselves",
        "LRK0201"
    )]
    public void A_class_that_no_block_can_run(string mixer, string reason, string? beside = null) =>
        Assert.Equal(
            [$"'Second' cannot be built: {reason}"],
            GeneratorRun
                .Of(Model("[Part(typeof(Mixer))]", mixer))
                .Findings.Where(finding => finding.Id != beside)
                .Select(finding => finding.GetMessage(System.Globalization.CultureInfo.InvariantCulture))
        );

    [Fact]
    public void A_part_of_no_class() =>
        Reported.Assert(
            Model("[Part]", ""),
            new Reported("LRK0110", "'Second' cannot be built: the attribute names no class: write [Part(typeof(…))]", "Part")
        );

    [Fact]
    public void A_count_of_parts_in_a_block() =>
        Reported.Assert(
            Model("[Part(typeof(Mixer), Count = 2)]"),
            new Reported(
                "LRK0009",
                "Count of [Part] on 'Second' has no effect: a sublayer has one part in each of its blocks, which Layers names; leave it out",
                "Count = 2"
            )
        );

    [Fact]
    public void Low_rank_from_outside() =>
        Reported.Assert(
            Model("[Part(typeof(Mixer)), LowRank(8)]"),
            new Reported(
                "LRK0307",
                "[LowRank] on 'Second' selects no linear layer: the layers of a [Part] are factored within its own class, where [LowRank] belongs",
                "LowRank(8)"
            )
        );

    [Fact]
    public void An_exemption_from_what_does_not_reach_it() =>
        Assert.Equal(
            new Reported(
                "LRK0506",
                "[Dense] on 'Second' has no effect: a [LowRank] of the transformer does not reach into a [Part]",
                "Dense"
            ),
            Reported.Assert(Model("[Part(typeof(Mixer)), Dense]")).Notes.Select(Reported.Of).First(note => note.Id == "LRK0506")
        );

    [Fact]
    public void A_part_that_is_attention_too() =>
        Reported.Assert(
            Model("[Part(typeof(Mixer)), Attention(4)]"),
            new Reported(
                "LRK0103",
                "'Second' carries both [Attention] and [Part]; give each its own property, in the order in which they run",
                "Second"
            )
        );

    [Theory]
    [InlineData("Layers = \"1..\"", "Layers", "a module has no blocks over which the part could range")]
    [InlineData("typeof(Mixer)", "module", "within a module the property's type says which class it is")]
    public void What_only_a_sublayer_can_say(string argument, string name, string reason)
    {
        var source = $$"""
            using LowRank;
            [Module] public partial class Mixer { {{Inner}} }
            [Module] public partial class Whole { [Part({{argument}})] public partial Mixer Mixer { get; } }
            """;
        Reported.Assert(source, new Reported("LRK0009", $"{name} of [Part] on 'Mixer' has no effect: {reason}; leave it out", argument));
    }

    [Fact]
    public void A_baseline_that_keeps_what_alone_is_factored() =>
        Assert.Contains(
            GeneratorRun
                .Of(
                    Declarations.Model(
                        attributes: "[DenseBaseline]",
                        members: "[Part(typeof(Mixer))] public partial Sublayer Second { get; }"
                    ) + $"\n[Module, LowRank(8)] public partial class Mixer : LowRank.Layers.ISequenceModule {{ {Inner} {Forward} }}"
                )
                .Notes.Select(Reported.Of),
            note =>
                note
                    is {
                        Id: "LRK0507",
                        Message: "[DenseBaseline] on 'Model' gives no FLOP-matched dense model: only modules of its own are factored, and the dense baseline keeps them as they are"
                    }
        );

    [Fact]
    public void A_negative_cost() =>
        Reported.Assert(
            $"using LowRank; [Module(OwnParameters = -3)] public partial class Mixer {{ {Inner} }}",
            new Reported("LRK0612", "OwnParameters of 'Mixer' is -3; it must be at least 0", "OwnParameters = -3")
        );

    [Fact]
    public void What_is_not_declared_is_said_in_the_hover()
    {
        var run = GeneratorRun.Of(Model("[Part(typeof(Mixer))]")).AssertClean();
        Assert.Contains(
            "Not declared by [Module] of Mixer and not counted: the FLOPs of its forward beside linear layers; the activations that autograd keeps.",
            run.File("Model.g"),
            StringComparison.Ordinal
        );
    }

    private static string Model(string attributes, string? mixer = null) =>
        Declarations.Model(members: $"{attributes} public partial Sublayer Second {{ get; }}")
        + "\n"
        + (mixer ?? $"[Module] public partial class Mixer : LowRank.Layers.ISequenceModule {{ {Inner} {Forward} }}");

    private static IEnumerable<string> Findings(string mixer) =>
        GeneratorRun.Of(Model("[Part(typeof(Mixer))]", mixer)).AssertClean().Findings.Select(finding => finding.Id);
}
