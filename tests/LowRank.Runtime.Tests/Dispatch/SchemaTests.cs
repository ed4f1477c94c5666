using System.Text;
using LowRank.Dispatch;
using LowRank.Kernels;

namespace LowRank.Runtime.Tests.Dispatch;

/// <summary>The schemas that operators are called by are those of the library, also of those that have no code for the CPU.</summary>
public sealed class SchemaTests
{
    public static TheoryData<string> Declared =>
        [
            .. typeof(TorchOperator)
                .Assembly.GetTypes()
                .SelectMany(type =>
                    type.GetFields(
                        System.Reflection.BindingFlags.Static
                            | System.Reflection.BindingFlags.NonPublic
                            | System.Reflection.BindingFlags.Public
                    )
                )
                .Where(member => member.FieldType == typeof(TorchOperator))
                .Select(member => ((TorchOperator)member.GetValue(null)!).Text),
            FusedAdamW.Schema,
        ];

    private static readonly Lazy<byte[]?> Library = new(() =>
        Directory
            .EnumerateFiles(AppContext.BaseDirectory, "*torch_cpu.*", SearchOption.AllDirectories)
            .Select(File.ReadAllBytes)
            .FirstOrDefault(bytes => bytes.Length > 1 << 20)
    );

    public static bool HasLibrary => Library.Value is not null;

    [Theory(SkipUnless = nameof(HasLibrary), Skip = "libtorch doesn't lie beside the tests")]
    [MemberData(nameof(Declared))]
    public void A_schema_is_the_library_s_own(string schema)
    {
        Assert.NotNull(Library.Value);
        // Whole: a text that ends with zero.
        Assert.True(Library.Value.AsSpan().IndexOf(Encoding.ASCII.GetBytes($"\0{schema}\0")) >= 0, schema);
    }

    [Fact]
    public void The_operators_are_found()
    {
        var names = Declared.Select(row => row.Data).ToList();
        Assert.Contains(CudnnAttention.BackwardOperator.Text, names);
    }
}
