namespace LowRank.Training.Filtering;

/// <summary>The host within an address.</summary>
internal static class UrlHost
{
    /// <summary>The host of <paramref name="url"/> as it is written, without user, port and final periods; empty for none.</summary>
    public static ReadOnlySpan<char> Of(ReadOnlySpan<char> url)
    {
        var scheme = url.IndexOf("//", StringComparison.Ordinal);
        var isScheme = scheme == 0 || (scheme > 0 && url[scheme - 1] == ':' && !url[..(scheme - 1)].ContainsAny('/', '?', '#'));
        if (isScheme)
            url = url[(scheme + 2)..];

        var end = url.IndexOfAny('/', '?', '#');
        if (end >= 0)
            url = url[..end];
        url = url[(url.LastIndexOf('@') + 1)..];
        if (url.StartsWith("["))
            return url[..(url.IndexOf(']') + 1)];

        var port = url.IndexOf(':');
        return (port < 0 ? url : url[..port]).TrimEnd('.');
    }
}
