namespace LowRank.Training.Tests.CommandLine;

/// <summary>Asks for a stop as soon as a text has been written.</summary>
internal sealed class CancelingWriter(string text, CancellationTokenSource stop) : StringWriter
{
    public override void WriteLine(string? value)
    {
        base.WriteLine(value);
        if (value?.Contains(text, StringComparison.Ordinal) == true)
            stop.Cancel();
    }
}
