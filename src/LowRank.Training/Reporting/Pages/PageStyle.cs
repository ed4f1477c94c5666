namespace LowRank.Training.Reporting.Pages;

/// <summary>How pages look: light or dark as the reader's system is, on wide and on narrow screens.</summary>
internal static class PageStyle
{
    /// <summary>The screens on which wide tables become lists.</summary>
    public const string NarrowScreen = "(max-width: 44rem)";

    /// <summary>The style sheet.</summary>
    public const string Text = $$"""
        :root { color-scheme: light dark; --page: #ffffff; --card: #f6f8fa; --text: #1f2328; --quiet: #57606a; --line: #d0d7de; }
        @media (prefers-color-scheme: dark) { :root { --page: #0d1117; --card: #161b22; --text: #e6edf3; --quiet: #9198a1; --line: #30363d; } }
        body { background: var(--page); color: var(--text); font: 16px/1.5 system-ui, sans-serif; max-width: 75rem; margin: 2rem auto; padding: 0 1rem; }
        h1 { font-size: 1.7rem; line-height: 1.25; margin-bottom: .2rem; } h2 { font-size: 1.2rem; margin-top: 2.2rem; }
        h1, h2, p, figcaption { overflow-wrap: break-word; } p, figure, pre { max-width: 60rem; }
        p.quiet, p.caption, figcaption { color: var(--quiet); } p.caption { margin-bottom: .4rem; }
        .scroll { overflow-x: auto; }
        table { border-collapse: collapse; min-width: min(100%, 40rem); font-variant-numeric: tabular-nums; }
        th, td { border-bottom: 1px solid var(--line); padding: .35rem .6rem; text-align: right; vertical-align: top; }
        thead th { border-bottom-width: 2px; vertical-align: bottom; } tbody th { font-weight: normal; }
        th:first-child, td:first-child { text-align: left; padding-left: 0; } th:last-child, td:last-child { padding-right: 0; } td span, tbody th span { white-space: nowrap; }
        td.text { text-align: left; } td.text span { white-space: normal; }
        small { display: block; color: var(--quiet); font-size: .8rem; }
        figure { margin: 1rem 0; } figure img { width: 100%; height: auto; border: 1px solid var(--line); border-radius: 6px; }
        pre { background: var(--card); border: 1px solid var(--line); border-radius: 6px; padding: .7rem; white-space: pre-wrap; overflow-wrap: anywhere; }
        @media {{NarrowScreen}} {
          body { margin: 1rem auto; } h1 { font-size: 1.4rem; }
          th, td { padding: .3rem .3rem; } td span, tbody th span { white-space: normal; }
          table { width: 100%; min-width: 0; font-size: .875rem; }
          table.wide, .wide tbody, .wide tr, .wide th, .wide td { display: block; } .wide thead { display: none; }
          .wide tr { padding: .5rem 0; border-bottom: 2px solid var(--line); } .wide th, .wide td { border: 0; padding: .1rem 0; }
          .wide tbody th { font-weight: 600; } .wide td { display: grid; grid-template-columns: 1fr auto; column-gap: 1rem; } .wide td.none { display: none; }
          .wide td::before { content: attr(data-label); color: var(--quiet); text-align: left; grid-row: span 2; }
        }
        """;
}
