using System.ComponentModel.DataAnnotations;
using Reco.Core.Trending;
using Reco.Core.Windows;

namespace Reco.Core.Profiles;

/// <summary>What profiles need of the options, worked out once and shared by all of them.</summary>
public sealed class ProfileRules
{
    /// <summary>From valid options.</summary>
    /// <exception cref="ValidationException">Some are not valid.</exception>
    public ProfileRules(
        WindowOptions window, TrendingOptions trending, PopularityOptions popularity, HistoryOptions history, int kinds)
    {
        UserWindow = new WindowShape(window, kinds, countUsers: false);
        ProductWindow = new WindowShape(window, kinds, countUsers: true);
        ThrowUnlessValid(trending);
        ThrowUnlessValid(popularity);
        ThrowUnlessValid(history);
        Kinds = kinds;
        ShortHalfLifeMs = trending.ShortHalfLife.TotalMilliseconds;
        LongHalfLifeMs = trending.BaselineHalfLife.TotalMilliseconds;
        PopularityHalfLifeMs = popularity.HalfLife.TotalMilliseconds;
        History = history;
    }

    /// <summary>Kinds of event.</summary>
    public int Kinds { get; }

    /// <summary>The window of a user: no distinct users.</summary>
    public WindowShape UserWindow { get; }

    /// <summary>The window of a product: with distinct users.</summary>
    public WindowShape ProductWindow { get; }

    /// <summary>Half-life of "now" for trends.</summary>
    public double ShortHalfLifeMs { get; }

    /// <summary>Half-life of the baseline for trends.</summary>
    public double LongHalfLifeMs { get; }

    /// <summary>Half-life of popularity.</summary>
    public double PopularityHalfLifeMs { get; }

    /// <summary>The limits of a history.</summary>
    public HistoryOptions History { get; }

    private static void ThrowUnlessValid(object options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Validator.ValidateObject(options, new ValidationContext(options), validateAllProperties: true);
    }
}
