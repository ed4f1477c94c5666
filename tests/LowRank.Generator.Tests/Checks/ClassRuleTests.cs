using LowRank.Generator.Tests.Harness;
using Microsoft.CodeAnalysis;

namespace LowRank.Generator.Tests.Checks;

public sealed class ClassRuleTests
{
    private const string Body = """
        {
            /// <summary>Attends.</summary>
            [Attention(heads: 4)] public partial Sublayer Attention { get; }
        }
        """;

    private const string Transformer = "[Transformer(512, 64, 64, 4)]";

    [Fact]
    public void A_class_that_is_not_partial() =>
        Reported.AssertFindings(
            $"using LowRank; {Transformer} public class Model {{ [Attention(4)] public Sublayer Attention => null!; }}",
            new(
                "LRK0001",
                "'Model' carries [Transformer] but is not partial; write 'partial class Model' so that its other part can be generated",
                "Model"
            ),
            new(
                "LRK0101",
                "'Attention' carries [Attention] but is not a partial property without body; write 'public partial Sublayer Attention { get; }'",
                "Attention"
            )
        );

    [Fact]
    public void Containing_types_that_are_not_partial() =>
        Reported.AssertFindings(
            $"using LowRank; public class Outer {{ public class Inner {{ {Transformer} public partial class Model {Body} }} }}",
            new("LRK0002", "'Model' is nested in 'Outer', which is not partial; write 'partial' on 'Outer' too", "Model"),
            new("LRK0002", "'Model' is nested in 'Inner', which is not partial; write 'partial' on 'Inner' too", "Model")
        );

    [Theory]
    [InlineData("public partial class Model<T>", "generic")]
    [InlineData("public abstract partial class Model", "abstract")]
    [InlineData("public partial record Model", "a record")]
    [InlineData("public partial class Model(int size)", "declared with a primary constructor")]
    public void A_class_of_the_wrong_shape(string head, string why)
    {
        var run = Reported.Assert(
            $"using LowRank; {Transformer} {head} {Body}",
            new Reported("LRK0003", $"'Model' cannot be a model because it is {why}; declare the model as a plain partial class", "Model")
        );
        Assert.Contains("LRK0003", run.File("Model").ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("public required string Note { get; init; }")]
    [InlineData("public required string note;")]
    public void A_member_that_nobody_who_builds_it_by_name_could_set(string member) =>
        Reported.Assert(
            $"using LowRank; {Transformer} public partial class Model {Body} public partial class Model {{ {member} }}",
            new Reported(
                "LRK0003",
                "'Model' cannot be a model because it is declared with a required member; declare the model as a plain partial class",
                "Model"
            )
        );

    [Theory]
    [InlineData("public static partial class Model", "static")]
    [InlineData("file partial class Model", "file-local")]
    [InlineData("public partial struct Model", "not a class")]
    [InlineData("public partial record struct Model", "a record")]
    public void A_type_that_the_compiler_refuses_too(string head, string why) =>
        Reported.AssertFindings(
            $"using LowRank; {Transformer} {head} {Body}",
            new Reported("LRK0003", $"'Model' cannot be a model because it is {why}; declare the model as a plain partial class", "Model")
        );

    [Theory]
    [InlineData("public Model(int size) { }")]
    [InlineData("public Model() : base() { }")]
    public void A_constructor_that_leaves_the_generated_one_out(string constructor) =>
        Reported.AssertFindings(
            $"using LowRank; {Transformer} public partial class Model {Body} public partial class Model {{ {constructor} }}",
            new Reported(
                "LRK0003",
                "'Model' cannot be a model because it is declared with a constructor that does not begin with ': this(options)'; declare the model as a plain partial class",
                "Model"
            )
        );

    [Fact]
    public void A_constructor_that_calls_the_generated_one_is_welcome() =>
        GeneratorRun
            .Of(
                $$"""
                using LowRank;

                /// <summary>A model.</summary>
                {{Transformer}}
                public partial class Model {{Body}}

                public partial class Model
                {
                    /// <summary>Of a seed.</summary>
                    public Model(long seed) : this(new LowRank.Layers.ModelOptions { Seed = seed })
                    {
                    }
                }
                """
            )
            .AssertClean();

    [Fact]
    public void A_class_in_a_file_local_type() =>
        Reported.AssertFindings(
            $"using LowRank; file partial class Outer {{ {Transformer} public partial class Model {Body} }}",
            new Reported(
                "LRK0003",
                "'Model' cannot be a model because it is nested in a file-local type; declare the model as a plain partial class",
                "Model"
            )
        );

    [Fact]
    public void A_written_base_class_object() =>
        Reported.Assert(
            $"using LowRank; {Transformer} public partial class Model : object {Body}",
            new Reported(
                "LRK0004",
                "'Model' derives from 'object', but its generated part must derive from LowRank.Models.DeclaredTransformer; remove the base class",
                "Model"
            )
        );

    [Fact]
    public void A_class_in_a_generic_type() =>
        Reported.Assert(
            $"using LowRank; public partial class Outer<T> {{ {Transformer} public partial class Model {Body} }}",
            new Reported(
                "LRK0003",
                "'Model' cannot be a model because it is nested in 'Outer', which is generic; declare the model as a plain partial class",
                "Model"
            )
        );

    [Fact]
    public void A_base_class_of_the_users_own() =>
        Reported.Assert(
            $"using LowRank; public class Base; {Transformer} public partial class Model : Base {Body}",
            new Reported(
                "LRK0004",
                "'Model' derives from 'Base', but its generated part must derive from LowRank.Models.DeclaredTransformer; remove the base class",
                "Model"
            )
        );

    [Fact]
    public void Interfaces_are_welcome() =>
        GeneratorRun
            .Of(
                $"""
                using LowRank;
                /// <summary>Marks.</summary>
                public interface IMark;
                /// <summary>A model.</summary>
                {Transformer} public partial class Model : IMark {Body}
                """
            )
            .AssertClean();

    [Fact]
    public void A_model_without_sublayers() =>
        Reported.Assert(
            $"using LowRank; {Transformer} public partial class Model;",
            new Reported(
                "LRK0005",
                "'Model' declares no sublayer; add a partial property of type Sublayer with [Attention] or [FeedForward]",
                "Model"
            )
        );

    [Theory]
    [InlineData("public static int Cost => 1;", "Cost", "the accounting")]
    [InlineData("private int embedding;", "embedding", "the token embedding")]
    [InlineData("public class FeedForwardLayer;", "FeedForwardLayer", "the layer class of 'FeedForward'")]
    [InlineData("public class Dense;", "Dense", "the dense baseline")]
    [InlineData("public class FlopMatched;", "FlopMatched", "the FLOP-matched dense model")]
    [InlineData("private int rotary64;", "rotary64", "the rotary tables")]
    public void A_member_with_a_name_that_generated_code_needs(string member, string name, string need) =>
        Reported.Assert(
            Declarations.Model(attributes: "[DenseBaseline]", members: member),
            new Reported("LRK0006", $"'{name}' is a name that the generated part of 'Model' needs for {need}; rename it", name)
        );

    [Theory]
    [InlineData("Summary", "the accounting")]
    [InlineData("Options", "what its base class already has")]
    [InlineData("GetType", "what its base class already has")]
    [InlineData("ToString", "what its base class already has")]
    [InlineData("train", "what its base class already has")]
    [InlineData("state_dict", "what its base class already has")]
    [InlineData("Block", "the class of a block")]
    [InlineData("FeedForwardLayer", "the layer class of 'FeedForward'")]
    [InlineData("feedForward", "the parameters of 'FeedForward', which would have the same dotted names")]
    public void A_sublayer_with_a_name_that_generated_code_needs(string name, string need) =>
        Reported.Assert(
            Declarations.Model(members: $"[Attention(4)] public partial Sublayer {name} {{ get; }}"),
            new Reported("LRK0006", $"'{name}' is a name that the generated part of 'Model' needs for {need}; rename it", name)
        );

    [Fact]
    public void A_class_with_a_name_that_generated_code_needs() =>
        Reported.Assert(
            Declarations.Model().Replace("class Model", "class Block", StringComparison.Ordinal),
            new Reported(
                "LRK0006",
                "'Block' is a name that the generated part of 'Block' needs for the class of a block; rename it",
                "Block"
            )
        );

    [Fact]
    public void A_class_that_is_named_as_local_variables_are_declared() =>
        Reported.Assert(
            Declarations.Model().Replace("class Model", "class var", StringComparison.Ordinal),
            new Reported("LRK0006", "'var' is a name that the generated part of 'var' needs for its local variables; rename it", "var")
        );

    [Theory]
    [InlineData(
        "System",
        "[Transformer(512, 64, 64, 4)] public partial class System { [Attention(4)] public partial Sublayer A { get; } }"
    )]
    [InlineData(
        "TorchSharp",
        "[Transformer(512, 64, 64, 4)] public partial class TorchSharp { [Attention(4)] public partial Sublayer A { get; } }"
    )]
    [InlineData(
        "TorchSharp",
        "[Module] public partial class TorchSharp { [Linear(4, 4)] public partial LowRank.Layers.LinearLayer A { get; } }"
    )]
    [InlineData(
        "TorchSharp",
        "public partial class TorchSharp { [Transformer(512, 64, 64, 4)] public partial class Inner { [Attention(4)] public partial Sublayer A { get; } } }"
    )]
    public void A_class_that_hides_a_namespace(string name, string declaration)
    {
        var run = GeneratorRun.Of("using LowRank; " + declaration);
        var finding = Assert.Single(run.Findings);
        Assert.Equal("LRK0006", finding.Id);
        Assert.StartsWith($"'{name}' is a name that the generated part of '", finding.GetMessage(null), StringComparison.Ordinal);
        Assert.DoesNotContain(run.CompilerDiagnostics, diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
    }

    [Theory]
    [InlineData("Index")]
    [InlineData("Blocks")]
    [InlineData("Rotary")]
    [InlineData("nameof")]
    [InlineData("x")]
    [InlineData("cache")]
    public void A_sublayer_with_a_name_that_generated_code_does_without(string name) =>
        GeneratorRun
            .Of(Declarations.Model(members: $"/// <summary>Own.</summary>\n    [Attention(4)] public partial Sublayer {name} {{ get; }}"))
            .AssertClean();

    [Fact]
    public void A_constructor_with_the_generated_ones_parameters() =>
        Reported.AssertFindings(
            Declarations.Model(members: "public Model(LowRank.Layers.ModelOptions options) { }"),
            new Reported(
                "LRK0006",
                "'constructor(ModelOptions)' is a name that the generated part of 'Model' needs for building the model; rename it",
                "Model"
            )
        );
}
