using System.Buffers.Binary;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace LowRank.Training.Distributed;

/// <summary>
/// How a connection begins: each side proves that it knows the job's key without saying it, by a keyed hash of both sides' random numbers.
/// </summary>
internal static class Handshake
{
    private const int NumberBytes = 32;
    private const int ProofBytes = 32;

    private static ReadOnlySpan<byte> Greeting => "LowRank\u0001"u8;

    /// <summary>The side of a rank that comes.</summary>
    /// <exception cref="InvalidDataException">Who listens there isn't rank 0 of this job.</exception>
    public static void Greet(Socket socket, byte[] key, int rank, string host)
    {
        var hello = new byte[Greeting.Length + sizeof(int) + NumberBytes];
        Greeting.CopyTo(hello);
        BinaryPrimitives.WriteInt32LittleEndian(hello.AsSpan(Greeting.Length), rank);
        RandomNumberGenerator.Fill(hello.AsSpan(Greeting.Length + sizeof(int)));
        Send(socket, hello);

        var answer = Receive(socket, NumberBytes + ProofBytes);
        var number = answer[..NumberBytes];
        if (!CryptographicOperations.FixedTimeEquals(answer.AsSpan(NumberBytes), Proof(key, 0, hello, number)))
            throw new InvalidDataException("Not rank 0 of this job.");

        var name = Encoding.UTF8.GetBytes(host);
        var length = Math.Min(name.Length, byte.MaxValue);
        Send(socket, [.. Proof(key, 1, hello, number), (byte)length, .. name.AsSpan(0, length)]);
    }

    /// <summary>The side of rank 0.</summary>
    /// <returns>Who has come.</returns>
    /// <exception cref="InvalidDataException">Not a rank of this job.</exception>
    public static (int Rank, string Host) Admit(Socket socket, byte[] key)
    {
        var hello = Receive(socket, Greeting.Length + sizeof(int) + NumberBytes);
        if (!hello.AsSpan().StartsWith(Greeting))
            throw new InvalidDataException("Not a rank.");
        var number = RandomNumberGenerator.GetBytes(NumberBytes);
        Send(socket, [.. number, .. Proof(key, 0, hello, number)]);
        if (!CryptographicOperations.FixedTimeEquals(Receive(socket, ProofBytes), Proof(key, 1, hello, number)))
            throw new InvalidDataException("Not a rank of this job.");
        var host = Encoding.UTF8.GetString(Receive(socket, Receive(socket, 1)[0]));
        return (BinaryPrimitives.ReadInt32LittleEndian(hello.AsSpan(Greeting.Length)), host);
    }

    private static byte[] Proof(byte[] key, byte side, byte[] hello, byte[] number) =>
        HMACSHA256.HashData(key, (byte[])[side, .. hello, .. number]);

    private static void Send(Socket socket, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
            bytes = bytes[socket.Send(bytes)..];
    }

    private static byte[] Receive(Socket socket, int count)
    {
        var bytes = new byte[count];
        for (var at = 0; at < count; )
        {
            var received = socket.Receive(bytes.AsSpan(at));
            if (received == 0)
                throw new InvalidDataException("The connection was closed.");
            at += received;
        }

        return bytes;
    }
}
