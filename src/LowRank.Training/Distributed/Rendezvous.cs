using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace LowRank.Training.Distributed;

/// <summary>Where rank 0 can be reached, and what those who may speak with it know.</summary>
/// <param name="Places">Addresses or names with ports, the likeliest first.</param>
/// <param name="Key">Known to the ranks of this job alone; 32 bytes.</param>
internal sealed record Rendezvous(IReadOnlyList<(string Host, int Port)> Places, byte[] Key)
{
    /// <summary>
    /// Bytes of <see cref="ToBytes"/>, the same for all ranks, so that they can be exchanged before anything else is known.
    /// </summary>
    public const int Bytes = 2048;

    /// <summary>Bytes of a key.</summary>
    public const int KeyBytes = 32;

    // A launcher's agent may listen on the port that the variables name; the next one may be anybody's.
    private const int PortsTried = 8;

    /// <summary>Opens a door for the other ranks at a port that is free.</summary>
    /// <param name="isLocal">Whether all ranks are on this machine: nobody else is listened to then.</param>
    public static (Rendezvous Place, Socket Door) Open(bool isLocal)
    {
        var door = Listen(isLocal, 0);
        var port = ((IPEndPoint)door.LocalEndPoint!).Port;
        var hosts = isLocal ? [IPAddress.Loopback.ToString()] : Addresses().Append(Dns.GetHostName());
        return (new Rendezvous([.. hosts.Select(host => (host, port))], RandomNumberGenerator.GetBytes(KeyBytes)), door);
    }

    /// <summary>Where rank 0 is by the launcher's variables alone. Its key is made of what the job's processes are told: strangers don't
    /// come in by mistake, but who knows the job's settings can.</summary>
    /// <exception cref="InputException">The launcher names no place.</exception>
    public static Rendezvous Of(Launcher launcher)
    {
        if (launcher.Meeting is not var (host, port))
        {
            throw new InputException(
                $"MASTER_ADDR and MASTER_PORT don't say where rank 0 is. {launcher.Program} or the script that calls it sets them: a machine's name, and a port that is free there."
            );
        }

        return new Rendezvous(
            [.. Enumerable.Range(1, PortsTried).Select(add => (host, ((port - 1 + add) % ushort.MaxValue) + 1))],
            SHA256.HashData(Encoding.UTF8.GetBytes(launcher.JobMark))
        );
    }

    /// <summary>Opens a door at the first of the places whose port is free here.</summary>
    /// <param name="isLocal">Whether all ranks are on this machine.</param>
    /// <exception cref="InputException">None is.</exception>
    public Socket OpenHere(bool isLocal)
    {
        foreach (var (_, port) in Places)
        {
            try
            {
                return Listen(isLocal, port);
            }
            catch (SocketException)
            {
                // Somebody else's.
            }
        }

        throw new InputException(
            string.Create(
                CultureInfo.InvariantCulture,
                $"Rank 0 can't listen: the ports {Places[0].Port} to {Places[^1].Port}, those beside MASTER_PORT, are all taken. Choose another MASTER_PORT."
            )
        );
    }

    /// <summary>As it is passed on: key, number of places, their ports and names, zeros.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[Bytes];
        Key.CopyTo(bytes, 0);
        var at = KeyBytes + 1;
        foreach (var (host, port) in Places)
        {
            var name = Encoding.UTF8.GetBytes(host);
            if (name.Length > byte.MaxValue || at + name.Length + 3 > Bytes || bytes[KeyBytes] == byte.MaxValue)
                continue;
            BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(at), (ushort)port);
            bytes[at + 2] = (byte)name.Length;
            name.CopyTo(bytes, at + 3);
            at += name.Length + 3;
            bytes[KeyBytes]++;
        }

        return bytes;
    }

    /// <summary>Reads what <see cref="ToBytes"/> has written.</summary>
    public static Rendezvous From(ReadOnlySpan<byte> bytes)
    {
        var places = new List<(string, int)>();
        var at = KeyBytes + 1;
        for (var count = bytes[KeyBytes]; count > 0; count--)
        {
            int port = BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);
            var length = bytes[at + 2];
            places.Add((Encoding.UTF8.GetString(bytes.Slice(at + 3, length)), port));
            at += length + 3;
        }

        return new Rendezvous(places, bytes[..KeyBytes].ToArray());
    }

    private static Socket Listen(bool isLocal, int port)
    {
        Socket Bound(AddressFamily family, IPAddress address)
        {
            var socket = new Socket(family, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                if (family == AddressFamily.InterNetworkV6)
                    socket.DualMode = true;
                socket.Bind(new IPEndPoint(address, port));
                socket.Listen(1024);
                return socket;
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }

        if (isLocal)
            return Bound(AddressFamily.InterNetwork, IPAddress.Loopback);
        return Socket.OSSupportsIPv6
            ? Bound(AddressFamily.InterNetworkV6, IPAddress.IPv6Any)
            : Bound(AddressFamily.InterNetwork, IPAddress.Any);
    }

    private static IEnumerable<string> Addresses() =>
        NetworkInterface
            .GetAllNetworkInterfaces()
            .Where(one => one.OperationalStatus == OperationalStatus.Up && one.NetworkInterfaceType != NetworkInterfaceType.Loopback)
            .SelectMany(one => one.GetIPProperties().UnicastAddresses)
            .Select(one => one.Address)
            .Where(address => !IPAddress.IsLoopback(address) && !address.IsIPv6LinkLocal)
            .OrderBy(address => address.AddressFamily == AddressFamily.InterNetwork ? 0 : 1)
            .Select(address => address.ToString());
}
