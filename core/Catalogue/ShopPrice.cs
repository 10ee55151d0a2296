namespace Reco.Core.Catalogue;

/// <summary>Prices as a shop writes them.</summary>
public static class ShopPrice
{
    /// <summary>
    /// The nearest price of the shop's ladder, which never falls as the amount rises: below 10 in steps of 0.50 ending .49 or .99;
    /// below 100 whole numbers less 0.01 or, at every fifth, less 0.05; below 500 ending 4.00 or 9.00 (100 itself stays); above that
    /// tens less 0.01 (1,304 is 1,299.99).
    /// </summary>
    /// <param name="amount">Any amount; never below 0.49 once rounded.</param>
    public static decimal Round(double amount)
    {
        if (double.IsNaN(amount) || amount < 0 || amount > (double)ProductRules.PriceMax)
        {
            throw new ArgumentOutOfRangeException(nameof(amount), amount, "A price is between 0 and 1,000,000.");
        }

        return amount switch
        {
            < 10 => Math.Max(Nearest(amount, 0.5m), 0.5m) - 0.01m,
            < 100 => Nearest(amount, 1m) is var whole && whole > 10 && whole % 5 == 0 ? whole - 0.05m : whole - 0.01m,
            < 500 => Math.Max(Nearest(amount, 5m) - 1m, 100m),
            _ => Nearest(amount, 10m) - 0.01m,
        };
    }

    private static decimal Nearest(double amount, decimal step) =>
        Math.Round((decimal)amount / step, MidpointRounding.AwayFromZero) * step;
}
