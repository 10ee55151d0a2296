namespace Reco.Core.Catalogue.Seeds;

internal static partial class SeedPlans
{
    private static CategoryPlan Grocery() => new(
        "Grocery",
        8,
        ["Millstone", "Olivar", "Bramble Hill", "Casa Perla", "Highmoor", "Tea & Tern", "Solana", "Barley Row", "Cacaoro",
         "Hoshina", "Goodfield", "Old Quay"],
        ["Organic", "Reserve", "Farmhouse", "Everyday", "Single Estate", "Wholefood", "Fairtrade", "Traditional", "Select",
         "Sunrise", "Stoneground", "Market"],
        [
            new("Coffee Beans", 12, 0.35, ["Espresso", "Medium Roast", "Dark Roast", "Decaf"], ["250 g", "500 g", "1 kg"]),
            new("Tea", 7, 0.35, ["Earl Grey", "Green", "Camomile", "English Breakfast", "Rooibos"], ["20 Bags", "50 Bags", "100 g Loose"]),
            new("Olive Oil", 14, 0.4, ["Extra Virgin", "Cold-Pressed", "Lemon", "Garlic"], ["250 ml", "500 ml", "1 l"]),
            new("Dark Chocolate", 4.5, 0.3, ["70%", "85%", "Sea Salt", "Orange", "Hazelnut"], ["80 g", "100 g", "Box of 6"]),
            new("Pasta", 3, 0.3, ["Penne", "Spaghetti", "Fusilli", "Gluten-Free"], ["500 g", "1 kg"]),
            new("Honey", 8.5, 0.35, ["Wildflower", "Acacia", "Manuka", "Heather"], ["227 g", "340 g", "500 g"]),
            new("Granola", 6, 0.3, ["Almond", "Maple", "Berry", "Cocoa"], ["400 g", "750 g"]),
            new("Hot Sauce", 5.5, 0.3, ["Smoky", "Habanero", "Mango", "Green Chilli"], ["100 ml", "150 ml", "250 ml"]),
            new("Jam", 4.8, 0.25, ["Strawberry", "Apricot", "Blackcurrant", "Fig"], ["225 g", "340 g"]),
            new("Nuts", 9, 0.4, ["Roasted Almond", "Cashew", "Mixed", "Pistachio"], ["200 g", "500 g", "1 kg"]),
        ]);

    private static CategoryPlan Garden() => new(
        "Garden & DIY",
        8,
        ["Thornbury", "Greenacre", "Hammersmith & Daughters", "Verdant", "Torqo", "Spadework", "Ferro", "Mossgate", "Buildwell",
         "Rainlily", "Oakbench", "Drillhaus"],
        ["Max", "Evergreen", "Workshop", "Power", "Terrace", "Compact", "Pro", "Cottage", "Forge", "Rain", "Bench", "Site"],
        [
            new("Cordless Drill", 118, 0.45, ["12 V", "18 V", "Hammer", "Compact"], ["Body Only", "With 1 Battery", "With 2 Batteries"]),
            new("Lawn Mower", 265, 0.5, ["Cordless", "Petrol", "Robot", "Push"], ["32 cm", "38 cm", "42 cm"]),
            new("Garden Hose", 38, 0.4, ["Expandable", "Reinforced", "Soaker", "Flat"], ["15 m", "25 m", "50 m"]),
            new("Secateurs", 24, 0.4, ["Bypass", "Anvil", "Ratchet", "Left-Handed"], ["Red", "Green", "Black"]),
            new("Plant Pot", 17, 0.5, ["Terracotta", "Glazed", "Self-Watering", "Hanging"], ["15 cm", "20 cm", "30 cm", "40 cm"]),
            new("Tool Box", 46, 0.5, ["Steel", "Rolling", "Stackable", "Wooden"], ["Small", "Medium", "Large"]),
            new("Screwdriver Set", 27, 0.4, ["Precision", "Insulated", "Ratchet", "Magnetic"], ["6-Piece", "10-Piece", "32-Piece"]),
            new("Patio Set", 420, 0.5, ["Rattan", "Teak", "Aluminium", "Folding"], ["2-Seat", "4-Seat", "6-Seat"]),
            new("Barbecue", 240, 0.6, ["Charcoal", "Gas", "Portable", "Kamado"], ["Black", "Red", "Steel"]),
            new("Seed Collection", 8, 0.3, ["Herb", "Wildflower", "Vegetable", "Salad"], ["6 Packets", "12 Packets", "20 Packets"]),
            new("Solar Lights", 29, 0.4, ["Path", "String", "Lantern", "Spot"], ["Pack of 4", "Pack of 8", "10 m"]),
        ],
        Numbered: true);
}
