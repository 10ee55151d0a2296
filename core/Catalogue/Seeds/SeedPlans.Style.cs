namespace Reco.Core.Catalogue.Seeds;

internal static partial class SeedPlans
{
    private static CategoryPlan Fashion() => new(
        "Fashion",
        12,
        ["Marlow & Finch", "Velora", "Threadwell", "Ostra", "Calden", "Ivy Lane", "Bravari", "Noor Atelier", "Saltmarsh",
         "Kinfolk Row", "Tessaly", "Dunmore"],
        ["Essential", "Weekend", "Atelier", "Coast", "Heritage", "Modern", "Soho", "Trail", "Signature", "Archive", "Breeze",
         "Nord"],
        [
            new("T-Shirt", 19, 0.4, ["Organic Cotton", "Slim-Fit", "Relaxed", "Striped", "V-Neck"], Colours),
            new("Jeans", 64, 0.4, ["Slim", "Straight", "Wide-Leg", "High-Rise"], ["Indigo", "Black", "Stone Wash", "Ecru"]),
            new("Dress", 72, 0.5, ["Linen", "Wrap", "Midi", "Pleated", "Floral"], Colours),
            new("Jacket", 129, 0.5, ["Quilted", "Denim", "Waxed", "Rain", "Leather"], Colours),
            new("Trainers", 85, 0.4, ["Canvas", "Leather", "Running", "Retro"], ["White", "Black", "Navy", "Grey", "Sand"]),
            new("Boots", 139, 0.4, ["Chelsea", "Hiking", "Ankle", "Suede"], ["Black", "Brown", "Tan", "Oxblood"]),
            new("Sweater", 68, 0.45, ["Merino", "Cashmere", "Cable-Knit", "Crew-Neck"], Colours),
            new("Scarf", 32, 0.5, ["Wool", "Silk", "Cashmere", "Checked"], Colours),
            new("Handbag", 110, 0.6, ["Leather", "Canvas", "Crossbody", "Tote"], ["Black", "Tan", "Burgundy", "Cream"]),
            new("Wristwatch", 165, 0.6, ["Automatic", "Minimalist", "Chronograph", "Field"], ["Steel", "Gold", "Black", "Brown Leather"]),
            new("Sunglasses", 79, 0.5, ["Polarised", "Round", "Aviator", "Square"], ["Tortoise", "Black", "Clear", "Gold"]),
        ]);

    private static CategoryPlan Beauty() => new(
        "Beauty & Care",
        9,
        ["Alba Verde", "Lumière & Sel", "Dewfield", "Botanika", "Ondine", "Purelle", "Rosewick", "Miravie", "Seaglass", "Calma",
         "Hanbit", "Wild Thistle"],
        ["Hydra", "Glow", "Calm", "Botanic", "Silk", "Pure", "Radiance", "Velvet", "Marine", "Oat & Honey", "Camellia", "Daily"],
        [
            new("Face Cream", 29, 0.6, ["Moisturising", "Anti-Ageing", "Day", "Night"], ["30 ml", "50 ml", "75 ml"]),
            new("Serum", 34, 0.5, ["Vitamin C", "Hyaluronic", "Retinol", "Niacinamide"], ["15 ml", "30 ml", "50 ml"]),
            new("Shampoo", 13, 0.4, ["Repair", "Volume", "Anti-Dandruff", "Colour-Care"], ["250 ml", "400 ml", "1 l"]),
            new("Hand Soap", 8, 0.3, ["Foaming", "Lavender", "Lemon", "Unscented"], ["250 ml", "500 ml", "Refill 1 l"]),
            new("Perfume", 74, 0.5, ["Citrus", "Woody", "Floral", "Amber"], ["30 ml", "50 ml", "100 ml"]),
            new("Lipstick", 18, 0.4, ["Matte", "Satin", "Long-Wear", "Sheer"], ["Rosewood", "Coral", "Classic Red", "Nude", "Plum"]),
            new("Sunscreen", 17, 0.35, ["SPF 30", "SPF 50", "Mineral", "Sport"], ["50 ml", "150 ml", "200 ml"]),
            new("Electric Toothbrush", 89, 0.5, ["Sonic", "Travel", "Whitening", "Kids"], Finishes),
            new("Hair Dryer", 78, 0.6, ["Ionic", "Travel", "Salon", "Quiet"], Finishes),
            new("Razor", 26, 0.5, ["Safety", "Electric", "Five-Blade", "Sensitive"], Finishes),
        ]);
}
