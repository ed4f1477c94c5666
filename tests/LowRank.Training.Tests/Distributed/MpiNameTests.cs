using LowRank.Training.Distributed;

namespace LowRank.Training.Tests.Distributed;

public sealed class MpiNameTests
{
    [Theory]
    [InlineData("Open MPI v4.1.4, package: Debian OpenMPI, ident: 4.1.4, repo rev: v4.1.4, May 26, 2022", "Open MPI 4.1.4")]
    [InlineData("Open MPI v5.0.0rc12, package: Open MPI root@x Distribution", "Open MPI 5.0.0rc12")]
    [InlineData("MPICH Version:      4.0.2\nMPICH Release date: Thu Apr  7 12:34:45 CDT 2022\n", "MPICH 4.0.2")]
    [InlineData("MPICH Version:\t3.4.1\nMPICH Release date:\tx", "MPICH 3.4.1")]
    [InlineData("Intel(R) MPI Library 2021.8 for Linux* OS\n", "Intel(R) MPI Library 2021.8")]
    [InlineData("MVAPICH2 Version      :\t2.3.7", "MVAPICH2 2.3.7")]
    [InlineData("Something else\nof two lines", "Something else")]
    public void A_library_is_called_by_name_and_version(string version, string name) =>
        Assert.Equal(name, MpiCollectives.ShortName(version));
}
