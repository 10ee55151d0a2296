using System.ComponentModel.DataAnnotations;

namespace Reco.Core.Tests.Windows;

/// <summary>What is wrong with an options object, as the host will see it at start.</summary>
internal static class Options
{
    public static List<string> FaultyFields(object options)
    {
        var faults = new List<ValidationResult>();
        Validator.TryValidateObject(options, new ValidationContext(options), faults, validateAllProperties: true);
        return [.. faults.SelectMany(f => f.MemberNames)];
    }
}
