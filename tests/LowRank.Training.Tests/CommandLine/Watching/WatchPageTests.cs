using LowRank.Training.CommandLine.Commands;
using LowRank.Training.CommandLine.Watching;
using LowRank.Training.Reporting.Pages;

namespace LowRank.Training.Tests.CommandLine.Watching;

public sealed class WatchPageTests
{
    private static readonly Save First = new(new DateTime(2026, 1, 2, 3, 4, 5), ["Model.cs"]);
    private static readonly Save Second = new(new DateTime(2026, 1, 2, 3, 5, 6), ["Model.cs", "B.cs", "C.cs", "D.cs"]);

    [Fact]
    public void Only_what_is_another_is_marked_with_what_it_was()
    {
        var before = Described.Model("Small", "80").Tables[2];
        var now = Described.Model("Small", "80", false, ["Head", "–", "5"]).Tables[2];
        now.Rows[1] = ["Feed", "1–4", "20"];
        var rows = TableChanges.Mark(now, before, isCompared: true);
        Assert.Equal([PageMark.None, PageMark.None, PageMark.New], rows.Select(row => row.Mark));
        Assert.All(rows[0].Cells, cell => Assert.Equal(PageMark.None, cell.Mark));
        Assert.Equal([new PageCell("Feed"), new PageCell("1–4", "was 1–3", PageMark.Changed), new PageCell("20")], rows[1].Cells);
        Assert.Equal(2, TableChanges.Count(rows));

        var gone = TableChanges.Mark(before, now, isCompared: true)[^1];
        Assert.Equal((PageMark.Gone, "Head"), (gone.Mark, gone.Cells[0].Text));
        Assert.Equal(0, TableChanges.Count(TableChanges.Mark(now, null, isCompared: false)));
    }

    [Fact]
    public void Columns_are_found_again_by_their_headings()
    {
        var before = DescriptionTable.New("T", "part", "a", "b");
        before.Add("x", "1", "2");
        var now = DescriptionTable.New("T", "part", "new", "b");
        now.Add("x", "9", "2");
        Assert.All(Assert.Single(TableChanges.Mark(now, before, isCompared: true)).Cells, cell => Assert.Equal(PageMark.None, cell.Mark));
    }

    [Fact]
    public void A_save_is_told_with_its_time_and_its_changes_are_marked()
    {
        var state = Built(new WatchState(Described.Models(Described.Model("Small", "80"))), First, Described.Model("Small", "90"));
        var page = Render(state);
        Assert.Contains("data-status=\"Model.cs saved at 03:04:05: 2 changes.\"", page, StringComparison.Ordinal);
        Assert.Contains("<td class=\"changed\"><span>90</span><small>was 80</small></td>", page, StringComparison.Ordinal);
        Assert.Equal(3, page.Split("class=\"changed\"").Length);
        Assert.DoesNotContain("Not built", page, StringComparison.Ordinal);

        // Saved once more as it is: the marks stay, and say of when they are.
        state = Built(state, Second, Described.Model("Small", "90"));
        Assert.Equal(page.Split("class=\"changed\"").Length, Render(state).Split("class=\"changed\"").Length);
        Assert.Equal(
            "Model.cs, B.cs, C.cs and 1 more saved at 03:05:06: no figure changed; marked is what changed at 03:04:05.",
            WatchWords.Status(state, 2)
        );
    }

    [Fact]
    public void While_it_is_built_that_is_said()
    {
        var state = new WatchState(Described.Models(Described.Model("Small", "80"))).Building(null);
        Assert.Contains("data-status=\"Building what is saved …\" data-kind=\"building\"", Render(state), StringComparison.Ordinal);
        Assert.Contains("data-status=\"Model.cs saved at 03:04:05: building …\"", Render(state.Building(First)), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_over_budget_stands_first_and_in_the_title()
    {
        var state = Built(
            new WatchState(Described.Models(Described.Model("Small", "80"))),
            First,
            Described.Model("Small", "120", isOver: true)
        );
        var page = Render(state);
        Assert.Contains("data-title=\"Small – over budget\"", page, StringComparison.Ordinal);
        Assert.Contains("<p class=\"over\">Over budget: Parameters 120, 90.0 % of the limit of 100.</p>", page, StringComparison.Ordinal);
        Assert.Contains("<tr class=\"over\"><th", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_failed_build_keeps_the_figures_marked_as_stale_and_shows_the_errors()
    {
        var state = Built(new WatchState(Described.Models(Described.Model("Small", "80"))), First, Described.Model("Small", "90"));
        state = state
            .Building(Second)
            .Built(
                BuildResult.Failed([
                    new("Model.cs", 12, "LRK0202", "Width <128>", "https://example.org/LRK0202.md"),
                    new("B.cs", 1, "X1", "No", "javascript:alert(1)"),
                    BuildError.Of("All is lost."),
                ])
            );
        var page = Render(state);
        Assert.Contains("saved at 03:05:06: not built. The figures are those of 03:04:05.\"", page, StringComparison.Ordinal);
        Assert.Contains("<div class=\"stale\">", page, StringComparison.Ordinal);
        Assert.Contains("<span>90</span>", page, StringComparison.Ordinal);
        Assert.Contains("<code>Model.cs:12</code>", page, StringComparison.Ordinal);
        Assert.Contains(
            "<a href=\"https://example.org/LRK0202.md\" rel=\"noreferrer\" target=\"_blank\">LRK0202</a>\n<span>Width &lt;128&gt;</span>",
            page,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("javascript:", page, StringComparison.Ordinal);
        Assert.EndsWith(
            "  Model.cs:12: LRK0202: Width <128>\n  B.cs:1: X1: No\n  All is lost.",
            WatchWords.Said(state).ReplaceLineEndings("\n"),
            StringComparison.Ordinal
        );

        // Mended as it was before: nothing is marked anew, and nothing is stale.
        page = Render(Built(state, Second, Described.Model("Small", "90")));
        Assert.DoesNotContain("stale", page, StringComparison.Ordinal);
        Assert.Contains("no figure changed", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_several_models_those_are_open_that_have_something_to_be_seen()
    {
        var state = new WatchState(Described.Models(Described.Model("A", "1"), Described.Model("B", "1"), Described.Model("Gone", "1")));
        state = Built(state, First, Described.Model("A", "1"), Described.Model("B", "2"));
        var page = Render(state);
        Assert.Contains("data-title=\"App\"", page, StringComparison.Ordinal);
        Assert.Contains("<details id=\"model-A\" class=\"model\"><summary>", page, StringComparison.Ordinal);
        Assert.Contains("<details id=\"model-B\" class=\"model\" open><summary>", page, StringComparison.Ordinal);
        Assert.Contains("<span class=\"changed\">2 changes</span>", page, StringComparison.Ordinal);
        Assert.Contains("<p class=\"gone\">Gone is no longer declared.</p>", page, StringComparison.Ordinal);
        Assert.Contains("declares no model", Render(new WatchState(Described.Models())), StringComparison.Ordinal);
    }

    [Fact]
    public void The_page_needs_nothing_but_itself_and_escapes_what_it_is_given()
    {
        var page = WatchPage.Document(Render(new WatchState(Described.Models(Described.Model("Small", "<script>x</script>")))), "n0nce");
        Assert.Equal(2, page.Split("<script").Length);
        Assert.Contains("A &quot;model&quot; &amp; &lt;more&gt;", page, StringComparison.Ordinal);
        Assert.Contains("context &lt;16&gt;", page, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;x&lt;/script&gt;", page, StringComparison.Ordinal);
        Assert.Equal(["href=\"data:,", "src=\"data:image/svg+xml;base64,"], Loaded(page));
        Assert.DoesNotContain(" style=", page, StringComparison.Ordinal);
        Assert.DoesNotContain("http", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_table_has_a_title_and_headings_of_its_own_and_comes_through_a_file()
    {
        using var folder = new TemporaryFolder();
        ModelCatalog.Register(PaperModel.Entry);
        ModelCatalog.Register(PaperModel.WithFactorOptions);
        foreach (var model in new[] { "PaperXl", "FactorOptions" })
        {
            var file = folder.Under(model);
            var (code, output, error) = await App.Run(["describe-into", file, model, "--flops-per-second", "1e15", "--memory", "8GiB"]);
            Assert.Equal((0, "", ""), (code, output, error));
            var read = ModelDescriptions.Read(file);
            var described = Assert.Single(read.Models);
            Assert.Equal(model, described.Name);
            Assert.StartsWith("<svg ", described.Diagram, StringComparison.Ordinal);
            Assert.Distinct(described.Tables.Select(table => table.Title));
            Assert.All(
                described.Tables,
                table =>
                {
                    Assert.Distinct(table.Columns);
                    Assert.All(table.Rows, row => Assert.Equal(table.Columns.Count, row.Length));
                }
            );
            Assert.Contains(described.Tables, table => table.Title == "Training time");
            Assert.True(read.Says(ModelDescriptions.Read(file)));
        }
    }

    private static WatchState Built(WatchState state, Save save, params ModelDescription[] models) =>
        state.Building(save).Built(BuildResult.Of(Described.Models(models)));

    private static string Render(WatchState state) => WatchPage.Render(state, "App");

    private static IEnumerable<string> Loaded(string page) =>
        new[] { "href=\"", "src=\"", "srcset=\"", "url(" }.SelectMany(attribute =>
            page.Split(attribute).Skip(1).Select(rest => attribute + rest[..(rest.IndexOfAny([',', '"']) + 1)])
        );
}
