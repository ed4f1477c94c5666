using System.Globalization;
using LowRank.Training.Wording;

namespace LowRank.Training.Documents;

/// <summary>What a decompressor gives, as long as it is not more than a file may give.</summary>
/// <param name="content">The decompressor, which is disposed with this.</param>
/// <param name="compressed">How many bytes it has taken so far.</param>
/// <param name="file">The file's name, for errors.</param>
/// <param name="limits">What it may give.</param>
internal sealed class LimitedStream(Stream content, Func<long> compressed, string file, ReadingLimits limits) : ReadOnlyStream
{
    private const string Reason = "compressed data that grows beyond measure";

    private long given;

    /// <exception cref="UnusableTextException">It is more.</exception>
    public override int Read(Span<byte> buffer)
    {
        var read = content.Read(buffer);
        given += read;
        if (given > limits.LargestFile)
        {
            throw new UnusableTextException(
                Reason,
                $"The compressed file '{file}' holds more than {Quantity.Bytes(limits.LargestFile)}; cut it into several, or leave it out."
            );
        }

        if (limits.IsBomb(compressed(), given))
        {
            throw new UnusableTextException(
                Reason,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The compressed file '{file}' holds {Quantity.Bytes(given)} in {Quantity.Bytes(compressed())}, more than {limits.LargestExpansion} times as much, which is no text; leave it out."
                )
            );
        }

        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            content.Dispose();

        base.Dispose(disposing);
    }
}
