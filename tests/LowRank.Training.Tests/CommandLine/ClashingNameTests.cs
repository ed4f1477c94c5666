using System.Text.Json;
using LowRank.Training.CommandLine;

namespace LowRank.Training.Tests.CommandLine;

/// <summary>Models whose names clash, and those that nothing can build.</summary>
public sealed class ClashingNameTests
{
    public ClashingNameTests()
    {
        Register("Twin", "One.Twin", "First");
        Register("Twin", "Other.Twin", "First");
        Register("Twice", "Papers.Twice", "First");
        Register("Twice", "Papers.Twice", "Second");
        Register("Bare", "Bare", "First");
        Register("Bare", "Space.Bare", "First");
        ModelCatalog.RegisterHidden("Outer.Secret", "First", "Outer.Secret is private");
    }

    [Theory]
    [InlineData("Twin", "One.Twin or Other.Twin")]
    [InlineData("twin", "One.Twin or Other.Twin")]
    [InlineData("Papers.Twice", "'Papers.Twice, First' or 'Papers.Twice, Second'")]
    [InlineData("Bare", "global::Bare or Space.Bare")]
    public async Task The_short_name_is_refused_with_both_full_ones(string name, string both)
    {
        var (code, output, error) = await App.Run(["describe", name]);
        Assert.Equal((ExitCode.WrongInput, ""), (code, output));
        Assert.Equal($"'{name}' is the name of several models; say which one: {both}.", error.TrimEnd());
    }

    [Theory]
    [InlineData("Other.Twin", "Other.Twin", "First")]
    [InlineData("other.twin", "Other.Twin", "First")]
    [InlineData("Papers.Twice, Second", "Papers.Twice", "Second")]
    [InlineData("Twice,Second", "Papers.Twice", "Second")]
    [InlineData("global::Bare", "Bare", "First")]
    [InlineData("Space.Bare", "Space.Bare", "First")]
    public async Task A_name_that_is_meant_for_one_finds_it(string name, string fullName, string assembly)
    {
        var (code, output, error) = await App.Run(["describe", name, "--json"]);
        Assert.Equal((0, ""), (code, error));
        using var document = JsonDocument.Parse(output);
        Assert.Equal(fullName, document.RootElement.GetProperty("fullName").GetString());
        Assert.Equal(assembly, document.RootElement.GetProperty("assembly").GetString());
    }

    [Fact]
    public async Task The_list_shows_names_that_can_be_typed_and_tells_of_private_models()
    {
        var (code, output, _) = await App.Run(["list"]);
        Assert.Equal(0, code);
        Assert.All(
            ["One.Twin", "Other.Twin", "Papers.Twice, First", "Papers.Twice, Second", "global::Bare"],
            name => Assert.Contains($"│ {name} ", output, StringComparison.Ordinal)
        );
        Assert.Contains(
            "Not listed: Outer.Secret, since Outer.Secret is private; make it internal or public.",
            output,
            StringComparison.Ordinal
        );
        (_, output, _) = await App.Run(["list", "--json"]);
        using var document = JsonDocument.Parse(output);
        Assert.Contains(
            document.RootElement.GetProperty("hidden").EnumerateArray(),
            hidden => hidden.GetProperty("reason").GetString() == "Outer.Secret is private"
        );
    }

    [Theory]
    [InlineData("Secret")]
    [InlineData("Outer.Secret")]
    public async Task A_private_model_is_refused_with_the_reason(string name)
    {
        var (code, _, error) = await App.Run(["describe", name]);
        Assert.Equal(ExitCode.WrongInput, code);
        Assert.Equal(
            "The model Outer.Secret is declared, but can't be built from outside of its class: Outer.Secret is private. Make it internal or public.",
            error.TrimEnd()
        );
    }

    private static void Register(string name, string fullName, string assembly) =>
        ModelCatalog.Register(PaperModel.WithoutRun with { Name = name, FullName = fullName, Assembly = assembly });
}
