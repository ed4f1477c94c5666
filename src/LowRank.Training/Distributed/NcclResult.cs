namespace LowRank.Training.Distributed;

/// <summary>NCCL's <c>ncclResult_t</c>.</summary>
internal enum NcclResult
{
    Success = 0,
    UnhandledCudaError = 1,
    SystemError = 2,
    InternalError = 3,
    InvalidArgument = 4,
    InvalidUsage = 5,

    /// <summary>Another rank, or the way to it, has failed.</summary>
    RemoteError = 6,

    /// <summary>A call of a communicator that doesn't block goes on.</summary>
    InProgress = 7,
}
