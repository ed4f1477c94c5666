namespace LowRank.Reparameterization;

/// <summary>How the singular values of a weight are found.</summary>
internal enum FactorizationMethod
{
    /// <summary>
    /// From the eigenvalues of the smaller side's Gram matrix: some five times as fast. Singular values below about 1e-8 of the largest
    /// drown in rounding, which matters to nothing that is stored in single precision.
    /// </summary>
    Gram,

    /// <summary>From a full singular value decomposition, to the last digits of double precision.</summary>
    SingularValues,
}
