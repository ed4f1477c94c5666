using System.Globalization;

namespace LowRank.EndToEnd.Tests.Processes;

/// <summary>Standard error that asks for a stop when it is told something, such as a step.</summary>
/// <param name="trigger">What it waits for.</param>
/// <param name="stop">What it cancels then.</param>
internal sealed class StoppingWriter(string trigger, CancellationTokenSource stop) : StringWriter(CultureInfo.InvariantCulture)
{
    public override void WriteLine(string? value)
    {
        base.WriteLine(value);
        if (value?.Contains(trigger, StringComparison.Ordinal) == true)
            stop.Cancel();
    }
}
