using LowRank.Generator.Diagnostics;
using LowRank.Generator.Model;

namespace LowRank.Generator.Checks;

/// <summary>An argument that means nothing where it stands.</summary>
internal static class IdleOption
{
    public static Finding Of(Target target, string owner, string reason) =>
        Finding.Of(ClassRules.IdleOption, target, target.Argument!, target.Attribute!, owner, reason) with
        {
            IsRemovable = true,
        };
}
