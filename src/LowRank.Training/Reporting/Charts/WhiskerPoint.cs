namespace LowRank.Training.Reporting.Charts;

/// <summary>What is measured several times: the means, and how far the measurements reach.</summary>
/// <param name="Name">Its name in the legend.</param>
/// <param name="X">The mean to the right.</param>
/// <param name="LeastX">The least to the right.</param>
/// <param name="MostX">The greatest to the right.</param>
/// <param name="Y">The mean upwards.</param>
/// <param name="LeastY">The least upwards.</param>
/// <param name="MostY">The greatest upwards.</param>
internal sealed record WhiskerPoint(string Name, double X, double LeastX, double MostX, double Y, double LeastY, double MostY);
