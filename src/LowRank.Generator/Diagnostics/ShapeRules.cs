using Microsoft.CodeAnalysis;

namespace LowRank.Generator.Diagnostics;

/// <summary>LRK02xx: rules about sizes and how they fit together.</summary>
internal static class ShapeRules
{
    public static readonly DiagnosticDescriptor SizeNotPositive = Rule.Error(
        "LRK0201",
        "Shape",
        "Size is not positive",
        "{0} of '{1}' is {2}; it must be at least 1");

    public static readonly DiagnosticDescriptor HeadsDivideWidth = Rule.Error(
        "LRK0202",
        "Shape",
        "Heads do not divide the width",
        "Width {0} does not divide into {1} heads; use a divisor such as {2}, or give HeadSize");

    public static readonly DiagnosticDescriptor KeyValueHeadsDivideHeads = Rule.Error(
        "LRK0203",
        "Shape",
        "Key/value heads do not divide the heads",
        "{0} heads do not divide into groups for {1} key/value heads; use a divisor of {0} such as {2}");

    public static readonly DiagnosticDescriptor RotarySize = Rule.Error(
        "LRK0204",
        "Shape",
        "Rotary size is odd",
        "Rotary positions turn pairs of elements, but head size {0} × fraction {1} gives {2} of them; the rotated size must be even and at least 2");

    public static readonly DiagnosticDescriptor RotaryFraction = Rule.Error(
        "LRK0205",
        "Shape",
        "Rotary fraction is out of range",
        "RotaryFraction is {0}; it must lie in (0, 1]");

    public static readonly DiagnosticDescriptor PositiveNumber = Rule.Error(
        "LRK0206",
        "Shape",
        "Number is not positive and finite",
        "{0} is {1}; it must be positive and finite");

    public static readonly DiagnosticDescriptor UndefinedEnum = Rule.Error(
        "LRK0207",
        "Shape",
        "Value is not one of the enum's",
        "{0} is {1}, which is no value of {2}; use one of {3}");
}
