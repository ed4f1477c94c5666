using System.Runtime.InteropServices;

namespace LowRank.Training.Distributed;

/// <summary>NCCL refuses or has failed; what its group was doing is lost.</summary>
/// <param name="message">What failed.</param>
/// <param name="result">The result that it gave.</param>
internal sealed class NcclException(string message, NcclResult result) : ExternalException(message, (int)result)
{
    /// <summary>The result that it gave.</summary>
    public NcclResult Result => (NcclResult)ErrorCode;
}
