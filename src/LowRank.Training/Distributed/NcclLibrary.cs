using System.Runtime.InteropServices;
using LowRank.Cuda;

namespace LowRank.Training.Distributed;

/// <summary>The functions of NCCL (<c>nccl.h</c>) that are used. They return results and throw nothing. Not run on a GPU yet.</summary>
internal sealed unsafe class NcclLibrary
{
    private const string Meaning = "NCCL";

    // All of version 2.
    private const string FileName = "libnccl.so.2";

    private readonly delegate* unmanaged<NcclUniqueId*, NcclResult> getUniqueId;
    private readonly delegate* unmanaged<nint*, int, NcclUniqueId, int, NcclConfig*, NcclResult> commInitRankConfig;
    private readonly delegate* unmanaged<nint, NcclResult> commFinalize;
    private readonly delegate* unmanaged<nint, NcclResult> commDestroy;
    private readonly delegate* unmanaged<nint, NcclResult> commAbort;
    private readonly delegate* unmanaged<nint, NcclResult*, NcclResult> commGetAsyncError;
    private readonly delegate* unmanaged<NcclResult, byte*> getErrorString;
    private readonly delegate* unmanaged<nint, byte*> getLastError;
    private readonly delegate* unmanaged<NcclResult> groupStart;
    private readonly delegate* unmanaged<NcclResult> groupEnd;
    private readonly delegate* unmanaged<nint, nint, nuint, NcclDataType, NcclReduction, nint, nint, NcclResult> allReduce;
    private readonly delegate* unmanaged<nint, nint, nuint, NcclDataType, NcclReduction, int, nint, nint, NcclResult> reduce;
    private readonly delegate* unmanaged<nint, nint, nuint, NcclDataType, int, nint, nint, NcclResult> broadcast;
    private readonly delegate* unmanaged<nint, nint, nuint, NcclDataType, NcclReduction, nint, nint, NcclResult> reduceScatter;
    private readonly delegate* unmanaged<nint, nint, nuint, NcclDataType, nint, nint, NcclResult> allGather;

    /// <summary>Finds the functions.</summary>
    /// <exception cref="NotSupportedException">One is missing: this is no NCCL, or one before 2.14.</exception>
    public NcclLibrary(SharedLibrary library)
    {
        var getVersion = (delegate* unmanaged<int*, NcclResult>)library.Function("ncclGetVersion");
        getUniqueId = (delegate* unmanaged<NcclUniqueId*, NcclResult>)library.Function("ncclGetUniqueId");
        commInitRankConfig = (delegate* unmanaged<nint*, int, NcclUniqueId, int, NcclConfig*, NcclResult>)
            library.Function("ncclCommInitRankConfig");
        commFinalize = (delegate* unmanaged<nint, NcclResult>)library.Function("ncclCommFinalize");
        commDestroy = (delegate* unmanaged<nint, NcclResult>)library.Function("ncclCommDestroy");
        commAbort = (delegate* unmanaged<nint, NcclResult>)library.Function("ncclCommAbort");
        commGetAsyncError = (delegate* unmanaged<nint, NcclResult*, NcclResult>)library.Function("ncclCommGetAsyncError");
        getErrorString = (delegate* unmanaged<NcclResult, byte*>)library.Function("ncclGetErrorString");
        getLastError = (delegate* unmanaged<nint, byte*>)library.Function("ncclGetLastError");
        groupStart = (delegate* unmanaged<NcclResult>)library.Function("ncclGroupStart");
        groupEnd = (delegate* unmanaged<NcclResult>)library.Function("ncclGroupEnd");
        allReduce = (delegate* unmanaged<nint, nint, nuint, NcclDataType, NcclReduction, nint, nint, NcclResult>)
            library.Function("ncclAllReduce");
        reduce = (delegate* unmanaged<nint, nint, nuint, NcclDataType, NcclReduction, int, nint, nint, NcclResult>)
            library.Function("ncclReduce");
        broadcast = (delegate* unmanaged<nint, nint, nuint, NcclDataType, int, nint, nint, NcclResult>)library.Function("ncclBroadcast");
        reduceScatter = (delegate* unmanaged<nint, nint, nuint, NcclDataType, NcclReduction, nint, nint, NcclResult>)
            library.Function("ncclReduceScatter");
        allGather = (delegate* unmanaged<nint, nint, nuint, NcclDataType, nint, nint, NcclResult>)library.Function("ncclAllGather");
        int version;
        var result = getVersion(&version);
        if (result != NcclResult.Success)
            throw new NotSupportedException($"{Meaning} ({library.Name}) doesn't say its version: {Describe(result)}");
        // Two digits each for minor version and patch, from 2.9 on.
        Version = new Version(version / 10000, version / 100 % 100, version % 100);
    }

    /// <summary>Its version, such as 2.27.5.</summary>
    public Version Version { get; }

    /// <summary>
    /// The NCCL that libtorch has in it or was linked with; else one of its own beside it, or of the system. libtorch's comes first since
    /// two
    /// of them in one process disturb each other.
    /// </summary>
    /// <param name="torch">Path of the library of libtorch that knows CUDA; null where there is none.</param>
    /// <param name="folders">Folders in which the library may lie.</param>
    /// <exception cref="NotSupportedException">There is none that can be used.</exception>
    public static NcclLibrary Find(string? torch, IEnumerable<string> folders)
    {
        var names = folders.Select(folder => Path.Combine(folder, FileName)).Where(File.Exists).Prepend(FileName);
        var complaints = new List<string>();
        foreach (var name in torch is null ? names : names.Prepend(torch))
        {
            try
            {
                if (SharedLibrary.TryLoad(Meaning, name) is { } library)
                    return new NcclLibrary(library);
                complaints.Add($"{name} can't be loaded");
            }
            catch (NotSupportedException exception)
            {
                complaints.Add(exception.Message);
            }
        }

        throw new NotSupportedException($"NCCL 2.14 or newer was not found: {string.Join("; ", complaints)}");
    }

    /// <summary>A new id for a group of ranks.</summary>
    public NcclResult GetUniqueId(out NcclUniqueId id)
    {
        fixed (NcclUniqueId* address = &id)
            return getUniqueId(address);
    }

    /// <summary>Makes the communicator of a rank, on the current device, without blocking.</summary>
    public NcclResult Initialize(out nint communicator, int world, NcclUniqueId id, int rank)
    {
        var config = NcclConfig.NonBlocking;
        fixed (nint* address = &communicator)
        {
            *address = 0;
            return commInitRankConfig(address, world, id, rank, &config);
        }
    }

    /// <summary>Waits for all that was asked for, at all ranks.</summary>
    public NcclResult Complete(nint communicator) => commFinalize(communicator);

    /// <summary>Frees a communicator that is complete.</summary>
    public NcclResult Destroy(nint communicator) => commDestroy(communicator);

    /// <summary>Ends what runs, and frees the communicator.</summary>
    public NcclResult Abort(nint communicator) => commAbort(communicator);

    /// <summary>How it goes with what was asked for: in progress, done, or an error of it.</summary>
    public NcclResult State(nint communicator)
    {
        NcclResult state;
        var result = commGetAsyncError(communicator, &state);
        return result == NcclResult.Success ? state : result;
    }

    /// <summary>What a result means, and what NCCL last complained of.</summary>
    public string Explain(NcclResult result)
    {
        var last = Marshal.PtrToStringUTF8((nint)getLastError(0))?.Trim();
        return string.IsNullOrEmpty(last) ? Describe(result) : $"{Describe(result)} ({last})";
    }

    /// <summary>Begins calls that are carried out together.</summary>
    public NcclResult BeginGroup() => groupStart();

    /// <summary>Ends them.</summary>
    public NcclResult EndGroup() => groupEnd();

    /// <summary>Puts an operation into a stream.</summary>
    public NcclResult Call(in NcclCall call, nint communicator, nint stream) =>
        call.Operation switch
        {
            NcclOperation.AllReduce => allReduce(call.Send, call.Receive, call.Count, call.Type, NcclReduction.Sum, communicator, stream),
            NcclOperation.Reduce => reduce(
                call.Send,
                call.Receive,
                call.Count,
                call.Type,
                NcclReduction.Sum,
                call.Root,
                communicator,
                stream
            ),
            NcclOperation.Broadcast => broadcast(call.Send, call.Receive, call.Count, call.Type, call.Root, communicator, stream),
            NcclOperation.ReduceScatter => reduceScatter(
                call.Send,
                call.Receive,
                call.Count,
                call.Type,
                NcclReduction.Sum,
                communicator,
                stream
            ),
            NcclOperation.AllGather => allGather(call.Send, call.Receive, call.Count, call.Type, communicator, stream),
            _ => throw new ArgumentOutOfRangeException(nameof(call), call.Operation, "There is no such operation."),
        };

    private string Describe(NcclResult result) => Marshal.PtrToStringUTF8((nint)getErrorString(result)) ?? $"error {(int)result}";
}
