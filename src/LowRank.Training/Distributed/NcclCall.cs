namespace LowRank.Training.Distributed;

/// <summary>A call of a collective operation.</summary>
/// <param name="Operation">The operation.</param>
/// <param name="Send">Address of what is sent.</param>
/// <param name="Receive">
/// Address of what is received; where the operation is in place, this is a part of what is sent or the reverse.
/// </param>
/// <param name="Count">Number of elements, as the operation counts them: of each rank's part in a reduce-scatter or all-gather.</param>
/// <param name="Type">Their type.</param>
/// <param name="Root">The rank that receives a reduction or sends a broadcast; 0 where there is none.</param>
internal readonly record struct NcclCall(NcclOperation Operation, nint Send, nint Receive, nuint Count, NcclDataType Type, int Root);
