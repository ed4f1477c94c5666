namespace LowRank.Training.Distributed;

/// <summary>NCCL's <c>ncclDataType_t</c>, as far as collective operations take it.</summary>
internal enum NcclDataType
{
    UInt8 = 1,
    Int64 = 4,
    Float32 = 7,
    Float64 = 8,
}
