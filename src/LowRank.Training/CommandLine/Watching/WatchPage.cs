using LowRank.Training.Reporting.Pages;

namespace LowRank.Training.CommandLine.Watching;

/// <summary>The page of a watch: what is live of it is written here at each change, and put into the page by its script.</summary>
internal static class WatchPage
{
    private const string Live = "live";
    private const string Status = "status";

    // What the reader has opened or closed stays so.
    private const string Script = $$"""
        {
          const live = document.getElementById('{{Live}}'), status = document.getElementById('{{Status}}');
          const tell = (text, kind) => { status.textContent = text; status.className = kind; };
          const read = () => { const now = live.firstElementChild.dataset; document.title = now.title; tell(now.status, now.kind); };
          const chosen = new Map();
          live.addEventListener('click', event => {
            const part = event.target.closest('summary')?.parentElement;
            if (part) chosen.set(part.id, !part.open);
          });
          const source = new EventSource('events');
          source.onmessage = event => {
            live.innerHTML = event.data;
            for (const part of live.querySelectorAll('details')) if (chosen.has(part.id)) part.open = chosen.get(part.id);
            read();
          };
          source.onerror = () => tell('The program that served this page has ended, or does not answer. The figures are the last ones.', 'failed');
          read();
        }
        """;

    /// <summary>The whole document.</summary>
    /// <param name="live">What <see cref="Render"/> wrote.</param>
    /// <param name="nonce">By which the browser knows script and style of this page from any other.</param>
    public static string Document(string live, string nonce)
    {
        var body = new HtmlBody();
        body.Open("p", ("id", Status), ("role", "status"));
        body.Close("p");
        return "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
            + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><link rel=\"icon\" href=\"data:,\">"
            + $"<title>describe</title>\n<style nonce=\"{nonce}\">\n{PageStyle.Text}\n{PageStyle.Live}\n</style></head>\n"
            + $"<body>\n{body}<main id=\"{Live}\">{live}</main>\n<script nonce=\"{nonce}\">\n{Script}\n</script></body></html>\n";
    }

    /// <summary>What is live.</summary>
    /// <param name="state">What it shows.</param>
    /// <param name="project">The project's name.</param>
    public static string Render(WatchState state, string project)
    {
        var models = state.Models.Models.Select(model => new ComparedModel(model, state)).ToList();
        var isOver = models.Exists(model => model.Over.Count > 0);
        var title = models is [var only] ? only.Model.Name : project;
        var body = new HtmlBody { MostColumnsOfNarrowTables = 3 };
        body.Open(
            "div",
            ("data-title", $"{title}{(state.Errors.Count > 0 ? " – build failed" : isOver ? " – over budget" : "")}"),
            ("data-status", WatchWords.Status(state, models.Sum(model => model.Changes))),
            (
                "data-kind",
                state.IsBuilding ? "building"
                : state.Errors.Count > 0 ? "failed"
                : "done"
            )
        );
        body.Title(title);
        Errors(body, state);
        if (models.Count == 0)
            body.Paragraph("This program declares no model; add a partial class with [Transformer].");
        body.Open("div", ("class", state.Errors.Count > 0 ? "stale" : "fresh"));
        foreach (var model in models)
            Model(body, model, isAlone: models.Count == 1);
        foreach (var gone in WatchWords.Gone(state))
            body.Element("p", $"{gone} is no longer declared.", "gone");
        body.Close("div");
        body.Close("div");
        return body.ToString();
    }

    private static void Errors(HtmlBody body, WatchState state)
    {
        if (state.Errors.Count == 0)
            return;
        body.Open("section", ("class", "errors"), ("aria-label", "Errors"));
        body.Heading("Not built");
        body.Paragraph($"The figures below are stale, {WatchWords.Since(state)}.");
        body.Open("ul");
        foreach (var error in state.Errors)
        {
            body.Open("li");
            if (error.Place is { } place)
                body.Element("code", place);
            if (error.Code is { } code)
                body.Link(error.Help ?? "", code);
            body.Element("span", error.Text);
            body.Close("li");
        }

        body.Close("ul");
        body.Close("section");
    }

    private static void Model(HtmlBody body, ComparedModel compared, bool isAlone)
    {
        var model = compared.Model;
        if (!isAlone)
        {
            (string, string)[] open = compared.IsToBeSeen ? [("open", "")] : [];
            body.Open("details", [("id", $"model-{model.Name}"), ("class", "model"), .. open]);
            body.Open("summary");
            body.Element("strong", model.Name);
            if (compared.Changes > 0)
                body.Element("span", WatchWords.Changes(compared.Changes), "changed");
            if (compared.Over.Count > 0)
                body.Element("span", "over budget", "over");
            body.Close("summary");
        }

        if (model.Summary.Length > 0)
            body.Paragraph(model.Summary, quiet: true);
        foreach (var line in compared.Over)
            body.Element("p", $"Over budget: {line}", "over");
        foreach (var (table, rows) in compared.Tables)
        {
            body.Subheading(table.Title);
            body.Table(table.Caption ?? "", table.Columns, rows, table.TextColumn);
        }

        foreach (var title in compared.GoneTables)
            body.Element("p", $"{title}: no longer there.", "gone");
        if (model.Diagram is { } diagram)
        {
            body.Subheading("Diagram");
            body.Drawing($"The parts of {model.Name} from tokens to logits", diagram);
        }

        if (!isAlone)
            body.Close("details");
    }
}
