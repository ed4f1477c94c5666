namespace LowRank.Training.Files;

/// <summary>Reads what may never come: standard input, or a pipe that nobody writes to.</summary>
internal static class StoppableRead
{
    /// <summary>Reads, unless the program is asked to stop first. Such a read can't be canceled: it is left to itself.</summary>
    /// <param name="read">Opens and reads.</param>
    /// <param name="stop">Ends the waiting.</param>
    /// <exception cref="OperationCanceledException">The program is asked to stop.</exception>
    public static T Run<T>(Func<T> read, CancellationToken stop) =>
        Task.Run(read, CancellationToken.None).WaitAsync(stop).GetAwaiter().GetResult();
}
