using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace LowRank.Training.CommandLine.Watching;

/// <summary>
/// Serves one page to browsers of this machine, and what is live of it as server-sent events. A socket is enough for two addresses, takes
/// a free port by itself, and needs no rights on any system.
/// </summary>
internal sealed class PageServer : IDisposable
{
    // A browser asks at once; whoever connects and says nothing is let go.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    // Notices readers that have gone.
    private static readonly TimeSpan SignOfLife = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly TcpListener listener;
    private readonly NewestText live;

    private PageServer(TcpListener listener, NewestText live) => (this.listener, this.live) = (listener, live);

    /// <summary>Where the page is.</summary>
    public string Address => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/");

    /// <summary>Takes a port of this machine.</summary>
    /// <param name="port">The port; null for the usual one, or a free one where that is taken.</param>
    /// <param name="usual">The usual one.</param>
    /// <param name="live">What is live of the page.</param>
    /// <exception cref="InputException">The port can't be had.</exception>
    public static PageServer Start(int? port, int usual, NewestText live)
    {
        try
        {
            return new PageServer(Listen(port ?? usual), live);
        }
        catch (SocketException) when (port is null)
        {
            return new PageServer(Listen(0), live);
        }
        catch (SocketException exception)
        {
            throw new InputException(
                $"Port {port} can't be had ({exception.Message.TrimEnd('.')}). Give --port another one, or leave it out."
            );
        }
    }

    /// <summary>Answers until it is told to stop.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        var answers = new HashSet<Task>();
        try
        {
            while (true)
            {
                answers.RemoveWhere(answer => answer.IsCompleted);
                if (await AcceptAsync(stop) is { } client)
                    answers.Add(AnswerAsync(client, stop));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(answers);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => listener.Dispose();

    private static TcpListener Listen(int port)
    {
        var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            // Windows lets others take a port that is in use.
            if (OperatingSystem.IsWindows())
                listener.ExclusiveAddressUse = true;
            listener.Start();
            return listener;
        }
        catch
        {
            listener.Dispose();
            throw;
        }
    }

    // A client that is gone before it is met, or no handle left for it, is no reason to end.
    private async Task<TcpClient?> AcceptAsync(CancellationToken stop)
    {
        try
        {
            return await listener.AcceptTcpClientAsync(stop);
        }
        catch (SocketException)
        {
            await Task.Delay(Pause, stop);
            return null;
        }
    }

    private async Task AnswerAsync(TcpClient client, CancellationToken stop)
    {
        try
        {
            using (client)
            {
                await using var stream = client.GetStream();
                await AnswerAsync(stream, stop);
            }
        }
        catch (Exception exception)
            when (exception is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The reader has gone, or all is over.
        }
    }

    private async Task AnswerAsync(Stream stream, CancellationToken stop)
    {
        PageRequest? request;
        using (var patience = CancellationTokenSource.CreateLinkedTokenSource(stop))
        {
            patience.CancelAfter(Patience);
            request = await PageRequest.ReadAsync(stream, patience.Token);
        }

        switch (request)
        {
            case null:
                await SayAsync(stream, "400 Bad Request", "This is no request for a page.\n", stop);
                break;
            case { IsForThisMachine: false }:
                await SayAsync(stream, "403 Forbidden", $"This page is for this machine alone: {Address}\n", stop);
                break;
            case { Method: not "GET" }:
                await SayAsync(stream, "405 Method Not Allowed", "This page can be read, and nothing else.\n", stop, "Allow: GET\r\n");
                break;
            case { Path: "/" }:
                await PageAsync(stream, stop);
                break;
            case { Path: "/events" }:
                await EventsAsync(stream, stop);
                break;
            default:
                await SayAsync(stream, "404 Not Found", $"There is one page: {Address}\n", stop);
                break;
        }
    }

    private async Task PageAsync(Stream stream, CancellationToken stop)
    {
        var nonce = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
        var page = Encoding.UTF8.GetBytes(WatchPage.Document(live.Current.Text, nonce));
        var policy =
            $"Content-Security-Policy: default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; img-src data:; "
            + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'\r\n";
        await SendAsync(stream, "200 OK", "text/html; charset=utf-8", page, stop, policy);
    }

    private async Task EventsAsync(Stream stream, CancellationToken stop)
    {
        await stream.WriteAsync(Head("200 OK", "text/event-stream", ""), stop);
        while (true)
        {
            var (text, replaced) = live.Current;
            var lines = string.Join('\n', text.ReplaceLineEndings("\n").Split('\n').Select(line => "data: " + line));
            await stream.WriteAsync(Encoding.UTF8.GetBytes(lines + "\n\n"), stop);
            while (await Task.WhenAny(replaced, Task.Delay(SignOfLife, stop)) != replaced)
            {
                stop.ThrowIfCancellationRequested();
                await stream.WriteAsync(": still here\n\n"u8.ToArray(), stop);
            }
        }
    }

    private static Task SayAsync(Stream stream, string status, string sentence, CancellationToken stop, string headers = "") =>
        SendAsync(stream, status, "text/plain; charset=utf-8", Encoding.UTF8.GetBytes(sentence), stop, headers);

    private static async Task SendAsync(
        Stream stream,
        string status,
        string type,
        byte[] content,
        CancellationToken stop,
        string headers = ""
    )
    {
        var length = string.Create(CultureInfo.InvariantCulture, $"Content-Length: {content.Length}\r\n");
        await stream.WriteAsync(Head(status, type, length + headers), stop);
        await stream.WriteAsync(content, stop);
    }

    // Every answer ends its connection.
    private static byte[] Head(string status, string type, string headers) =>
        Encoding.ASCII.GetBytes(
            $"HTTP/1.1 {status}\r\nContent-Type: {type}\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n"
                + $"Cross-Origin-Resource-Policy: same-origin\r\nReferrer-Policy: no-referrer\r\nConnection: close\r\n{headers}\r\n"
        );
}
