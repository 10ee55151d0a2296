namespace Reco.Core.Catalogue.Seeds;

internal static partial class SeedPlans
{
    private static CategoryPlan HomeAndKitchen() => new(
        "Home & Kitchen",
        12,
        ["Hearthly", "Brindle & Oak", "Casamere", "Ovenbird", "Nordhus", "Pavilo", "Copperlane", "Maison Tilde", "Stillwater",
         "Fernhollow", "Kettlewick", "Domara"],
        ["Heritage", "Everyday", "Terra", "Linden", "Harbour", "Studio", "Solstice", "Classic", "Rustica", "Halo", "Juniper",
         "Mira"],
        [
            new("Frying Pan", 38, 0.45, ["Non-Stick", "Cast Iron", "Ceramic", "Copper"], ["20 cm", "24 cm", "28 cm", "30 cm"]),
            new("Coffee Machine", 190, 0.7, ["Espresso", "Filter", "Bean-to-Cup", "Capsule"], Finishes),
            new("Kettle", 48, 0.4, ["Electric", "Gooseneck", "Glass", "Whistling"], Finishes),
            new("Knife Set", 85, 0.6, ["Chef's", "Steak", "Japanese", "Stainless"], ["3-Piece", "5-Piece", "6-Piece", "8-Piece"]),
            new("Mug", 11, 0.35, ["Stoneware", "Porcelain", "Enamel", "Hand-Glazed"], Colours),
            new("Blender", 79, 0.5, ["Hand", "Jug", "Personal", "Quiet"], Finishes),
            new("Bed Linen", 62, 0.4, ["Cotton", "Linen", "Bamboo", "Flannel"], ["Single", "Double", "King", "Super King"]),
            new("Towel Set", 34, 0.4, ["Turkish Cotton", "Waffle", "Organic", "Quick-Dry"], Colours),
            new("Table Lamp", 54, 0.5, ["Brass", "Ceramic", "Dimmable", "Rattan"], Colours),
            new("Storage Basket", 22, 0.4, ["Seagrass", "Felt", "Wire", "Jute"], ["Small", "Medium", "Large", "Set of 3"]),
            new("Vacuum Cleaner", 240, 0.5, ["Cordless", "Robot", "Upright", "Handheld"], Finishes),
            new("Cushion", 21, 0.4, ["Velvet", "Linen", "Knitted", "Embroidered"], Colours),
        ]);
}
