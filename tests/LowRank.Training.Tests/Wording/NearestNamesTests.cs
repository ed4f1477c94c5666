using LowRank.Training.CommandLine;
using LowRank.Training.Wording;

namespace LowRank.Training.Tests.Wording;

public sealed class NearestNamesTests
{
    private static readonly string[] Names = ["PaperXs", "PaperS", "PaperM", "PaperXl", "Tiny"];

    [Theory]
    [InlineData("paperxs", "PaperXs, PaperS, PaperXl")]
    [InlineData("Tyni", "Tiny")]
    [InlineData("Quantum", "")]
    public void The_nearest_come_first(string typed, string expected) =>
        Assert.Equal(expected, string.Join(", ", NearestNames.Of(typed, Names)));

    [Fact]
    public void Arguments_are_quoted_for_a_shell()
    {
        Assert.Equal("runs/a-1", ShellText.Quote("runs/a-1"));
        Assert.Equal(OperatingSystem.IsWindows() ? "\"a b\"" : "'a b'", ShellText.Quote("a b"));
        Assert.Equal(OperatingSystem.IsWindows() ? "\"\"" : "''", ShellText.Quote(""));
        if (!OperatingSystem.IsWindows())
            Assert.Equal("'it'\\''s $HOME'", ShellText.Quote("it's $HOME"));
    }
}
