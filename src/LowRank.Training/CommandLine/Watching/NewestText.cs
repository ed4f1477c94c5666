namespace LowRank.Training.CommandLine.Watching;

/// <summary>A text that is replaced now and then; readers that are slow miss what is between.</summary>
internal sealed class NewestText(string first)
{
    private readonly Lock replacing = new();
    private (string Text, TaskCompletionSource Replaced) current = (first, NewSource());

    /// <summary>The text, and what ends when it is replaced.</summary>
    public (string Text, Task Replaced) Current
    {
        get
        {
            lock (replacing)
                return (current.Text, current.Replaced.Task);
        }
    }

    /// <summary>Replaces it by another; the same changes nothing.</summary>
    public void Set(string text)
    {
        TaskCompletionSource replaced;
        lock (replacing)
        {
            if (text == current.Text)
                return;
            replaced = current.Replaced;
            current = (text, NewSource());
        }

        replaced.SetResult();
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
