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
        td.text, thead th.text { text-align: left; } td.text span { white-space: normal; }
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

    /// <summary>What a page that follows changes has beside it: how they are marked, and that figures are not the newest.</summary>
    public const string Live = $$"""
        :root { --changed: #fff8c5; --failed: #cf222e; --added: #dafbe1; }
        @media (prefers-color-scheme: dark) { :root { --changed: #3b3108; --failed: #ff7b72; --added: #12351f; } }
        h3 { font-size: 1rem; margin: 1.8rem 0 0; } p.caption:empty { display: none; }
        #status { position: sticky; top: 0; z-index: 1; margin: 0; padding: .5rem 0; max-width: none; background: var(--page); border-bottom: 1px solid var(--line); }
        #status.building { color: var(--quiet); } #status.failed, .over { color: var(--failed); }
        p.over, td.over, tr.over > * { font-weight: 600; }
        @media not all and {{NarrowScreen}} { th:first-child, td:first-child { padding-left: .4rem; } th:last-child, td:last-child { padding-right: .4rem; } }
        td.changed, th.changed { background: var(--changed); } tr.new > * { background: var(--added); }
        summary span { border-radius: 6px; padding: .1rem .4rem; margin-left: .6rem; font-size: .875rem; border: 1px solid; } summary span.changed { background: var(--changed); border-color: var(--line); }
        tr.gone > *, p.gone { color: var(--quiet); text-decoration: line-through; }
        .errors { border: 1px solid var(--failed); border-radius: 6px; padding: .2rem 1rem .8rem; margin: 1rem 0; overflow-wrap: anywhere; }
        .errors h2 { margin: .5rem 0; color: var(--failed); } .errors ul { margin: 0; padding-left: 1.2rem; } .errors code { margin-right: .6rem; }
        .stale { opacity: .55; } .errors a { color: inherit; margin-right: .6rem; }
        details.model { border-top: 1px solid var(--line); padding: .6rem 0; } summary { cursor: pointer; overflow-wrap: anywhere; }
        figure.drawing img { width: auto; max-width: 100%; border: 0; }
        """;
}
