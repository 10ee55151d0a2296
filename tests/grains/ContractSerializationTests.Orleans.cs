using System.Reflection;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Reco.GrainInterfaces;
using Reco.Grains.Model;

namespace Reco.Grains.Tests;

/// <summary>
/// Every contract through Orleans' own serializer: a member without its [Id] would come back empty. Orleans only: the local host passes references.
/// </summary>
public sealed class ContractSerializationTests
{
    private static readonly Dictionary<string, Type> Contracts = new[] { typeof(IUserGrain), typeof(AlsState) }
        .SelectMany(type => type.Assembly.GetTypes())
        .Where(type => type.IsDefined(typeof(GenerateSerializerAttribute)))
        .ToDictionary(type => type.Name);

    public static TheoryData<string> Names => [.. Contracts.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void RoundTrip_EveryMemberSet_ComesBackEqual(string name)
    {
        using var services = new ServiceCollection().AddSerializer().BuildServiceProvider();
        var serializer = services.GetRequiredService<Serializer>();
        var next = 1;
        var sent = Fill(Contracts[name], ref next);

        var received = serializer.Deserialize<object>(serializer.SerializeToArray(sent));

        Assert.IsType(Contracts[name], received);
        Assert.Equal(Describe(sent), Describe(received));
        Assert.NotEqual(Describe(sent), Describe(Empty(Contracts[name])));
    }

    private static string Describe(object value) => JsonSerializer.Serialize(value, value.GetType());

    private static object Empty(Type type) => Activator.CreateInstance(type)!;

    /// <summary>A value of the type with no member at its default, each different from the others.</summary>
    private static object Fill(Type type, ref int next)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        next++;
        if (type.IsEnum)
        {
            return Enum.GetValues(type).GetValue(1)!;
        }

        if (type.IsArray)
        {
            var array = Array.CreateInstance(type.GetElementType()!, 2);
            array.SetValue(Fill(type.GetElementType()!, ref next), 0);
            array.SetValue(Fill(type.GetElementType()!, ref next), 1);
            return array;
        }

        return type == typeof(string) ? $"text {next} é"
            : type == typeof(bool) ? true
            : type == typeof(byte) ? (byte)next
            : type == typeof(int) ? next
            : type == typeof(long) ? long.MaxValue - next
            : type == typeof(float) ? next + 0.5f
            : type == typeof(double) ? next + 0.25
            : type == typeof(decimal) ? next + 0.01m
            : type == typeof(DateTimeOffset) ? DateTimeOffset.UnixEpoch.AddMinutes(next)
            : FillMembers(type, ref next);
    }

    private static object FillMembers(Type type, ref int next)
    {
        var value = Empty(type);
        foreach (var property in type.GetProperties().Where(property => property.CanWrite))
        {
            // A switch that is on by default is told from a lost one by being off.
            var filled = property.PropertyType == typeof(bool) ? !(bool)property.GetValue(value)! : Fill(property.PropertyType, ref next);
            property.SetValue(value, filled);
        }

        return value;
    }
}
