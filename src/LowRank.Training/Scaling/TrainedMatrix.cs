namespace LowRank.Training.Scaling;

/// <summary>A weight of a hidden layer, as optimizers see it: one matrix, or two factors, with a guide or without.</summary>
/// <param name="Outputs">m: rows.</param>
/// <param name="Inputs">n: columns.</param>
/// <param name="Rank">r of its factors; 0 where it is one matrix.</param>
/// <param name="HasGuide">Whether a matrix of full size is trained beside the factors.</param>
internal sealed record TrainedMatrix(long Outputs, long Inputs, int Rank, bool HasGuide)
{
    /// <summary>m·n.</summary>
    public long Full => checked(Outputs * Inputs);

    /// <summary>r·(m+n): numbers of both factors; 0 where it is one matrix.</summary>
    public long Factors => checked(Rank * (Outputs + Inputs));

    /// <summary>Whether something of full size is trained.</summary>
    public bool IsFull => Rank == 0 || HasGuide;

    /// <summary>Numbers that are trained.</summary>
    public long Trained => checked(Factors + (IsFull ? Full : 0));
}
