using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace Reco.Workload.Retail;

/// <summary>
/// A retail CSV file, plain or gzip, after one look at all of its bytes: who it is, how its text is encoded, and that it is whole.
/// </summary>
/// <param name="Path">Where it is.</param>
/// <param name="Identity">
/// First 12 hex digits of the SHA-256 of its decompressed content: the same for a copy under another name or compressed otherwise,
/// another for anything else. Event ids and progress files carry it.
/// </param>
/// <param name="Encoding">UTF-8 when every byte fits it, else Latin-1, which common copies of the data set use.</param>
/// <param name="IsGzip">Told by its first bytes, not by its name.</param>
/// <param name="Bytes">Decompressed size.</param>
public sealed record RetailFile(string Path, string Identity, Encoding Encoding, bool IsGzip, long Bytes)
{
    private const int IdentityDigits = 12;
    private const int BufferBytes = 128 * 1024;

    /// <summary>Reads the file once.</summary>
    /// <exception cref="RetailFormatException">It is missing, empty, truncated, damaged, or another kind of file.</exception>
    public static RetailFile Inspect(string path, CancellationToken cancellationToken = default)
    {
        try
        {
            var isGzip = IsGzipFile(path);
            using var content = OpenContent(path, isGzip);
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var utf8 = new Utf8Check();
            var buffer = new byte[BufferBytes];
            var bytes = 0L;
            while (content.Read(buffer) is var read and > 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                hash.AppendData(buffer, 0, read);
                utf8.Add(buffer.AsSpan(0, read));
                bytes += read;
            }

            if (isGzip)
            {
                CheckGzipLength(path, bytes);
            }

            return bytes == 0
                ? throw new RetailFormatException($"{path} is empty; expected a CSV file with a header line.")
                : new RetailFile(
                    path,
                    Convert.ToHexStringLower(hash.GetHashAndReset())[..IdentityDigits],
                    utf8.IsValid ? Encoding.UTF8 : Encoding.Latin1,
                    isGzip,
                    bytes);
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException)
        {
            throw new RetailFormatException($"{path} cannot be read: {fault.Message}", fault);
        }
        catch (InvalidDataException fault)
        {
            throw new RetailFormatException($"{path} is a damaged or truncated gzip file; fetch it again. ({fault.Message})", fault);
        }
    }

    /// <summary>The decompressed bytes.</summary>
    public Stream OpenContent() => OpenContent(Path, IsGzip);

    private static Stream OpenContent(string path, bool isGzip)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, BufferBytes, FileOptions.SequentialScan);
        return isGzip ? new GZipStream(file, CompressionMode.Decompress) : file;
    }

    private static bool IsGzipFile(string path)
    {
        Span<byte> magic = stackalloc byte[4];
        using var file = File.OpenRead(path);
        var read = file.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false);
        if (read == 4 && magic.SequenceEqual("PK\u0003\u0004"u8))
        {
            throw new RetailFormatException($"{path} is a zip or xlsx file; export its sheet as CSV first.");
        }

        return read >= 2 && magic[0] == 0x1f && magic[1] == 0x8b;
    }

    /// <summary>
    /// The last four bytes of a gzip member are its length modulo 2^32 (RFC 1952); a stream cut short does not always fail by itself.
    /// A file of several members states only the last one's length, which cannot exceed the whole.
    /// </summary>
    private static void CheckGzipLength(string path, long bytes)
    {
        Span<byte> trailer = stackalloc byte[4];
        using var file = File.OpenRead(path);
        if (file.Length >= 18)
        {
            file.Seek(-4, SeekOrigin.End);
            file.ReadExactly(trailer);
            var stated = System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(trailer);
            if (stated == (uint)bytes || stated < bytes)
            {
                return;
            }
        }

        throw new InvalidDataException("its content is shorter than its trailer says");
    }

    /// <summary>Whether bytes that come in pieces are UTF-8.</summary>
    private sealed class Utf8Check
    {
        private readonly Decoder _decoder = new UTF8Encoding(false, throwOnInvalidBytes: true).GetDecoder();
        private readonly char[] _scratch = new char[BufferBytes + 4];

        public bool IsValid { get; private set; } = true;

        public void Add(ReadOnlySpan<byte> bytes)
        {
            if (!IsValid)
            {
                return;
            }

            try
            {
                _decoder.GetChars(bytes, _scratch, flush: false);
            }
            catch (DecoderFallbackException)
            {
                IsValid = false;
            }
        }
    }
}
