namespace Reco.Core.Catalogue.Seeds;

internal static partial class SeedPlans
{
    private static CategoryPlan Sports() => new(
        "Sports & Outdoors",
        10,
        ["Ridgeback", "Altavia", "Stormfell", "Paceline", "Tundra Works", "Corvid", "Bluepeak", "Ironvale", "Swiftwater",
         "Granitt", "Hexa Sport", "Wayfarer & Sons"],
        ["Trek", "Summit", "Sprint", "Ascent", "Glide", "Terrain", "Pro", "Velocity", "Basecamp", "Current", "Ridge", "Core"],
        [
            new("Backpack", 84, 0.45, ["Hiking", "Commuter", "Waterproof", "Running"], ["18 l", "25 l", "35 l", "55 l"]),
            new("Tent", 210, 0.5, ["2-Person", "3-Person", "4-Person", "Ultralight"], ["Green", "Orange", "Grey", "Sand"]),
            new("Sleeping Bag", 95, 0.5, ["Down", "3-Season", "Summer", "Winter"], ["Regular", "Long", "Wide"]),
            new("Yoga Mat", 34, 0.4, ["Non-Slip", "Cork", "Travel", "Extra-Thick"], Colours),
            new("Running Shoes", 112, 0.35, ["Trail", "Road", "Cushioned", "Racing"], ["White", "Black", "Blue", "Volt"]),
            new("Water Bottle", 21, 0.4, ["Insulated", "Steel", "Collapsible", "Filter"], ["500 ml", "750 ml", "1 l"]),
            new("Dumbbell Set", 88, 0.6, ["Adjustable", "Hex", "Neoprene", "Cast Iron"], ["2 x 5 kg", "2 x 10 kg", "2 x 20 kg"]),
            new("Bicycle Helmet", 62, 0.45, ["Road", "Urban", "Mountain", "Kids"], ["Small", "Medium", "Large"]),
            new("Bicycle", 740, 0.5, ["Gravel", "City", "Mountain", "Electric"], ["Small", "Medium", "Large"]),
            new("Headlamp", 36, 0.4, ["Rechargeable", "Waterproof", "Trail", "Compact"], Finishes),
            new("Football", 26, 0.4, ["Match", "Training", "Indoor", "Street"], ["Size 3", "Size 4", "Size 5"]),
        ],
        Numbered: true);
}
