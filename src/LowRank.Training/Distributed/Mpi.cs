using System.Runtime.InteropServices;
using LowRank.Cuda;
using static TorchSharp.torch;

namespace LowRank.Training.Distributed;

/// <summary>
/// The functions of an MPI library that collective operations take, on the communicator of all ranks. All calls come from the thread that
/// has called <see cref="Initialize"/>. A result that isn't success is an exception.
/// </summary>
internal sealed unsafe class Mpi
{
    // The same in Open MPI and MPICH: one thread of several calls MPI.
    private const int Funneled = 1;

    private readonly delegate* unmanaged<int*, byte***, int, int*, int> initThread;
    private readonly delegate* unmanaged<int> finalize;
    private readonly delegate* unmanaged<nint, int*, int> commRank;
    private readonly delegate* unmanaged<nint, int*, int> commSize;
    private readonly delegate* unmanaged<nint, nint, int> setErrorHandler;
    private readonly delegate* unmanaged<byte*, int*, int> getLibraryVersion;
    private readonly delegate* unmanaged<int, byte*, int*, int> errorString;
    private readonly delegate* unmanaged<nint, nint*, int> immediateBarrier;
    private readonly delegate* unmanaged<nint*, int*, void*, int> test;
    private readonly delegate* unmanaged<void*, void*, int, nint, nint, nint, int> allReduce;
    private readonly delegate* unmanaged<void*, void*, int, nint, nint, int, nint, int> reduce;
    private readonly delegate* unmanaged<void*, int, nint, int, nint, int> broadcast;
    private readonly MpiHandles handles;

    /// <summary>Finds the functions. Nothing is called yet.</summary>
    /// <exception cref="NotSupportedException">A function is missing.</exception>
    public Mpi(SharedLibrary library)
    {
        handles = library.Has("ompi_mpi_comm_world") ? MpiHandles.OfOpenMpi(library) : MpiHandles.OfMpich;
        initThread = (delegate* unmanaged<int*, byte***, int, int*, int>)library.Function("MPI_Init_thread");
        finalize = (delegate* unmanaged<int>)library.Function("MPI_Finalize");
        commRank = (delegate* unmanaged<nint, int*, int>)library.Function("MPI_Comm_rank");
        commSize = (delegate* unmanaged<nint, int*, int>)library.Function("MPI_Comm_size");
        setErrorHandler = (delegate* unmanaged<nint, nint, int>)library.Function("MPI_Comm_set_errhandler");
        getLibraryVersion = (delegate* unmanaged<byte*, int*, int>)library.Function("MPI_Get_library_version");
        errorString = (delegate* unmanaged<int, byte*, int*, int>)library.Function("MPI_Error_string");
        immediateBarrier = (delegate* unmanaged<nint, nint*, int>)library.Function("MPI_Ibarrier");
        test = (delegate* unmanaged<nint*, int*, void*, int>)library.Function("MPI_Test");
        allReduce = (delegate* unmanaged<void*, void*, int, nint, nint, nint, int>)library.Function("MPI_Allreduce");
        reduce = (delegate* unmanaged<void*, void*, int, nint, nint, int, nint, int>)library.Function("MPI_Reduce");
        broadcast = (delegate* unmanaged<void*, int, nint, int, nint, int>)library.Function("MPI_Bcast");
    }

    /// <summary>This process among those that MPI knows; valid after <see cref="Initialize"/>.</summary>
    public int Rank { get; private set; }

    /// <summary>Number of processes that MPI knows; valid after <see cref="Initialize"/>.</summary>
    public int World { get; private set; }

    /// <summary>Whether <see cref="Reduce"/> may get the same address twice. MPICH 4.0 reads from the address that stands for it.</summary>
    public bool ReducesInPlace => handles.IsOpenMpi;

    /// <summary>Joins the other processes, which all have to call it.</summary>
    public void Initialize()
    {
        int provided,
            number;
        Check(initThread(null, null, Funneled, &provided), "MPI_Init_thread");
        if (provided < Funneled)
            throw new MpiException("MPI_Init_thread: this MPI library was built for programs of one thread only.");
        Check(setErrorHandler(handles.World, handles.ErrorsReturn), "MPI_Comm_set_errhandler");
        Check(commRank(handles.World, &number), "MPI_Comm_rank");
        Rank = number;
        Check(commSize(handles.World, &number), "MPI_Comm_size");
        World = number;
    }

    /// <summary>Name and version of the library, as it says them.</summary>
    public string LibraryVersion()
    {
        // MPI_MAX_LIBRARY_VERSION_STRING is 256 in Open MPI and 8192 in MPICH.
        const int Length = 16_384;
        var text = stackalloc byte[Length];
        int length;
        Check(getLibraryVersion(text, &length), "MPI_Get_library_version");
        text[Length - 1] = 0;
        return Marshal.PtrToStringUTF8((nint)text) ?? "";
    }

    /// <summary>Begins a barrier. Nothing is waited for.</summary>
    /// <param name="request">Where its handle is written; stays valid until <see cref="IsDone"/>.</param>
    public void BeginBarrier(nint* request)
    {
        *request = 0;
        Check(immediateBarrier(handles.World, request), "MPI_Ibarrier");
    }

    /// <summary>Whether what was begun is done. Calls move it on.</summary>
    public bool IsDone(nint* request)
    {
        // A status is five or six numbers in either library.
        var status = stackalloc long[8];
        int done;
        Check(test(request, &done, status), "MPI_Test");
        return done != 0;
    }

    /// <summary>Sums over all ranks, in place.</summary>
    public void AllReduce(void* data, int count, ScalarType type) =>
        Check(allReduce((void*)handles.InPlace, data, count, handles.Type(type), handles.Sum, handles.World), "MPI_Allreduce");

    /// <summary>Sums over all ranks at one of them; at the others the content stays.</summary>
    /// <param name="data">What this rank adds.</param>
    /// <param name="sum">Where the root gets the sum; the same address, or memory that doesn't overlap. Nobody else's is used.</param>
    /// <param name="count">Number of elements.</param>
    /// <param name="type">Their type.</param>
    /// <param name="root">The rank that gets it.</param>
    public void Reduce(void* data, void* sum, int count, ScalarType type, int root) =>
        Check(
            reduce(
                Rank == root && sum == data ? (void*)handles.InPlace : data,
                Rank == root ? sum : null,
                count,
                handles.Type(type),
                handles.Sum,
                root,
                handles.World
            ),
            "MPI_Reduce"
        );

    /// <summary>Copies from one rank to all.</summary>
    public void Broadcast(void* data, int count, ScalarType type, int root) =>
        Check(broadcast(data, count, handles.Type(type), root, handles.World), "MPI_Bcast");

    /// <summary>Leaves, together with all others.</summary>
    public void FinalizeLibrary() => Check(finalize(), "MPI_Finalize");

    private void Check(int result, string function)
    {
        if (result == 0)
            return;
        // MPI_MAX_ERROR_STRING is 256 in Open MPI and 512 or 1024 in MPICH.
        const int Length = 4096;
        var text = stackalloc byte[Length];
        int length;
        text[0] = 0;
        _ = errorString(result, text, &length);
        text[Length - 1] = 0;
        throw new MpiException($"{function} failed: {Marshal.PtrToStringUTF8((nint)text)?.Trim()} (error {result})");
    }
}
