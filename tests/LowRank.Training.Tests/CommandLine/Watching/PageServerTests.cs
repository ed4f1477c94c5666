using System.Net;
using System.Net.Sockets;
using System.Text;
using LowRank.Training.CommandLine.Watching;

namespace LowRank.Training.Tests.CommandLine.Watching;

public sealed class PageServerTests : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly CancellationTokenSource stop = new();
    private readonly NewestText live = new("<p>first</p>\n<p>line</p>");
    private readonly PageServer server;
    private readonly Task serving;
    private readonly HttpClient client = new() { Timeout = Patience };

    public PageServerTests()
    {
        server = PageServer.Start(null, usual: 0, live);
        serving = server.RunAsync(stop.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await serving.WaitAsync(Patience);
        server.Dispose();
        client.Dispose();
        stop.Dispose();
    }

    [Fact]
    public async Task The_page_holds_what_is_live_and_lets_no_foreign_script_run()
    {
        Assert.StartsWith("http://127.0.0.1:", server.Address, StringComparison.Ordinal);
        using var answer = await client.GetAsync(new Uri(server.Address));
        var page = await answer.Content.ReadAsStringAsync();
        Assert.Contains("<main id=\"live\"><p>first</p>\n<p>line</p></main>", page, StringComparison.Ordinal);
        var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
        Assert.StartsWith("default-src 'none'; script-src 'nonce-", policy, StringComparison.Ordinal);
        var nonce = policy.Split("'nonce-")[1].Split('\'')[0];
        Assert.Equal(3, page.Split($"nonce=\"{nonce}\"").Length);
        Assert.DoesNotContain(nonce, await client.GetStringAsync(new Uri(server.Address)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Events_begin_with_what_is_live_and_bring_what_replaces_it()
    {
        using var reader = new StreamReader(await client.GetStreamAsync(new Uri(server.Address + "events")));
        Assert.Equal(["data: <p>first</p>", "data: <p>line</p>"], await Event(reader));
        live.Set("second");
        Assert.Equal(["data: second"], await Event(reader));
        // The same again is none; of what comes while nobody reads the last one is enough.
        live.Set("second");
        live.Set("third");
        Assert.Equal(["data: third"], await Event(reader));
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n", "403 Forbidden")]
    [InlineData("GET /events HTTP/1.1\r\nHost: evil.example:5290\r\n\r\n", "403 Forbidden")]
    [InlineData("GET / HTTP/1.1\r\nHost: localhost.evil.example\r\n\r\n", "403 Forbidden")]
    [InlineData("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nhost: evil.example\r\n\r\n", "403 Forbidden")]
    [InlineData("GET / HTTP/1.0\r\n\r\n", "403 Forbidden")]
    [InlineData("GET / HTTP/1.1\r\nHost: LOCALHOST:80\r\n\r\n", "200 OK")]
    [InlineData("GET /?x=1 HTTP/1.1\r\nhost:127.0.0.1\r\n\r\n", "200 OK")]
    [InlineData("GET /other HTTP/1.1\r\nHost: localhost\r\n\r\n", "404 Not Found")]
    [InlineData("POST / HTTP/1.1\r\nHost: localhost\r\n\r\n", "405 Method Not Allowed")]
    [InlineData("GET http://localhost/ HTTP/1.1\r\nHost: localhost\r\n\r\n", "400 Bad Request")]
    [InlineData("hello\r\n\r\n", "400 Bad Request")]
    public async Task Only_requests_for_this_machine_are_answered(string request, string status)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, new Uri(server.Address).Port);
        await using var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request));
        using var reader = new StreamReader(stream);
        var answer = await reader.ReadToEndAsync().WaitAsync(Patience);
        Assert.StartsWith($"HTTP/1.1 {status}\r\n", answer, StringComparison.Ordinal);
        Assert.Equal(status == "200 OK", answer.Contains("first", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_head_without_end_is_no_request()
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, new Uri(server.Address).Port);
        await using var stream = socket.GetStream();
        await stream.WriteAsync(new byte[16 * 1024]);
        using var reader = new StreamReader(stream);
        Assert.StartsWith("HTTP/1.1 400", await reader.ReadToEndAsync().WaitAsync(Patience), StringComparison.Ordinal);
    }

    [Fact]
    public void A_taken_port_is_refused_where_it_was_asked_for_and_else_replaced()
    {
        var taken = new Uri(server.Address).Port;
        var refused = Assert.Throws<InputException>(() => PageServer.Start(taken, usual: 0, live));
        Assert.StartsWith($"Port {taken} can't be had (", refused.Message, StringComparison.Ordinal);
        Assert.EndsWith("Give --port another one, or leave it out.", refused.Message, StringComparison.Ordinal);
        using var other = PageServer.Start(null, usual: taken, live);
        Assert.NotEqual(server.Address, other.Address);
    }

    private static async Task<IReadOnlyList<string>> Event(StreamReader reader)
    {
        var lines = new List<string>();
        while (await reader.ReadLineAsync().WaitAsync(Patience) is { Length: > 0 } line)
            lines.Add(line);
        return lines;
    }
}
