using System.Text;

namespace LowRank.Training.CommandLine.Watching;

/// <summary>The head of an HTTP request; no request that is answered has a body.</summary>
/// <param name="Method">What is asked for.</param>
/// <param name="Path">Of what, without a query.</param>
/// <param name="Host">Where the client takes the server to be; null where it doesn't say so, or says it twice.</param>
internal sealed record PageRequest(string Method, string Path, string? Host)
{
    private const int LongestHead = 16 * 1024;

    /// <summary>
    /// Whether the client was sent to this machine by a name that nobody else can give it. A name that somebody owns may be made to lead
    /// here, and a page from there would read this one (DNS rebinding).
    /// </summary>
    public bool IsForThisMachine =>
        Host is { } host
        && host.Split(':')[0] is var name
        && (name.Equals("localhost", StringComparison.OrdinalIgnoreCase) || name == "127.0.0.1");

    /// <summary>Reads a request.</summary>
    /// <returns>null where it is none.</returns>
    public static async Task<PageRequest?> ReadAsync(Stream stream, CancellationToken stop)
    {
        var head = new byte[LongestHead];
        var length = 0;
        while (length < head.Length)
        {
            var read = await stream.ReadAsync(head.AsMemory(length), stop);
            if (read == 0)
                return null;
            length += read;
            if (head.AsSpan(0, length).IndexOf("\r\n\r\n"u8) is var end and >= 0)
                return Parse(Encoding.Latin1.GetString(head, 0, end));
        }

        return null;
    }

    private static PageRequest? Parse(string head)
    {
        var lines = head.Split("\r\n");
        if (lines[0].Split(' ') is not [var method, ['/', ..] target, "HTTP/1.1" or "HTTP/1.0"])
            return null;
        var hosts = lines.Skip(1).Where(line => line.StartsWith("Host:", StringComparison.OrdinalIgnoreCase)).ToList();
        return new(method, target.Split('?')[0], hosts is [var host] ? host["Host:".Length..].Trim() : null);
    }
}
