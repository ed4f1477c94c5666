namespace LowRank.Training.Distributed;

/// <summary>NCCL's <c>ncclRedOp_t</c>, as far as it is used.</summary>
internal enum NcclReduction
{
    Sum = 0,
}
