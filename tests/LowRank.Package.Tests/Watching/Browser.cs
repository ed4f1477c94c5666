using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace LowRank.Package.Tests.Watching;

/// <summary>A page in a browser of this machine, as narrow as that of a phone.</summary>
internal sealed class Browser : IAsyncDisposable
{
    /// <summary>Why a test was skipped.</summary>
    public const string Missing = "neither Chromium nor Chrome on the path";

    private const int Width = 390;

    // A build on a machine that is busy.
    private const float PatienceMilliseconds = 120_000;

    private static readonly string? Program = new[] { "chromium", "chromium-browser", "google-chrome", "chrome.exe" }
        .SelectMany(name =>
            (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, name))
        )
        .FirstOrDefault(File.Exists);

    private readonly ConcurrentQueue<string> complaints = new();
    private readonly IPlaywright playwright;
    private readonly IBrowser browser;
    private readonly IPage page;

    private Browser(IPlaywright playwright, IBrowser browser, IPage page)
    {
        (this.playwright, this.browser, this.page) = (playwright, browser, page);
        page.PageError += (_, error) => complaints.Enqueue(error);
        page.Console += (_, message) => complaints.Enqueue($"{message.Type}: {message.Text}");
    }

    /// <summary>Asked for by name where a test is skipped.</summary>
    public static bool IsThere => Program is not null;

    /// <summary>What the page's script and its rules of what may be loaded have complained of.</summary>
    public IEnumerable<string> Complaints => complaints;

    public static async Task<Browser> OpenAsync(string address)
    {
        var playwright = await Playwright.CreateAsync();
        var browser = await playwright.Chromium.LaunchAsync(
            // Root, as in a container, has no sandbox.
            new() { ExecutablePath = Program, ChromiumSandbox = false }
        );
        var page = await browser.NewPageAsync(
            new()
            {
                ViewportSize = new() { Width = Width, Height = 844 },
            }
        );
        var opened = new Browser(playwright, browser, page);
        await page.GotoAsync(address);
        return opened;
    }

    /// <summary>Waits until the page's status says so.</summary>
    public Task WaitFor(string text) =>
        Assertions
            .Expect(page.Locator("#status"))
            .ToContainTextAsync(new Regex(Regex.Escape(text)), new() { Timeout = PatienceMilliseconds });

    /// <summary>The texts of all elements that a selector means.</summary>
    public Task<IReadOnlyList<string>> Texts(string selector) => page.Locator(selector).AllTextContentsAsync();

    public Task<string> Title() => page.TitleAsync();

    /// <summary>Whether the first of them has another background than its page.</summary>
    public Task<bool> IsHighlighted(string selector) =>
        page.Locator(selector)
            .First.EvaluateAsync<bool>(
                "cell => { const of = part => getComputedStyle(part).backgroundColor; return of(cell) !== of(document.body) && of(cell) !== 'rgba(0, 0, 0, 0)'; }"
            );

    /// <summary>Nothing is wider than the screen: neither the page, nor what scrolls within it.</summary>
    public async Task AssertFits()
    {
        var wide = await page.EvaluateAsync<string[]>(
            "() => [document.documentElement, ...document.querySelectorAll('.scroll')].filter(part => part.scrollWidth > part.clientWidth).map(part => part.innerText.slice(0, 80))"
        );
        Assert.Empty(wide);
    }

    public async ValueTask DisposeAsync()
    {
        await browser.DisposeAsync();
        playwright.Dispose();
    }
}
