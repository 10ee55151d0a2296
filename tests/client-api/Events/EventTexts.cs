using System.Globalization;

namespace Reco.ClientApi.Tests.Events;

/// <summary>Events as clients send them.</summary>
internal static class EventTexts
{
    public static string View(int number, string user = "u-1", string timestamp = "2026-01-05T11:59:00Z") =>
        string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"event_id":"e-{{number}}","user_id":"{{user}}","product_id":"p-{{number}}","event_type":"view","timestamp":"{{timestamp}}"}""");

    public static string List(int count) => $"[{string.Join(",", Enumerable.Range(0, count).Select(number => View(number)))}]";
}
