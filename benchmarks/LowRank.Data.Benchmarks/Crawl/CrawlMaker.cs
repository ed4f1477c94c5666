using System.Globalization;
using System.IO.Compression;
using System.IO.Hashing;
using System.Text;

namespace LowRank.Data.Benchmarks.Crawl;

/// <summary>
/// Makes of unpacked packages what a crawler would have written of their pages: WARC files, each record a gzip member of its own.
/// </summary>
internal static class CrawlMaker
{
    /// <summary>As few as give enough files to share among tasks.</summary>
    private const int PagesOfFile = 3000;

    /// <summary>Writes the files.</summary>
    /// <param name="packages">A folder with a folder for each package.</param>
    /// <param name="output">Where the WARC files go.</param>
    /// <returns>How many pages there are, and their bytes.</returns>
    public static (int Pages, long Bytes) Make(string packages, string output)
    {
        Directory.CreateDirectory(output);
        var (pages, bytes) = (0, 0L);
        foreach (var package in Directory.GetDirectories(packages).Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileName(package);
            var files = Pages(package).ToList();
            foreach (var (part, chunk) in files.Chunk(PagesOfFile).Index())
            {
                var path = Path.Combine(output, string.Create(CultureInfo.InvariantCulture, $"{name}-{part:00}.warc.gz"));
                using var file = File.Create(path);
                foreach (var page in chunk)
                {
                    var content = File.ReadAllBytes(page);
                    Write(file, Address(name, package, page), content);
                    pages++;
                    bytes += content.Length;
                }
            }
        }

        return (pages, bytes);
    }

    // Links would be the same page twice; apache's pages end in their language.
    private static IEnumerable<string> Pages(string package) =>
        Directory
            .EnumerateFiles(
                package,
                "*",
                new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint }
            )
            .Where(file =>
                Path.GetFileName(file) is var name
                && (
                    name.EndsWith(".html", StringComparison.OrdinalIgnoreCase)
                    || name.EndsWith(".htm", StringComparison.OrdinalIgnoreCase)
                    || (
                        name.IndexOf(".html.", StringComparison.OrdinalIgnoreCase) is > 0 and var at
                        && name.Length - at <= ".html.".Length + 6
                        && !name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase)
                    )
                )
            )
            .Order(StringComparer.Ordinal);

    private static string Address(string name, string package, string page)
    {
        var documentation = Path.Combine(package, "usr", "share", "doc");
        var root = page.StartsWith(documentation + Path.DirectorySeparatorChar, StringComparison.Ordinal) ? documentation : package;
        return $"https://{name}.example/{Path.GetRelativePath(root, page).Replace(Path.DirectorySeparatorChar, '/')}";
    }

    private static void Write(Stream file, string address, byte[] content)
    {
        var http = Ascii($"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {content.Length}\r\n\r\n");
        var id = new Guid(XxHash128.Hash(Encoding.UTF8.GetBytes(address)));
        var head = Encoding.UTF8.GetBytes(
            string.Create(
                CultureInfo.InvariantCulture,
                $"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {address}\r\nWARC-Date: 2024-03-01T00:00:00Z\r\nWARC-Record-ID: <urn:uuid:{id}>\r\nContent-Type: application/http; msgtype=response\r\nContent-Length: {http.Length + content.Length}\r\n\r\n"
            )
        );
        using var member = new GZipStream(file, CompressionLevel.Fastest, leaveOpen: true);
        member.Write(head);
        member.Write(http);
        member.Write(content);
        member.Write("\r\n\r\n"u8);
    }

    private static byte[] Ascii(FormattableString text) => Encoding.ASCII.GetBytes(text.ToString(CultureInfo.InvariantCulture));
}
