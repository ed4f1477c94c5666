namespace LowRank.Package.Tests.Editors;

/// <summary>
/// The open-source language server <c>csharp-ls</c>, over its standard streams, as Emacs, Neovim, Helix and others start it. It is
/// installed from NuGet; where that can't be had, the test is skipped.
/// </summary>
public sealed class LanguageServerTests(PackedFeed feed)
{
    [Fact]
    public async Task A_language_server_shows_rules_notes_hover_and_generated_code()
    {
        var cancellation = TestContext.Current.CancellationToken;
        if (LanguageServer.Install(feed) is not { } program)
        {
            Assert.Skip($"csharp-ls {LanguageServer.Version} can't be installed from NuGet.");
            return;
        }

        var project = EditedProject.Create(feed, "InAnEditor");
        project.Dotnet("restore").AssertSuccess();
        await using var server = await LanguageServer.StartAsync(program, project.Folder, feed.Variables);
        var document = await server.OpenAsync(EditedProject.File, EditedProject.Source);

        var diagnostics = (await server.DiagnosticsAsync(document, cancellation))
            .Select(item =>
                (
                    Code: item.GetProperty("code").GetString(),
                    Severity: item.GetProperty("severity").GetInt32(),
                    Line: item.GetProperty("range").GetProperty("start").GetProperty("line").GetInt32()
                )
            )
            .ToList();
        Assert.Contains(("LRK0202", LanguageServer.Error, LineOf("heads: 7")), diagnostics);
        Assert.Contains(("LRK0321", LanguageServer.Information, LineOf("rank: 20")), diagnostics);
        Assert.Contains(("LRK0510", LanguageServer.Information, LineOf("class Reader")), diagnostics);

        var hover = await server.AskAsync(
            "textDocument/hover",
            new { textDocument = document, position = PositionOf("class Reader", "class ".Length) }
        );
        var text = hover.GetProperty("contents").GetProperty("value").GetString();
        Assert.Contains("Reads a text.", text, StringComparison.Ordinal);
        Assert.Contains("parameters", text, StringComparison.Ordinal);

        var definition = await server.AskAsync(
            "textDocument/definition",
            new { textDocument = document, position = PositionOf("Reader.Cost.Parameters", "Reader.Cost.".Length) }
        );
        Assert.EndsWith(
            "Edited.Reader-cost.g.cs",
            Assert.Single(definition.EnumerateArray()).GetProperty("uri").GetString(),
            StringComparison.Ordinal
        );
    }

    private static int LineOf(string text) =>
        Array.FindIndex(EditedProject.Source.Split('\n'), line => line.Contains(text, StringComparison.Ordinal));

    private static object PositionOf(string text, int offset)
    {
        var line = LineOf(text);
        return new { line, character = EditedProject.Source.Split('\n')[line].IndexOf(text, StringComparison.Ordinal) + offset + 1 };
    }
}
