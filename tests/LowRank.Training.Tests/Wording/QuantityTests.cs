using LowRank.Training.Wording;

namespace LowRank.Training.Tests.Wording;

public sealed class QuantityTests
{
    [Theory]
    [InlineData(7.34, "7.3 s")]
    [InlineData(59.96, "1 min 00 s")]
    [InlineData(245, "4 min 05 s")]
    [InlineData(11_520, "3 h 12 min")]
    [InlineData(1_267_920, "14 d 16 h")]
    [InlineData(double.NaN, "?")]
    public void Durations_have_their_two_largest_units(double seconds, string text) => Assert.Equal(text, Quantity.Duration(seconds));

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(1023, "1023 B")]
    [InlineData(1536, "1.50 KiB")]
    [InlineData(20_000_000, "19.1 MiB")]
    [InlineData(200_000_000_000, "186 GiB")]
    public void Sizes_have_binary_units(long bytes, string text) => Assert.Equal(text, Quantity.Bytes(bytes));

    [Fact]
    public void Flops_have_three_figures() => Assert.Equal("2.10e20", Quantity.Flops(210_244_617_288_315_568_128m));

    [Theory]
    [InlineData(3, "20.09")]
    [InlineData(709, "8.22e307")]
    [InlineData(710, "above 1.79e308")]
    [InlineData(double.NaN, "NaN")]
    public void Perplexities_of_any_loss_are_written(double loss, string text) => Assert.Equal(text, Quantity.Perplexity(Math.Exp(loss)));
}
