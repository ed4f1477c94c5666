using LowRank.Ide.Tests.Workspaces;

namespace LowRank.Ide.Tests.Fixes;

/// <summary>Fixes of the form of a declaration.</summary>
public sealed class FormFixTests
{
    private const string Transformer = "[Transformer(512, 64, 64, 4)]";

    private const string Body = "{ [Attention(4)] public partial Sublayer Attention { get; } }";

    [Theory]
    [InlineData(
        "LRK0001",
        "Make the class partial",
        $"{Transformer} public class Model {{ [Attention(4)] public partial Sublayer Attention {{ get; }} }}",
        "public partial class Model"
    )]
    [InlineData(
        "LRK0002",
        "Make the class and the types around it partial",
        $"public class Outer {{ struct Inner {{ {Transformer} public partial class Model {Body} }} }}",
        "public partial class Outer { partial struct Inner {"
    )]
    [InlineData("LRK0003", "Remove 'static'", $"{Transformer} public static partial class Model {Body}", "public partial class Model")]
    [InlineData("LRK0003", "Remove 'abstract'", $"{Transformer} public abstract partial class Model {Body}", "public partial class Model")]
    [InlineData("LRK0003", "Remove 'file'", $"{Transformer} file partial class Model {Body}", "] partial class Model")]
    [InlineData("LRK0003", "Make the record a class", $"{Transformer} public partial record Model {Body}", "public partial class Model")]
    [InlineData(
        "LRK0004",
        "Remove the base class 'System.Exception'",
        $"{Transformer} public partial class Model : System.Exception {Body}",
        "partial class Model {"
    )]
    [InlineData(
        "LRK0004",
        "Remove the base class 'System.Exception'",
        $"interface IOwn; {Transformer} public partial class Model : System.Exception, IOwn {Body}",
        "partial class Model : IOwn {"
    )]
    public async Task Of_the_class(string id, string title, string source, string expected) =>
        Assert.Contains(expected, await AppliedFix.AssertAsync(id, title, "using LowRank; " + source), StringComparison.Ordinal);

    [Theory]
    [InlineData("LRK0101", "public Sublayer Second { get; } = null!;")]
    [InlineData("LRK0101", "public Sublayer Second => null!;")]
    [InlineData("LRK0101", "public partial Sublayer Second { get; }\n    public partial Sublayer Second => null!;")]
    [InlineData("LRK0102", "public partial int Second { get; }")]
    [InlineData("LRK0102", "public partial Sublayer? Second { get; }")]
    [InlineData("LRK0102", "public static partial Sublayer Second { get; }")]
    [InlineData("LRK0102", "public partial Sublayer Second { get; private set; }")]
    public async Task Of_a_property(string id, string property)
    {
        const string title = "Declare as 'public partial Sublayer Second { get; }'";
        var fixedText = await AppliedFix.AssertAsync(id, title, Source.Model(members: "[Attention(4)] " + property));
        Assert.Contains("[Attention(4)] public partial Sublayer Second { get; }\n", fixedText, StringComparison.Ordinal);
        Assert.DoesNotContain("null", fixedText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_a_class_and_its_property_at_once() =>
        Assert.Contains(
            "public partial class Model { [Attention(4)] public partial Sublayer Attention { get; } }",
            await AppliedFix.AssertAsync(
                "LRK0101",
                "Declare as 'public partial Sublayer Attention { get; }'",
                $"using LowRank; {Transformer} public class Model {{ [Attention(4)] public Sublayer Attention => null!; }}"
            ),
            StringComparison.Ordinal
        );

    [Fact]
    public async Task Of_all_properties_at_once() =>
        Assert.Contains(
            "[Attention(4)] public partial Sublayer Second { get; }\n\n    [Attention(4)] public partial Sublayer Third { get; }",
            await AppliedFix.AssertAllAsync(
                "LRK0102",
                "Declare as 'public partial Sublayer Second { get; }'",
                Source.Model(
                    members: "[Attention(4)] public partial Sublayer? Second { get; }\n\n    [Attention(4)] public partial Sublayer Third { get; init; }"
                )
            ),
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("{\n}")]
    [InlineData(";")]
    public async Task Of_a_model_without_sublayers(string body)
    {
        var fixedText = await AppliedFix.AssertAsync(
            "LRK0005",
            "Add an attention and a feed-forward sublayer",
            $"using LowRank;\n{Transformer}\npublic partial class Model{body}"
        );
        Assert.Contains(
            "\n{\n    [Attention(heads: 1)]\n    public partial Sublayer Attention { get; }\n\n    [FeedForward(hidden: 256)]",
            fixedText.Replace("Model{", "Model\n{", StringComparison.Ordinal),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("Attention(heads: 1)")]
    [InlineData("FeedForward(hidden: 256)")]
    public async Task Of_a_sublayer_without_a_kind(string attribute) =>
        Assert.Contains(
            $"    [{attribute}]\n    public partial Sublayer Second",
            await AppliedFix.AssertAsync("LRK0104", $"Add [{attribute}]", Source.Model(members: "public partial Sublayer Second { get; }")),
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("[Attention(4)] public partial Sublayer Block { get; }", "OwnBlock", "partial Sublayer OwnBlock")]
    [InlineData("private int Hidden() => Hidden();", "OwnHidden", "private int OwnHidden() => OwnHidden();")]
    [InlineData("private readonly int head = 1; private int Head() => head;", "OwnHead", "int OwnHead = 1; private int Head() => OwnHead;")]
    public async Task Of_a_name_that_is_taken(string member, string name, string expected) =>
        Assert.Contains(
            expected,
            await AppliedFix.AssertAsync("LRK0006", $"Rename to '{name}'", Source.Model(members: member)),
            StringComparison.Ordinal
        );
}
