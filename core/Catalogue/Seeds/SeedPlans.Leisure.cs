namespace Reco.Core.Catalogue.Seeds;

internal static partial class SeedPlans
{
    private static CategoryPlan Books() => new(
        "Books",
        9,
        ["Lantern House", "Greyfriar Press", "Paper Heron", "Meridian & Co", "Foxglove Books", "Third Tide", "Old Mill Press",
         "Northlight", "Inkwell Lane", "Saffron Door", "Tidewater", "Quarto Vale"],
        ["The Quiet", "The Last", "A Distant", "The Hidden", "Beyond the", "The Glass", "An Ordinary", "The Winter", "The Salt",
         "A Brief", "Letters from the", "The Long"],
        [
            new("A Novel", 12, 0.3, ["Harbour", "Orchard", "Lighthouse", "River", "Garden", "Summer", "Mountain", "Crossing"],
                ["Paperback", "Hardback", "Large Print"]),
            new("A Mystery", 11, 0.3, ["Witness", "Corridor", "Visitor", "Tide", "Cottage", "Alibi"],
                ["Paperback", "Hardback", "Large Print"]),
            new("Stories", 13, 0.3, ["Kitchen", "Island", "Night", "Road", "Window", "Market"], ["Paperback", "Hardback"]),
            new("A Cookbook", 24, 0.35, ["Table", "Harvest", "Bakery", "Larder", "Feast"], ["Hardback", "Paperback", "Gift Edition"]),
            new("A History", 22, 0.4, ["Empire", "Voyage", "Century", "Frontier", "Republic"], ["Hardback", "Paperback", "Illustrated"]),
            new("A Field Guide", 19, 0.3, ["Forest", "Coast", "Meadow", "Night Sky", "Birdsong"],
                ["Flexibound", "Hardback", "Pocket Edition"]),
            new("A Children's Story", 9, 0.25, ["Bear", "Dragon", "Moon", "Whale", "Balloon"], ["Picture Book", "Board Book", "Hardback"]),
        ])
    {
        TitleFirst = true,
    };

    private static CategoryPlan Toys() => new(
        "Toys & Games",
        9,
        ["Tumblewick", "Little Acorn", "Brickadoo", "Pips & Co", "Moonbeam", "Hullaballoo", "Kinderhaus", "Wobblebee",
         "Playforge", "Dicewright", "Marble Fox", "Jollity"],
        ["Discovery", "Adventure", "Junior", "Classic", "Wonder", "Safari", "Galaxy", "Woodland", "Mega", "Storytime", "Pirate",
         "Ocean"],
        [
            new("Building Set", 44, 0.6, ["120-Piece", "300-Piece", "600-Piece", "1,000-Piece"],
                ["Ages 4+", "Ages 6+", "Ages 8+", "Ages 12+"]),
            new("Board Game", 31, 0.4, ["Family", "Strategy", "Cooperative", "Party"], ["2-4 Players", "2-6 Players", "3-8 Players"]),
            new("Jigsaw Puzzle", 15, 0.35, ["100-Piece", "500-Piece", "1,000-Piece", "Floor"],
                ["Animals", "Map of the World", "Castle", "Harbour"]),
            new("Soft Toy", 18, 0.4, ["Bear", "Rabbit", "Elephant", "Dinosaur", "Otter"], ["Small", "Medium", "Large"]),
            new("Train Set", 56, 0.5, ["Wooden", "Electric", "Magnetic", "Starter"], ["Ages 3+", "Ages 5+", "Deluxe"]),
            new("Doll", 27, 0.4, ["Rag", "Talking", "Baby", "Fashion"], ["Rosa", "Mina", "Ada", "Noa"]),
            new("Remote Control Car", 49, 0.5, ["Off-Road", "Racing", "Stunt", "Rock-Crawler"], ["Red", "Blue", "Green", "Orange"]),
            new("Craft Kit", 19, 0.35, ["Jewellery", "Clay", "Origami", "Slime", "Candle"], ["Ages 5+", "Ages 7+", "Ages 9+"]),
            new("Card Game", 12, 0.3, ["Memory", "Bluffing", "Word", "Speed"], ["Travel Tin", "Standard", "Deluxe"]),
        ]);
}
