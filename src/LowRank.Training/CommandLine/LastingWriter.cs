using System.Text;

namespace LowRank.Training.CommandLine;

/// <summary>
/// Writes where nobody may be reading any more: a closed terminal, a pipe whose reader has ended, a log on a full disk. That loses what is
/// said and nothing else; the first failure is kept for those who have to know.
/// </summary>
/// <param name="inner">Where it goes.</param>
internal sealed class LastingWriter(TextWriter inner) : TextWriter(inner.FormatProvider)
{
    private Exception? failure;

    /// <inheritdoc/>
    public override Encoding Encoding => inner.Encoding;

    /// <summary>Whether nothing is written, since another process says it.</summary>
    public bool IsSilent { get; set; }

    /// <summary>Why something could not be written; null where all was.</summary>
    public Exception? Failure => failure;

    /// <inheritdoc/>
    public override void Write(char value) => Try(() => inner.Write(value));

    /// <inheritdoc/>
    public override void Write(char[] buffer, int index, int count) => Try(() => inner.Write(buffer, index, count));

    /// <inheritdoc/>
    public override void Write(string? value) => Try(() => inner.Write(value));

    /// <inheritdoc/>
    public override void WriteLine(string? value) => Try(() => inner.WriteLine(value));

    /// <inheritdoc/>
    public override void Flush() => Try(inner.Flush);

    private void Try(Action write)
    {
        if (IsSilent)
            return;
        try
        {
            write();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Interlocked.CompareExchange(ref failure, exception, null);
        }
    }
}
