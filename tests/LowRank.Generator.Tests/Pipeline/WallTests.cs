using NetArchTest.Rules;

namespace LowRank.Generator.Tests.Pipeline;

/// <summary>The walls between the generator's rooms.</summary>
public sealed class WallTests
{
    private const string Root = "LowRank.Generator.";

    private static readonly string[] Symbols =
    [
        "Microsoft.CodeAnalysis.ISymbol",
        "Microsoft.CodeAnalysis.INamedTypeSymbol",
        "Microsoft.CodeAnalysis.IPropertySymbol",
        "Microsoft.CodeAnalysis.ITypeSymbol",
        "Microsoft.CodeAnalysis.AttributeData",
        "Microsoft.CodeAnalysis.SyntaxNode",
        "Microsoft.CodeAnalysis.SyntaxTree",
        "Microsoft.CodeAnalysis.Location",
        "Microsoft.CodeAnalysis.Compilation",
        "Microsoft.CodeAnalysis.SemanticModel",
        "Microsoft.CodeAnalysis.CSharp.Syntax",
    ];

    [Theory]
    [InlineData("Model")]
    [InlineData("Shapes")]
    [InlineData("Costs")]
    public void Model_shapes_and_costs_know_nothing_of_the_compiler(string room) => AssertNone(room, ["Microsoft.CodeAnalysis"]);

    [Theory]
    [InlineData("Checks")]
    [InlineData("Emission")]
    [InlineData("Diagnostics")]
    public void Only_parser_and_analyzers_see_symbols(string room) => AssertNone(room, Symbols);

    [Theory]
    [InlineData("Model", "Shapes", "Costs", "Checks", "Emission", "Parsing", "Analyzers", "Diagnostics")]
    [InlineData("Shapes", "Costs", "Checks", "Emission", "Parsing", "Analyzers", "Diagnostics")]
    [InlineData("Costs", "Checks", "Emission", "Parsing", "Analyzers", "Diagnostics")]
    [InlineData("Checks", "Emission", "Parsing", "Analyzers")]
    [InlineData("Checks.Transformers", "Checks.Modules")]
    [InlineData("Checks.Modules", "Checks.Transformers")]
    // The emitter prints what others have computed.
    [InlineData("Emission", "Shapes", "Parsing", "Analyzers", "Diagnostics")]
    [InlineData("Diagnostics", "Model", "Shapes", "Costs", "Checks", "Emission", "Parsing", "Analyzers")]
    public void Rooms_look_in_one_direction(string room, params string[] others) =>
        AssertNone(room, [.. others.Select(other => Root + other)]);

    [Fact]
    public void The_parser_does_see_symbols() =>
        Assert.NotEmpty(
            Types
                .InAssembly(typeof(LowRankGenerator).Assembly)
                .That()
                .ResideInNamespace(Root + "Parsing")
                .And()
                .HaveDependencyOnAny(Symbols)
                .GetTypes()
        );

    private static void AssertNone(string room, string[] dependencies)
    {
        var types = Types.InAssembly(typeof(LowRankGenerator).Assembly).That().ResideInNamespace(Root + room);
        Assert.NotEmpty(types.GetTypes());
        var result = types.ShouldNot().HaveDependencyOnAny(dependencies).GetResult();
        Assert.True(result.IsSuccessful, string.Join(", ", result.FailingTypeNames ?? []));
    }
}
