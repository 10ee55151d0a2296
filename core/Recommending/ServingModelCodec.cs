using System.Runtime.InteropServices;
using System.Text;
using Reco.Core.Als;

namespace Reco.Core.Recommending;

/// <summary>A serving model as bytes, exact to the bit.</summary>
public static class ServingModelCodec
{
    private const byte FormatVersion = 1;

    /// <summary>The bytes.</summary>
    public static byte[] Encode(ServingModel model)
    {
        using var buffer = new MemoryStream();
        using var writer = new BinaryWriter(buffer, Encoding.UTF8);
        var parameters = model.Items.Parameters;
        writer.Write(FormatVersion);
        writer.Write(model.Version);
        writer.Write(model.Items.Count);
        writer.Write(model.Items.Factors);
        writer.Write(parameters.UnobservedWeight);
        writer.Write(parameters.Regularization);
        writer.Write(parameters.RegularizationExponent);
        writer.Write((int)parameters.Confidence.Shape);
        writer.Write(parameters.Confidence.Alpha);
        writer.Write(parameters.Confidence.Scale);
        foreach (var id in model.ProductIds)
        {
            writer.Write(id);
        }

        writer.Write(MemoryMarshal.AsBytes(model.Items.Values));
        writer.Flush();
        return buffer.ToArray();
    }

    /// <summary>Back from <see cref="Encode"/>.</summary>
    /// <exception cref="InvalidDataException">The bytes are not that.</exception>
    public static ServingModel Decode(byte[] bytes)
    {
        try
        {
            using var reader = new BinaryReader(new MemoryStream(bytes, writable: false), Encoding.UTF8);
            if (reader.ReadByte() is var format && format != FormatVersion)
            {
                throw new InvalidDataException($"a model of format {format}; this program reads format {FormatVersion}");
            }

            var version = reader.ReadInt64();
            var items = reader.ReadInt32();
            var factors = reader.ReadInt32();
            if (items < 0 || factors <= 0 || (long)items * factors * sizeof(float) > bytes.Length)
            {
                throw new InvalidDataException($"a model of {items} items of {factors} factors does not fit into {bytes.Length} bytes");
            }

            var parameters = new FoldInParameters(
                reader.ReadDouble(),
                reader.ReadDouble(),
                reader.ReadDouble(),
                new ConfidenceFunction((ConfidenceShape)reader.ReadInt32(), reader.ReadDouble(), reader.ReadDouble()));
            var ids = new string[items];
            for (var i = 0; i < items; i++)
            {
                ids[i] = reader.ReadString();
            }

            var values = new float[items * factors];
            reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()));
            if (reader.BaseStream.Position != bytes.Length)
            {
                throw new InvalidDataException("there are bytes behind the model");
            }

            return new ServingModel(version, ids, new ItemFactors(items, factors, values, parameters));
        }
        catch (Exception broken) when (broken is EndOfStreamException or FormatException or ArgumentException)
        {
            throw new InvalidDataException($"the model cannot be read: {broken.Message}", broken);
        }
    }
}
