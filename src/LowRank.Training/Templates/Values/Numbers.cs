using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace LowRank.Training.Templates.Values;

/// <summary>Arithmetic as Python has it, in 64 bits: True is 1, whole numbers stay whole, what doesn't fit is refused.</summary>
internal static class Numbers
{
    /// <summary>Whether a value is a number or a truth value, and which as a real number.</summary>
    public static bool TryReal(object? value, out double number)
    {
        number = value switch
        {
            long whole => whole,
            double real => real,
            bool truth => truth ? 1 : 0,
            _ => double.NaN,
        };
        return value is long or double or bool;
    }

    /// <summary>Whether a value is a whole number or a truth value, and which.</summary>
    public static bool TryWhole(object? value, out long number)
    {
        number = value switch
        {
            long whole => whole,
            true => 1,
            _ => 0,
        };
        return value is long or bool;
    }

    /// <summary>A whole number or a truth value as a number.</summary>
    /// <exception cref="TemplateFault">It is something else.</exception>
    public static long Whole(object? value, string what = "a whole number") =>
        TryWhole(value, out var number) ? number : throw new TemplateFault($"{what} is needed, not a value of the type {Kinds.Of(value)}");

    /// <summary>A whole number within 32 bits, as indexes and widths are.</summary>
    /// <exception cref="TemplateFault">It is something else.</exception>
    public static int Small(object? value, string what = "a whole number") =>
        Whole(value, what) is var number && number is >= int.MinValue and <= int.MaxValue
            ? (int)number
            : throw new TemplateFault($"{what} is beyond 32 bits");

    /// <summary>Two numbers joined by an operator; false where the values are no numbers.</summary>
    public static bool TryJoin(string sign, object? left, object? right, [NotNullWhen(true)] out object? result)
    {
        result = null;
        if (!TryReal(left, out var a) || !TryReal(right, out var b))
            return false;
        try
        {
            result = TryWhole(left, out var m) && TryWhole(right, out var n) ? Join(sign, m, n) : Join(sign, a, b);
        }
        catch (OverflowException)
        {
            throw new TemplateFault("a number is beyond 64 bits");
        }

        return true;
    }

    // Cast one by one: together they would all become real numbers.
    private static object Join(string sign, long left, long right) =>
        sign switch
        {
            "+" => (object)checked(left + right),
            "-" => checked(left - right),
            "*" => checked(left * right),
            "/" => right == 0 ? throw Zero() : (object)(left / (double)right),
            "//" => right == 0 ? throw Zero() : (object)checked((left / right) - (left % right != 0 && (left < 0) != (right < 0) ? 1 : 0)),
            "%" => right == 0 ? throw Zero() : (object)(right == -1 ? 0 : ((left % right) + right) % right),
            _ => right < 0 ? (object)Math.Pow(left, right) : Power(left, right),
        };

    private static double Join(string sign, double left, double right) =>
        sign switch
        {
            "+" => left + right,
            "-" => left - right,
            "*" => left * right,
            "/" => right == 0 ? throw Zero() : left / right,
            "//" => right == 0 ? throw Zero() : Math.Floor(left / right),
            "%" => right == 0 ? throw Zero() : left - (right * Math.Floor(left / right)),
            _ => Math.Pow(left, right),
        };

    private static long Power(long number, long exponent)
    {
        var result = 1L;
        for (; exponent > 0; exponent >>= 1)
        {
            if ((exponent & 1) == 1)
                result = checked(result * number);
            if (exponent > 1)
                number = checked(number * number);
        }

        return result;
    }

    private static TemplateFault Zero() => new("something is divided by zero");

    /// <summary>A real number as Python writes it: the fewest digits that give it back, and always a point or an exponent.</summary>
    public static string Write(double value)
    {
        if (!double.IsFinite(value))
            return double.IsNaN(value) ? "nan"
                : value > 0 ? "inf"
                : "-inf";
        // These digits are the fewest; where the exponent begins differs.
        var shortest = value.ToString("R", CultureInfo.InvariantCulture);
        var exponent = value == 0 ? 0 : Exponent(shortest);
        var digits = Digits(shortest);
        var sign = shortest[0] == '-' ? "-" : "";
        if (exponent is < -4 or >= 16)
        {
            var fraction = digits.Length > 1 ? "." + digits[1..] : "";
            var size = Math.Abs(exponent).ToString("00", CultureInfo.InvariantCulture);
            return $"{sign}{digits[0]}{fraction}e{(exponent < 0 ? '-' : '+')}{size}";
        }

        if (exponent < 0)
            return $"{sign}0.{new string('0', -exponent - 1)}{digits}";
        var padded = digits.PadRight(exponent + 2, '0');
        return $"{sign}{padded[..(exponent + 1)]}.{padded[(exponent + 1)..]}";
    }

    // The significant digits, without zeros at either end.
    private static string Digits(string number)
    {
        var digits = number.Split('E')[0].Replace("-", "", StringComparison.Ordinal).Replace(".", "", StringComparison.Ordinal).Trim('0');
        return digits.Length == 0 ? "0" : digits;
    }

    private static int Exponent(string number)
    {
        var parts = number.Split('E');
        var written = parts.Length > 1 ? int.Parse(parts[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture) : 0;
        var mantissa = parts[0].TrimStart('-');
        var point = mantissa.IndexOf('.', StringComparison.Ordinal);
        var whole = point < 0 ? mantissa : mantissa[..point];
        if (whole.TrimStart('0').Length > 0)
            return written + whole.TrimStart('0').Length - 1;
        var fraction = mantissa[(point + 1)..];
        return written - (fraction.Length - fraction.TrimStart('0').Length) - 1;
    }
}
