using LowRank.Cuda;
using static TorchSharp.torch;

namespace LowRank.Training.Distributed;

/// <summary>
/// The constants of an MPI library: addresses of its variables in Open MPI, numbers in MPICH and what descends from it. A number of 32
/// bits is passed as one of 64; the callee looks at the lower half.
/// </summary>
/// <param name="World">The communicator of all ranks.</param>
/// <param name="Sum">The operation.</param>
/// <param name="ErrorsReturn">The error handler that lets functions return an error's number.</param>
/// <param name="InPlace">What stands for a buffer that is also the other one.</param>
internal sealed record MpiHandles(nint World, nint Sum, nint ErrorsReturn, nint InPlace)
{
    /// <summary>Whether they are Open MPI's.</summary>
    public bool IsOpenMpi { get; private init; }

    private nint Float32 { get; init; }
    private nint Float64 { get; init; }
    private nint Int64 { get; init; }
    private nint UInt8 { get; init; }

    /// <summary>Open MPI's.</summary>
    public static unsafe MpiHandles OfOpenMpi(SharedLibrary library)
    {
        nint Variable(string name) => (nint)library.Function(name);
        return new MpiHandles(Variable("ompi_mpi_comm_world"), Variable("ompi_mpi_op_sum"), Variable("ompi_mpi_errors_return"), InPlace: 1)
        {
            IsOpenMpi = true,
            Float32 = Variable("ompi_mpi_float"),
            Float64 = Variable("ompi_mpi_double"),
            Int64 = Variable("ompi_mpi_long_long_int"),
            UInt8 = Variable("ompi_mpi_unsigned_char"),
        };
    }

    /// <summary>MPICH's, the same in all of its versions and descendants.</summary>
    public static MpiHandles OfMpich { get; } =
        new(World: 0x44000000, Sum: 0x58000003, ErrorsReturn: 0x54000001, InPlace: -1)
        {
            Float32 = 0x4c00040a,
            Float64 = 0x4c00080b,
            Int64 = 0x4c000809,
            UInt8 = 0x4c000102,
        };

    /// <summary>The type of a tensor's elements.</summary>
    /// <exception cref="NotSupportedException">No collective operation takes it.</exception>
    public nint Type(ScalarType type) =>
        type switch
        {
            ScalarType.Float32 => Float32,
            ScalarType.Float64 => Float64,
            ScalarType.Int64 => Int64,
            ScalarType.Byte => UInt8,
            _ => throw new NotSupportedException($"Ranks exchange float32, float64, int64 and uint8, not {type}."),
        };
}
