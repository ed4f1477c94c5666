namespace LowRank.Training.Distributed;

/// <summary>NCCL's collective operations.</summary>
internal enum NcclOperation
{
    AllReduce,
    Reduce,
    Broadcast,
    ReduceScatter,
    AllGather,
}
