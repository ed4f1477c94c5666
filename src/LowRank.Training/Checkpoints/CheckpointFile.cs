using System.IO.Hashing;
using LowRank.Training.Files;

namespace LowRank.Training.Checkpoints;

/// <summary>A file of a checkpoint, as it was when it was written.</summary>
/// <param name="Name">Its name in the checkpoint's folder.</param>
/// <param name="Bytes">Its length in bytes.</param>
/// <param name="Hash">Its XXH128, in hexadecimal digits.</param>
internal sealed record CheckpointFile(string Name, long Bytes, string Hash)
{
    /// <summary>Describes a file.</summary>
    /// <param name="path">The file.</param>
    public static CheckpointFile Of(string path)
    {
        var hash = new XxHash128();
        SpecialFile.Refuse(path);
        using var stream = File.OpenRead(path);
        hash.Append(stream);
        return new CheckpointFile(Path.GetFileName(path), stream.Length, Convert.ToHexString(hash.GetCurrentHash()));
    }
}
