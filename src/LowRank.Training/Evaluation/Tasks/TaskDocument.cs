namespace LowRank.Training.Evaluation.Tasks;

/// <summary>A continuation of a context, whose log-probability is asked for.</summary>
/// <param name="Context">What stands before it; may be empty.</param>
/// <param name="Continuation">The continuation, with the white space between.</param>
/// <param name="Choice">What of it counts for its length: the choice without that white space.</param>
internal sealed record TaskRequest(string Context, string Continuation, string Choice);

/// <summary>One question of a task.</summary>
/// <param name="Place">The file and line that it comes from.</param>
/// <param name="Requests">The choices, or the one continuation that is right.</param>
/// <param name="Answer">Which is right.</param>
internal sealed record TaskDocument(string Place, IReadOnlyList<TaskRequest> Requests, int Answer)
{
    /// <summary>The right answer behind its context, as an example before another question.</summary>
    public string Example => Requests[Answer].Context + Requests[Answer].Continuation;
}
